// C = op(A) op(B) + beta C for each replica, row-major, and what is then added to C or made of it: what a block does.
//
// A block computes a tile of C, of 128 by 128 or 64 by 64, with 256 threads; a thread has 8 by 8 or 4 by 4 numbers of it, in rows and
// columns 16 apart. A and B come in pieces 16 deep by asynchronous copies, one piece ahead, and lie in shared memory as they lie in
// memory, in rows padded so that the reads of a warp meet no bank twice. The finished tile goes through shared memory, so that rows are
// read and written 16 bytes at a time. Where k is cut (common/own_products.h), a block has one piece of it and leaves its tile in scratch;
// the last block of a tile adds the pieces in order.
//
// An element is one chain of fused multiply-adds in the order of k, or of each piece of it, whatever the tile, the replicas and the
// epilogue are: its bits depend on its row of op(A), its column of op(B) and the shape alone. Operations 2 m n k; bytes 4 m n k
// (1 / 128 + 1 / 128) from the L2 cache and, of what an epilogue adds or makes, 4 an element.
#pragma once
#include "cuda/activation.h"
#include "cuda/async_copy.h"
#include "cuda/own_product.h"
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em::gpu {

namespace product {
constexpr int SIDE = 16;  // threads in each direction
constexpr int THREADS = SIDE * SIDE;
constexpr int DEPTH = 16;
constexpr int PITCH = DEPTH + 4;  // of rows along k
constexpr int SLAB = 4;           // rows of a thread that are stored at once

struct Finish {
    View<float> bias, residual, positions, slope, activated;
    int64_t length;
    int32_t activation;
};

struct Product {
    View<float> a, b, c;
    int64_t replicas, m, n, k;
    float beta;
    bool a_by_fours, b_by_fours, c_by_fours;
    int64_t piece, pieces;  // multiply-adds of a piece of k, and how many pieces
    float* scratch;         // (replicas, pieces, m, n) where there are several
    unsigned* tickets;      // (replicas, tiles)
    Finish finish;
};

// One operand: `rows` vectors of length k. ALONG_K: element (row, k) at from[row * depth + k], else at from[k * rows + row].
template <int ROWS, bool ALONG_K>
struct Operand {
    static constexpr int ROW = ROWS + 4;  // pitch where rows are contiguous
    static constexpr int FLOATS = ALONG_K ? ROWS * PITCH : DEPTH * ROW;

    // Brings rows first .. first + ROWS of k0 .. k0 + DEPTH, FLOATS_AT_ONCE at a time; zeros outside.
    template <int AT_ONCE>
    EM_DEVICE static void bring(AsyncCopies& copies, float* to, const float* from, int64_t first, int64_t rows, int64_t k0, int64_t depth) {
        constexpr int ACROSS = (ALONG_K ? DEPTH : ROWS) / AT_ONCE;
        constexpr int COUNT = ROWS * DEPTH / AT_ONCE;
#pragma unroll 1
        for (int i = 0; i < COUNT / THREADS; ++i) {
            const int at = i * THREADS + static_cast<int>(threadIdx.x);
            const int outer = at / ACROSS;
            const int inner = at % ACROSS * AT_ONCE;
            const int64_t row = first + (ALONG_K ? outer : inner);
            const int64_t k = k0 + (ALONG_K ? inner : outer);
            // Where four are copied, a row ends at a multiple of four: all are inside or none.
            const bool inside = row < rows && k < depth;
            const int64_t place = ALONG_K ? row * depth + k : k * rows + row;
            copies.copy<AT_ONCE>(to + outer * (ALONG_K ? PITCH : ROW) + inner, inside ? from + place : from, inside);
        }
    }

    // Four neighbours in k of a row.
    EM_DEVICE static void read(float (&to)[4], const float* tile, int row, int k) {
        if constexpr (ALONG_K) {
            const float4 four = *reinterpret_cast<const float4*>(tile + row * PITCH + k);
            to[0] = four.x;
            to[1] = four.y;
            to[2] = four.z;
            to[3] = four.w;
        } else {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                to[i] = tile[(k + i) * ROW + row];
            }
        }
    }
};

// V neighbours of a row of C, from their product to what is stored.
template <int V>
EM_DEVICE void finish(const Product& p, int64_t r, int64_t row, int64_t column, Vec<V> sum) {
    const int64_t i = row * p.n + column;
    const Finish& f = p.finish;
    if (p.beta != 0.0f) {
        const Vec<V> before = load<V>(p.c(r) + i);
#pragma unroll
        for (int v = 0; v < V; ++v) {
            sum.at[v] = fmaf(p.beta, before.at[v], sum.at[v]);
        }
    }
    if (f.bias.base != nullptr) {
        add(sum, load<V>(f.bias(r) + column));
    }
    if (f.residual.base != nullptr) {
        add(sum, load<V>(f.residual(r) + i));
    }
    if (f.positions.base != nullptr) {
        add(sum, load<V>(f.positions(r) + (row - quotient(row, f.length) * f.length) * p.n + column));
    }
    if (f.slope.base != nullptr) {
        const Vec<V> slopes = load<V>(f.slope(r) + i);
#pragma unroll
        for (int v = 0; v < V; ++v) {
            sum.at[v] *= slopes.at[v];
        }
    }
    if (f.activated.base != nullptr) {
        Vec<V> slopes;
        activate(f.activation, sum, slopes);
        store(f.activated(r) + i, sum);
        sum = slopes;
    }
    store(p.c(r) + i, sum);
}

// Where a tile stands in C.
struct Tile {
    int64_t row, column;  // of its first element
    int64_t index;        // among the tiles
};

// V neighbours of a finished row, or of a piece of it.
template <int V>
EM_DEVICE void put(const Product& p, int64_t r, int64_t piece, int64_t row, int64_t column, const Vec<V>& sum) {
    if (p.pieces == 1) {
        finish(p, r, row, column, sum);
    } else {
        store(p.scratch + ((r * p.pieces + piece) * p.m + row) * p.n + column, sum);
    }
}

// The pieces of a row, added in order.
template <int V>
EM_DEVICE void add_pieces(const Product& p, int64_t r, int64_t row, int64_t column) {
    const float* from = p.scratch + (r * p.pieces * p.m + row) * p.n + column;
    Vec<V> sum = load<V>(from);
#pragma unroll 1
    for (int64_t piece = 1; piece < p.pieces; ++piece) {
        add(sum, load<V>(from + piece * p.m * p.n));
    }
    finish(p, r, row, column, sum);
}

// The tile in registers goes through shared memory, SLAB * SIDE rows at a time.
template <int MINE>
EM_DEVICE void store_tile(const Product& p, int64_t r, int64_t piece, const Tile& tile, const float (&c)[MINE][MINE], float* memory) {
    constexpr int COLUMNS = SIDE * MINE;
    constexpr int ROW = COLUMNS + 4;
    const int x = static_cast<int>(threadIdx.x) % SIDE;
    const int y = static_cast<int>(threadIdx.x) / SIDE;
#pragma unroll
    for (int slab = 0; slab < MINE; slab += SLAB) {
        __syncthreads();
#pragma unroll
        for (int i = 0; i < SLAB; ++i) {
#pragma unroll
            for (int j = 0; j < MINE; ++j) {
                memory[(i * SIDE + y) * ROW + j * SIDE + x] = c[slab + i][j];
            }
        }
        __syncthreads();
        for (int at = static_cast<int>(threadIdx.x); at < SLAB * SIDE * COLUMNS / 4; at += THREADS) {
            const int64_t row = tile.row + slab * SIDE + at / (COLUMNS / 4);
            const int across = at % (COLUMNS / 4) * 4;
            const int64_t column = tile.column + across;
            const float* from = memory + at / (COLUMNS / 4) * ROW + across;
            if (row >= p.m) {
                continue;
            }
            if (p.c_by_fours) {
                if (column < p.n) {
                    put(p, r, piece, row, column, load<4>(from));
                }
                continue;
            }
            for (int v = 0; v < 4 && column + v < p.n; ++v) {
                put(p, r, piece, row, column + v, load<1>(from + v));
            }
        }
    }
}

// What the last block of a tile does.
template <int MINE>
EM_DEVICE void add_tile(const Product& p, int64_t r, const Tile& tile) {
    constexpr int COLUMNS = SIDE * MINE;
    const int at_once = p.c_by_fours ? 4 : 1;
    const int across = COLUMNS / at_once;
#pragma unroll 1
    for (int at = static_cast<int>(threadIdx.x); at < COLUMNS * across; at += THREADS) {
        const int64_t row = tile.row + at / across;
        const int64_t column = tile.column + at % across * at_once;
        if (row >= p.m || column >= p.n) {
            continue;
        }
        if (p.c_by_fours) {
            add_pieces<4>(p, r, row, column);
        } else {
            add_pieces<1>(p, r, row, column);
        }
    }
}

// The two operands' shared memory, twice; what is stored of a tile lies there, too.
template <int MINE, bool TRANS_A, bool TRANS_B>
struct Memory {
    using A = Operand<SIDE * MINE, !TRANS_A>;
    using B = Operand<SIDE * MINE, TRANS_B>;
    static constexpr int STAGE = A::FLOATS + B::FLOATS;
    static constexpr int STORED = SLAB * SIDE * (SIDE * MINE + 4);
    static constexpr int FLOATS = 2 * STAGE > STORED ? 2 * STAGE : STORED;
};

// c += op(A) op(B) of a tile, of k from `begin`, a multiple of DEPTH, to before `end`.
template <int MINE, bool TRANS_A, bool TRANS_B>
EM_DEVICE void multiply(const Product& p, int64_t r, const Tile& tile, int64_t begin, int64_t end, float (&c)[MINE][MINE], float* memory) {
    using Mine = Memory<MINE, TRANS_A, TRANS_B>;
    using A = typename Mine::A;
    using B = typename Mine::B;
    const int x = static_cast<int>(threadIdx.x) % SIDE;
    const int y = static_cast<int>(threadIdx.x) / SIDE;
    AsyncCopies copies;
    const auto bring = [&](int64_t k0) {
        float* to = memory + k0 / DEPTH % 2 * Mine::STAGE;
        if (p.a_by_fours) {
            A::template bring<4>(copies, to, p.a(r), tile.row, p.m, k0, p.k);
        } else {
            A::template bring<1>(copies, to, p.a(r), tile.row, p.m, k0, p.k);
        }
        if (p.b_by_fours) {
            B::template bring<4>(copies, to + A::FLOATS, p.b(r), tile.column, p.n, k0, p.k);
        } else {
            B::template bring<1>(copies, to + A::FLOATS, p.b(r), tile.column, p.n, k0, p.k);
        }
    };
    bring(begin);
    copies.commit();
    for (int64_t k0 = begin; k0 < end; k0 += DEPTH) {
        if (k0 + DEPTH < end) {
            bring(k0 + DEPTH);
        }
        copies.commit();
        copies.wait<1>();
        __syncthreads();
        const float* stage = memory + k0 / DEPTH % 2 * Mine::STAGE;
#pragma unroll 1
        for (int k = 0; k < DEPTH; k += 4) {
            float left[MINE][4];
#pragma unroll
            for (int i = 0; i < MINE; ++i) {
                A::read(left[i], stage, i * SIDE + y, k);
            }
#pragma unroll
            for (int j = 0; j < MINE; ++j) {
                float right[4];
                B::read(right, stage + A::FLOATS, j * SIDE + x, k);
#pragma unroll
                for (int kk = 0; kk < 4; ++kk) {
#pragma unroll
                    for (int i = 0; i < MINE; ++i) {
                        c[i][j] = fmaf(left[i][kk], right[kk], c[i][j]);
                    }
                }
            }
        }
        __syncthreads();
    }
}

// A tile of C of a replica, or a piece of it; `tile` counts along rows of tiles. All threads come; ends in a barrier.
template <int MINE, bool TRANS_A, bool TRANS_B>
EM_DEVICE void product_block(const Product& p, int64_t r, int64_t index, int64_t piece, float* memory, int* is_last) {
    constexpr int64_t side = SIDE * MINE;
    const int64_t across = ceil_div(p.n, side);
    const int64_t down = quotient(index, across);
    const Tile tile{down * side, (index - down * across) * side, index};
    const int64_t begin = piece * p.piece;
    const int64_t end = begin + p.piece < p.k ? begin + p.piece : p.k;
    float c[MINE][MINE] = {};
    multiply<MINE, TRANS_A, TRANS_B>(p, r, tile, begin, end, c, memory);
    store_tile(p, r, piece, tile, c, memory);
    if (p.pieces > 1) {
        const int64_t tiles = across * ceil_div(p.m, side);
        if (last_block(p.tickets + r * tiles + index, static_cast<unsigned>(p.pieces), is_last)) {
            add_tile<MINE>(p, r, tile);
        }
    }
    __syncthreads();
}

// Without the memory for its pieces.
inline Product of(const em_gemm_args& a, const Epilogue& e) {
    const int64_t pieces = pieces_of(a.m, a.n, a.k);
    return {view(a.a),
            view(a.b),
            view(a.c),
            a.replicas,
            a.m,
            a.n,
            a.k,
            a.beta,
            by_fours(a.replicas, a.trans_a ? a.m : a.k, a.a),
            by_fours(a.replicas, a.trans_b ? a.k : a.n, a.b),
            by_fours(a.replicas, a.n, a.c, e.bias, e.residual, e.positions, e.slope, e.activated),
            ceil_div(ceil_div(a.k, pieces), DEPTH) * DEPTH,
            pieces,
            nullptr,
            nullptr,
            {view(e.bias), view(e.residual), view(e.positions), view(e.slope), view(e.activated), e.length, e.activation}};
}

inline int64_t scratch(const Product& p) { return p.replicas * p.pieces * p.m * p.n; }

// Blocks that a multiprocessor has room for.
constexpr int blocks_at_once(int mine) { return mine == 4 ? 3 : 2; }

// Large tiles read less, where there are enough of them; an element's bits are the same in both.
constexpr int64_t LARGE = 128;
constexpr int64_t SMALL = 64;

inline int64_t tiles_of(int64_t m, int64_t n, int64_t side) { return ceil_div(m, side) * ceil_div(n, side); }

inline bool large_tiles(const CudaDevice& device, int64_t tiles, int64_t pieces, int64_t replicas) {
    return tiles * pieces * replicas >= device.multiprocessors();
}

}  // namespace product
}  // namespace em::gpu

// A matrix product C = op(A) op(B) + beta C for each replica, row-major, and what is then added to C or made of it: what all our kernels
// for it share. product_tile.h multiplies in float32, product_mma.h on tensor cores.
//
// A block of 256 threads computes a tile of C. Where k is cut (common/own_products.h), a block has one piece of it and leaves its tile in
// scratch; the last block of a tile adds the pieces in order. Operations 2 m n k; bytes 8 m n k / side of a tile from the L2 cache and, of
// what an epilogue adds or makes, 4 an element.
#pragma once
#include "cuda/activation.h"
#include "cuda/own_product.h"
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em::gpu {

namespace product {
constexpr int THREADS = 256;

// Large tiles read less, where there are enough of them.
constexpr int LARGE = 128;
constexpr int SMALL = 64;

// Of rows, columns and terms, so that a place in a tile that stands over their end is still an int.
constexpr int64_t MOST = INT32_MAX - LARGE;

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

// Where a tile stands in C: its first element.
struct Tile {
    int64_t row, column;
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

// The pieces of a row, added in order. Several are asked for at once: one block adds all pieces of a tile, and would wait for each.
template <int V>
EM_DEVICE void add_pieces(const Product& p, int64_t r, int64_t row, int64_t column) {
    constexpr int at_once = V == 4 ? 8 : 15;
    const float* from = p.scratch + (r * p.pieces * p.m + row) * p.n + column;
    const int64_t apart = p.m * p.n;
    Vec<V> sum = load<V>(from);
#pragma unroll 1
    for (auto left = static_cast<int>(p.pieces) - 1; left > 0; left -= at_once) {
        Vec<V> next[at_once];
#pragma unroll
        for (int i = 0; i < at_once; ++i) {
            from += i < left ? apart : 0;
            next[i] = load<V>(from);
        }
#pragma unroll
        for (int i = 0; i < at_once; ++i) {
            if (i < left) {
                add(sum, next[i]);
            }
        }
    }
    finish(p, r, row, column, sum);
}

// ROWS finished rows that lie in shared memory, four neighbours at place(row, column); `tile` is where the first of them stands.
template <int ROWS, int COLUMNS, class Place>
EM_DEVICE void store_rows(const Product& p, int64_t r, int64_t piece, const Tile& tile, const float* memory, const Place& place) {
#pragma unroll 1
    for (int at = static_cast<int>(threadIdx.x); at < ROWS * COLUMNS / 4; at += THREADS) {
        const int down = at / (COLUMNS / 4);
        const int across = at % (COLUMNS / 4) * 4;
        const int64_t row = tile.row + down;
        const int64_t column = tile.column + across;
        const float* from = memory + place(down, across);
        if (row >= p.m) {
            continue;
        }
        if (p.c_by_fours) {
            if (column < p.n) {
                put(p, r, piece, row, column, load<4>(from));
            }
            continue;
        }
#pragma unroll 1
        for (int v = 0; v < 4 && column + v < p.n; ++v) {
            put(p, r, piece, row, column + v, load<1>(from + v));
        }
    }
}

// What the last block of a tile does.
template <int SIDE>
EM_DEVICE void add_tile(const Product& p, int64_t r, const Tile& tile) {
    const int at_once = p.c_by_fours ? 4 : 1;
    const int across = SIDE / at_once;
#pragma unroll 1
    for (int at = static_cast<int>(threadIdx.x); at < SIDE * across; at += THREADS) {
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

// Shared memory of a block: its numbers, and behind them whether it is the last of its tile.
template <class T>
constexpr int64_t BYTES = 4 * (T::FLOATS + 1);

template <class T>
EM_DEVICE int* flag(float* memory) {
    return reinterpret_cast<int*>(memory + T::FLOATS);
}

// A tile of C of a replica, or a piece of it; `index` counts along rows of tiles. All threads come; ends in a barrier.
template <class T>
EM_DEVICE void product_block(const Product& p, int64_t r, int64_t index, int64_t piece, float* memory) {
    const int64_t across = ceil_div(p.n, T::SIDE);
    const int64_t down = quotient(index, across);
    const Tile tile{down * T::SIDE, (index - down * across) * T::SIDE};
    const int64_t begin = piece * p.piece;
    const int64_t end = begin + p.piece < p.k ? begin + p.piece : p.k;
    T::compute(p, r, piece, tile, begin, end, memory);
    if (p.pieces > 1) {
        const int64_t tiles = across * ceil_div(p.m, T::SIDE);
        if (last_block(p.tickets + r * tiles + index, static_cast<unsigned>(p.pieces), flag<T>(memory))) {
            add_tile<T::SIDE>(p, r, tile);
        }
    }
    __syncthreads();
}

// Without the memory for its pieces, which are of a multiple of `depth`.
inline Product of(const em_gemm_args& a, const Epilogue& e, int64_t depth) {
    EM_REQUIRE(a.m <= MOST && a.n <= MOST && a.k <= MOST, "too large a product: %lld by %lld by %lld", (long long)a.m, (long long)a.n,
               (long long)a.k);
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
            ceil_div(ceil_div(a.k, pieces), depth) * depth,
            pieces,
            nullptr,
            nullptr,
            {view(e.bias), view(e.residual), view(e.positions), view(e.slope), view(e.activated), e.length, e.activation}};
}

inline int64_t scratch(const Product& p) { return p.replicas * p.pieces * p.m * p.n; }

inline int64_t tiles_of(int64_t m, int64_t n, int64_t side) { return ceil_div(m, side) * ceil_div(n, side); }

inline bool large_tiles(const CudaDevice& device, int64_t tiles, int64_t replicas) { return tiles * replicas >= device.multiprocessors(); }

}  // namespace product
}  // namespace em::gpu

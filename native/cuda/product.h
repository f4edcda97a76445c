// A matrix product C = op(A) op(B) + beta C for each replica, row-major, and what is then added to C or made of it: what all our kernels
// for it share. product_tile.h multiplies in float32, product_mma.h on tensor cores.
//
// A block computes a tile of C. Where k is cut (common/own_products.h), a block has one piece of it and leaves its tile in
// scratch; the last block of a tile adds the pieces in order. Operations 2 m n k; bytes 8 m n k / side of a tile from the L2 cache and, of
// what an epilogue adds or makes, 4 an element.
#pragma once
#include "cuda/activation.h"
#include "cuda/own_product.h"
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em::gpu {

namespace product {
// Sides of tiles. Large ones read less, where there are enough of them; the least let few products use all of a GPU.
constexpr int LARGE = 128;
constexpr int SMALL = 64;
constexpr int LEAST = 32;

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
    int64_t pitch;          // n, to a multiple of four
    float* scratch;         // (replicas, pieces, m, pitch) where there are several
    unsigned* tickets;      // (replicas, tiles)
    Finish finish;

    // Whether there is at most a bias, and a residual or a slope.
    EM_DEVICE bool simple() const {
        return beta == 0.0f && finish.positions.base == nullptr && finish.activated.base == nullptr &&
               (finish.residual.base == nullptr || finish.slope.base == nullptr);
    }
};

// A number of which the compiler computes nothing before it comes here: else what follows from it would take registers from the product.
EM_DEVICE int64_t from_here(int64_t number) {
#if !defined(EM_EMU)
    asm volatile("" : "+l"(number));
#endif
    return number;
}

// Where V neighbours of a row of C are, and their first place in it.
struct Place {
    int64_t row, column, i;
};

// V neighbours of a row of C, from their product to what is stored.
template <int V>
EM_DEVICE void finish(const Product& p, int64_t r, const Place& place, Vec<V> sum) {
    const auto& [row, column, i] = place;
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
        multiply(sum, load<V>(f.slope(r) + i));
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

// How the threads of a block share the numbers of a tile, V neighbours each: a thread keeps its column.
template <int V, class T>
struct Share {
    static constexpr int ACROSS = T::SIDE / V;
    static constexpr int STEP = T::THREADS / ACROSS;
    static constexpr int COUNT = T::SIDE / STEP;  // rows of a thread
    static_assert(STEP * ACROSS == T::THREADS && COUNT * STEP == T::SIDE);

    EM_DEVICE static int row() { return static_cast<int>(threadIdx.x) / ACROSS; }
    EM_DEVICE static int column() { return static_cast<int>(threadIdx.x) % ACROSS * V; }
};

// Rows of a tile that are in C.
template <class T>
EM_DEVICE int rows_of(const Product& p, const Tile& tile) {
    return static_cast<int>(p.m - tile.row < T::SIDE ? p.m - tile.row : T::SIDE);
}

// What finish() does where there is at most a bias, and a residual or a slope: COUNT times V neighbours, the next `next` behind the last,
// at from(at). All are read before the first is stored: memory answers late.
template <int V, int COUNT, class From>
EM_DEVICE void finish_some(const Product& p, int64_t r, int64_t i, int64_t next, const Vec<V>& bias, const From& from) {
    const bool adds = p.finish.residual.base != nullptr;
    const bool multiplies = p.finish.slope.base != nullptr;
    Vec<V> others[COUNT] = {};
    if (adds || multiplies) {
        const float* other = (adds ? p.finish.residual(r) : p.finish.slope(r)) + i;
#pragma unroll
        for (int at = 0; at < COUNT; ++at, other += next) {
            others[at] = load<V>(other);
        }
    }
    float* to = p.c(r) + i;
#pragma unroll
    for (int at = 0; at < COUNT; ++at, to += next) {
        Vec<V> sum = load<V>(from(at));
        if (p.finish.bias.base != nullptr) {
            add(sum, bias);
        }
        if (adds) {
            add(sum, others[at]);
        }
        if (multiplies) {
            multiply(sum, others[at]);
        }
        store(to, sum);
    }
}

// Finishes V neighbours at a time of a tile that lies in shared memory.
template <int V, class T>
EM_DEVICE void finish_tile(const Product& p, int64_t r, const Tile& tile, const float* memory) {
    using Mine = Share<V, T>;
    constexpr int AT_ONCE = Mine::COUNT < 4 ? Mine::COUNT : 4;
    static_assert(Mine::COUNT % AT_ONCE == 0);
    const int64_t n = from_here(p.n);
    const int64_t column = tile.column + Mine::column();
    const int rows = column < n ? rows_of<T>(p, tile) : 0;
    const auto mine = [&](int row) { return memory + T::stored(row, Mine::column()); };
    int row = Mine::row();
    if (p.simple() && rows > 0) {
        const Vec<V> bias = p.finish.bias.base == nullptr ? Vec<V>{} : load<V>(p.finish.bias(r) + column);
#pragma unroll 1
        for (; row + (AT_ONCE - 1) * Mine::STEP < rows; row += AT_ONCE * Mine::STEP) {
            finish_some<V, AT_ONCE>(p, r, (tile.row + row) * n + column, Mine::STEP * n, bias,
                                    [&](int at) { return mine(row + at * Mine::STEP); });
        }
    }
#pragma unroll 1
    for (; row < rows; row += Mine::STEP) {
        finish(p, r, {tile.row + row, column, (tile.row + row) * n + column}, load<V>(mine(row)));
    }
}

// Leaves a tile of a piece, which lies in shared memory, in scratch.
template <class T>
EM_DEVICE void leave_piece(const Product& p, int64_t r, int64_t piece, const Tile& tile, const float* memory) {
    using Mine = Share<4, T>;
    const int64_t pitch = from_here(p.pitch);
    const int64_t column = tile.column + Mine::column();
    const int rows = column < pitch ? rows_of<T>(p, tile) : 0;
    float* to = p.scratch + ((r * p.pieces + piece) * p.m + tile.row + Mine::row()) * pitch + column;
#pragma unroll 1
    for (int row = Mine::row(); row < rows; row += Mine::STEP, to += Mine::STEP * pitch) {
        store(to, load<4>(memory + T::stored(row, Mine::column())));
    }
}

// Adds the pieces of a tile, in order, in shared memory. A thread reads some rows of some pieces before it adds the first: memory answers
// late.
template <class T>
EM_DEVICE void add_pieces(const Product& p, int64_t r, const Tile& tile, float* memory) {
    using Mine = Share<4, T>;
    constexpr int AT_ONCE = 4;
    constexpr int ROWS = Mine::COUNT < T::ROWS_ADDED ? Mine::COUNT : T::ROWS_ADDED;
    static_assert(Mine::COUNT % ROWS == 0);
    const int64_t pitch = from_here(p.pitch);
    const int64_t next = p.m * pitch;
    const int64_t column = tile.column + Mine::column();
    const int rows = column < pitch ? rows_of<T>(p, tile) : 0;
    const float* const first_piece = p.scratch + (r * p.pieces * p.m + tile.row) * pitch + column;
#pragma unroll 1
    for (int first = Mine::row(); first < rows; first += ROWS * Mine::STEP) {
        const float* from[ROWS];
        Vec<4> sums[ROWS];
        const auto read = [&](Vec<4>(&to)[ROWS]) {
#pragma unroll
            for (int i = 0; i < ROWS; ++i) {
                to[i] = load<4>(from[i]);
                from[i] += next;
            }
        };
        const auto take = [&](const Vec<4>(&some)[ROWS]) {
#pragma unroll
            for (int i = 0; i < ROWS; ++i) {
                add(sums[i], some[i]);
            }
        };
#pragma unroll
        for (int i = 0; i < ROWS; ++i) {
            const int row = first + i * Mine::STEP;
            from[i] = first_piece + (row < rows ? row : first) * pitch;  // what is beyond the last row is not used
        }
        read(sums);
        auto left = static_cast<int>(p.pieces) - 1;
#pragma unroll 1
        for (; left >= AT_ONCE; left -= AT_ONCE) {
            Vec<4> some[AT_ONCE][ROWS];
#pragma unroll
            for (int i = 0; i < AT_ONCE; ++i) {
                read(some[i]);
            }
#pragma unroll
            for (int i = 0; i < AT_ONCE; ++i) {
                take(some[i]);
            }
        }
#pragma unroll 1
        for (; left > 0; --left) {
            Vec<4> some[ROWS];
            read(some);
            take(some);
        }
#pragma unroll
        for (int i = 0; i < ROWS; ++i) {
            store_shared(memory + T::stored(first + i * Mine::STEP, Mine::column()), sums[i]);
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
    T::compute(p, r, tile, begin, end, memory);
    bool finishes = true;
    if (p.pieces > 1) {
        const int64_t tiles = across * ceil_div(p.m, T::SIDE);
        leave_piece<T>(p, r, piece, tile, memory);
        finishes = last_block(p.tickets + r * tiles + index, static_cast<unsigned>(p.pieces), flag<T>(memory));
        if (finishes) {
            add_pieces<T>(p, r, tile, memory);
            __syncthreads();
        }
    }
    if (finishes && p.c_by_fours) {
        finish_tile<4, T>(p, r, tile, memory);
    } else if (finishes) {
        finish_tile<1, T>(p, r, tile, memory);
    }
    __syncthreads();
}

// Without the memory for its pieces, which are of a multiple of `depth`.
inline Product of(const em_gemm_args& a, const Epilogue& e, int32_t arithmetic, int64_t depth) {
    EM_REQUIRE(a.m <= MOST && a.n <= MOST && a.k <= MOST, "too large a product: %lld by %lld by %lld", (long long)a.m, (long long)a.n,
               (long long)a.k);
    const int64_t pieces = pieces_of(a.m, a.n, a.k, arithmetic);
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
            ceil_div(a.n, 4) * 4,
            nullptr,
            nullptr,
            {view(e.bias), view(e.residual), view(e.positions), view(e.slope), view(e.activated), e.length, e.activation}};
}

// Whether so many tiles are enough for the GPU: with a few less than it has multiprocessors, larger ones are still faster than smaller
// ones.
inline bool fill(const CudaDevice& device, int64_t tiles) { return 4 * tiles >= 3 * device.multiprocessors(); }

inline int64_t scratch(const Product& p) { return p.replicas * p.pieces * p.m * p.pitch; }

}  // namespace product
}  // namespace em::gpu

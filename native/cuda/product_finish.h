// What becomes of the tile of a product (product.h) that lies in shared memory: a piece of k is left in scratch, pieces are added in order,
// and what an epilogue adds or makes is stored with the product.
#pragma once
#include "cuda/activation.h"
#include "cuda/product.h"
#include "cuda/vectors.h"

namespace em::gpu {

namespace product {

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

}  // namespace product
}  // namespace em::gpu

// The innermost loop of matrix products: a tile of C in registers, and what is fetched into the cache meanwhile.
#pragma once
#include "cpu/simd.h"

namespace em::EM_ISA {

// Rows of C held in registers: 12 x 2 of 32 registers, 6 x 2 of 16.
constexpr int ROWS = REGISTERS == 32 ? 12 : 6;
constexpr int64_t WIDTH = 2 * LANES;
// Floats of a line of the cache.
constexpr int64_t LINE = 16;
// Depths between two calls of Ahead::fetch. Between them nothing but loads and arithmetic is done: what counts and compares takes issue
// slots from the arithmetic where both share ports, as on Intel's processors.
constexpr int64_t STEP = 64;

// Numbers of R rows of op(A), one depth after the other: packed in that order, or where they lie, rows apart. Then every third row has
// a pointer, so that all addresses fit into registers.
template <int R, bool PACKED>
class Panel {
public:
    EM_INLINE Panel(const float* from, int64_t row) : row_(row) {
        for (int i = 0; i < BASES; ++i) {
            at_[i] = from + 3 * i * row;
        }
    }
    EM_INLINE float operator[](int i) const { return PACKED ? at_[0][i] : at_[i / 3][i % 3 * row_]; }
    EM_INLINE void next() {
        for (int i = 0; i < BASES; ++i) {
            at_[i] += PACKED ? R : 1;
        }
    }

private:
    static constexpr int BASES = PACKED ? 1 : (R + 2) / 3;
    const float* at_[BASES];
    int64_t row_;
};

// Brings a part of a matrix into the cache, so many lines at each call. A processor waits for few lines at once, and the loads of a tile
// wait behind them: so they are fetched a few at a time, all through the tiles.
class Ahead {
public:
    // `rows` rows of `columns` floats, by `calls` calls.
    EM_INLINE Ahead(const float* from, int64_t row, int64_t rows, int64_t columns, int64_t calls)
        : at_(from), row_(row), lines_(columns / LINE + 1), left_(lines_ * rows), each_((left_ + calls - 1) / calls) {}

    EM_INLINE void fetch() {
        for (int64_t n = least(each_, left_); n > 0; --n, --left_) {
            __builtin_prefetch(at_ + line_ * LINE);
            if (++line_ == lines_) {
                line_ = 0;
                at_ += row_;
            }
        }
    }

private:
    const float* at_;
    int64_t row_, lines_, left_, each_, line_ = 0;
};

// R rows and V vectors of C; the last vector has `last` columns. beta 0: what C held does not count. Rows of C are fetched one after the
// other, since they are needed when the sums are done. Not inlined: the compiler then finds a register for every sum.
template <int R, int V, bool PACKED>
[[gnu::noinline]] void tile(int64_t depth, Panel<R, PACKED> a, const float* b, float beta, float* c, int64_t row, int64_t last,
                            Ahead& ahead) {
    Floats sums[R][V];
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
#pragma GCC unroll 2
        for (int v = 0; v < V; ++v) {
            sums[i][v] = Floats{};
        }
    }
    const float* needed = c;
    const float* const end_of_c = c + R * row;
    const int64_t rows_at_once = depth < R * STEP ? (R * STEP + depth - 1) / depth : 1;
    for (int64_t begin = 0; begin < depth; begin += STEP) {
        for (int64_t i = 0; i < rows_at_once && needed < end_of_c; ++i, needed += row) {
            __builtin_prefetch(needed, 1);
            __builtin_prefetch(needed + (V - 1) * LANES + last - 1, 1);
        }
        ahead.fetch();
#pragma GCC unroll 8
        for (int64_t p = begin, end = least(depth, begin + STEP); p < end; ++p) {
            Floats columns[V];
#pragma GCC unroll 2
            for (int v = 0; v < V; ++v) {
                columns[v] = load(b + v * LANES);
            }
            b += V * LANES;
#pragma GCC unroll 16
            for (int i = 0; i < R; ++i) {
                const Floats x = splat(a[i]);
#pragma GCC unroll 2
                for (int v = 0; v < V; ++v) {
                    sums[i][v] += x * columns[v];
                }
            }
            a.next();
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
#pragma GCC unroll 2
        for (int v = 0; v < V; ++v) {
            float* to = c + i * row + v * LANES;
            if (v + 1 < V || last == LANES) {
                store(to, beta == 0.0f ? sums[i][v] : sums[i][v] + splat(beta) * load(to));
            } else {
                store_first(to, beta == 0.0f ? sums[i][v] : sums[i][v] + splat(beta) * load_first(to, last), last);
            }
        }
    }
}

}  // namespace em::EM_ISA

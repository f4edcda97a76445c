// Small matrix products in the caches, for attention: operands are packed once a head and then used many times.
#pragma once
#include "cpu/transpose.h"

namespace em::EM_ISA {

// Vectors of a panel, the columns that are held in registers at once, and rows held for so many vectors: as many accumulators as the
// registers allow, and enough to hide the latency of a multiply-add.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int PANEL = 4;
constexpr int rows_for(int vectors) { return vectors == 4 ? 6 : vectors == 3 ? 8 : vectors == 2 ? 12 : 16; }
#elif defined(__AVX2__)
constexpr int PANEL = 2;
constexpr int rows_for(int vectors) { return vectors == 2 ? 6 : 12; }
#else
constexpr int PANEL = 2;
constexpr int rows_for(int vectors) { return vectors == 2 ? 4 : 8; }
#endif
constexpr int64_t PANEL_WIDTH = PANEL * LANES;

EM_INLINE int64_t padded(int64_t n) { return (n + LANES - 1) / LANES * LANES; }

// Element (i, k) at i * row + k * column.
struct Left {
    const float* at;
    int64_t row, column;
};
// Columns in panels of PANEL_WIDTH: element (k, j) at j / PANEL_WIDTH * panel + k * row + j % PANEL_WIDTH.
struct Right {
    const float* at;
    int64_t row, panel;
};
// A matrix of rows that are a multiple of LANES long, as right operand.
EM_INLINE Right rows_as_right(const float* at, int64_t row) { return {at, row, PANEL_WIDTH}; }
// What pack_transposed makes of vectors of `width` values.
EM_INLINE Right transposed_as_right(const float* at, int64_t width) { return {at, PANEL_WIDTH, width * PANEL_WIDTH}; }

// Depths over which elements of a product are summed.
struct Span {
    int64_t from, to;
};

template <int ROWS, int VECTORS>
EM_INLINE void tile(Span depth, Left a, const float* b, int64_t b_row, float* c, int64_t c_row, bool add) {
    Floats sums[ROWS][VECTORS];
    for (int i = 0; i < ROWS; ++i) {
        for (int v = 0; v < VECTORS; ++v) {
            sums[i][v] = add ? load(c + i * c_row + v * LANES) : Floats{};
        }
    }
    for (int64_t k = depth.from; k < depth.to; ++k) {
        Floats right[VECTORS];
        for (int v = 0; v < VECTORS; ++v) {
            right[v] = load(b + k * b_row + v * LANES);
        }
        for (int i = 0; i < ROWS; ++i) {
            const Floats left = splat(a.at[i * a.row + k * a.column]);
            for (int v = 0; v < VECTORS; ++v) {
                sums[i][v] += left * right[v];
            }
        }
    }
    for (int i = 0; i < ROWS; ++i) {
        for (int v = 0; v < VECTORS; ++v) {
            store(c + i * c_row + v * LANES, sums[i][v]);
        }
    }
}

template <int ROWS, int VECTORS, class Spans>
EM_INLINE int64_t tiles(int64_t from, int64_t m, Spans spans, Left a, const float* b, int64_t b_row, float* c, int64_t c_row, bool add) {
    for (; from + ROWS <= m; from += ROWS) {
        tile<ROWS, VECTORS>(spans(from, from + ROWS), {a.at + from * a.row, a.row, a.column}, b, b_row, c + from * c_row, c_row, add);
    }
    return from;
}

template <int VECTORS, class Spans>
[[gnu::noinline]] void panel(int64_t m, Spans spans, Left a, const float* b, int64_t b_row, float* c, int64_t c_row, bool add) {
    int64_t i = tiles<rows_for(VECTORS), VECTORS>(0, m, spans, a, b, b_row, c, c_row, add);
    i = tiles<4, VECTORS>(i, m, spans, a, b, b_row, c, c_row, add);
    i = tiles<2, VECTORS>(i, m, spans, a, b, b_row, c, c_row, add);
    tiles<1, VECTORS>(i, m, spans, a, b, b_row, c, c_row, add);
}

// C (m x n) = A (m x depth) B (depth x n), or += when add; n is a multiple of LANES. Rows from i to j of C are summed over the depths
// that spans(i, j) gives, outside of which these rows of A are zero.
template <class Spans>
EM_INLINE void multiply_spans(int64_t m, int64_t n, Spans spans, Left a, Right b, float* c, int64_t c_row, bool add) {
    const float* from = b.at;
    for (; n >= PANEL_WIDTH; n -= PANEL_WIDTH, from += b.panel, c += PANEL_WIDTH) {
        panel<PANEL>(m, spans, a, from, b.row, c, c_row, add);
    }
    switch (n / LANES) {
#if defined(__AVX512F__) || defined(__aarch64__)
        case 3:
            return panel<3>(m, spans, a, from, b.row, c, c_row, add);
        case 2:
            return panel<2>(m, spans, a, from, b.row, c, c_row, add);
#endif
        case 1:
            return panel<1>(m, spans, a, from, b.row, c, c_row, add);
        default:
            return;
    }
}

EM_INLINE void multiply(int64_t m, int64_t n, int64_t depth, Left a, Right b, float* c, int64_t c_row, bool add) {
    multiply_spans(
        m, n,
        [depth](int64_t, int64_t) {
            return Span{0, depth};
        },
        a, b, c, c_row, add);
}

// Copies vectors of `width` values, `stride` apart, to rows of padded(width), the rest zero.
EM_INLINE void pack(const float* from, int64_t stride, int64_t count, int64_t width, float* to) {
    for (int64_t i = 0; i < count; ++i, from += stride, to += padded(width)) {
        vectors(0, width, [&](int64_t j, auto access) { store(to + j, access.load(from + j)); });
    }
}

// LANES x LANES, in registers: log2(LANES) exchanges of halves.
EM_INLINE void transpose(Floats (&x)[LANES]) {
    for (int half = 1; half < LANES; half *= 2) {
        Ints low;
        Ints high;
        for (int i = 0; i < LANES; ++i) {
            low[i] = (i & half) == 0 ? i : static_cast<int>(LANES) + i - half;
            high[i] = (i & half) == 0 ? i + half : static_cast<int>(LANES) + i;
        }
        for (int i = 0; i < LANES; ++i) {
            if ((i & half) == 0) {
                const Floats a = x[i];
                const Floats b = x[i + half];
                x[i] = shuffle(a, b, low);
                x[i + half] = shuffle(a, b, high);
            }
        }
    }
}

// Vectors of `width` values, `stride` apart, become the columns of a right operand; columns from count to padded(count) mean nothing.
EM_INLINE void pack_transposed(const float* from, int64_t stride, int64_t count, int64_t width, float* to) {
    for (int64_t j = 0; j < count; j += LANES) {
        float* column = to + j / PANEL_WIDTH * width * PANEL_WIDTH + j % PANEL_WIDTH;
        transpose(from + j * stride, stride, count - j < LANES ? count - j : LANES, width, column, PANEL_WIDTH);
    }
}

// Floats that pack_transposed needs.
EM_INLINE int64_t transposed_size(int64_t count, int64_t width) { return (count + PANEL_WIDTH - 1) / PANEL_WIDTH * PANEL_WIDTH * width; }

// LANES dot products of `x` with the vectors that vector(0), vector(1) ... point to.
template <class Vector>
EM_INLINE Floats dots(const float* x, int64_t width, Vector&& vector) {
    Floats sums[LANES];
    for (int64_t i = 0; i < LANES; ++i) {
        sums[i] = Floats{};
        const float* y = vector(i);
        vectors(0, width, [&](int64_t k, auto access) { sums[i] += access.load(x + k) * access.load(y + k); });
    }
    transpose(sums);
    for (int64_t half = LANES / 2; half > 0; half /= 2) {
        for (int64_t i = 0; i < half; ++i) {
            sums[i] += sums[i + half];
        }
    }
    return sums[0];
}

// LANES dot products of `x` with vectors `stride` apart; those from `count` on repeat the last one.
EM_INLINE Floats dots(const float* x, const float* from, int64_t stride, int64_t count, int64_t width) {
    return dots(x, width, [&](int64_t i) { return from + (i < count ? i : count - 1) * stride; });
}

}  // namespace em::EM_ISA

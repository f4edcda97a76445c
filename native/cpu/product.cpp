// Matrix products in float32. C = op(A) op(B) + beta C by the scheme of Goto and van de Geijn (2008): panels of B and of A are packed
// into the order in which the innermost loop reads them, which keeps ROWS x 2 vectors of C in registers. Every element of C is a sum over
// k in one order, cut every DEPTH, whatever the number of rows or threads: the bits depend on k and the instruction set alone.
#include "cpu/product.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace em::EM_ISA {
namespace {

// Rows of C held in registers: 12 x 2 of 32 registers, 6 x 2 of 16.
constexpr int ROWS = REGISTERS == 32 ? 12 : 6;
constexpr int64_t WIDTH = 2 * LANES;
// A panel of B of DEPTH x COLUMNS floats stays in the second cache, one of A of ROWS x DEPTH in the first.
constexpr int64_t DEPTH = 256;
constexpr int64_t COLUMNS = 512;
// So does a block of C that is passed over for every DEPTH of k.
constexpr int64_t C_FLOATS = 128 * 1024;

constexpr int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// to[p * step + i] = from[i * row + p] for i < count, p < depth.
EM_INLINE void transpose(const float* from, int64_t row, int64_t count, int64_t depth, float* to, int64_t step) {
    int64_t i = 0;
#if defined(__x86_64__)
    for (; i + 4 <= count; i += 4) {
        const float* r = from + i * row;
        int64_t p = 0;
        for (; p + 4 <= depth; p += 4) {
            __m128 r0 = _mm_loadu_ps(r + p), r1 = _mm_loadu_ps(r + row + p), r2 = _mm_loadu_ps(r + 2 * row + p),
                   r3 = _mm_loadu_ps(r + 3 * row + p);
            _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
            float* t = to + p * step + i;
            _mm_storeu_ps(t, r0);
            _mm_storeu_ps(t + step, r1);
            _mm_storeu_ps(t + 2 * step, r2);
            _mm_storeu_ps(t + 3 * step, r3);
        }
        for (; p < depth; ++p) {
            for (int64_t n = 0; n < 4; ++n) {
                to[p * step + i + n] = r[n * row + p];
            }
        }
    }
    for (; i + 2 <= count; i += 2) {
        const float* r = from + i * row;
        int64_t p = 0;
        for (; p + 4 <= depth; p += 4) {
            const __m128 r0 = _mm_loadu_ps(r + p), r1 = _mm_loadu_ps(r + row + p);
            const __m128 low = _mm_unpacklo_ps(r0, r1), high = _mm_unpackhi_ps(r0, r1);
            float* t = to + p * step + i;
            _mm_storel_pi(reinterpret_cast<__m64*>(t), low);
            _mm_storeh_pi(reinterpret_cast<__m64*>(t + step), low);
            _mm_storel_pi(reinterpret_cast<__m64*>(t + 2 * step), high);
            _mm_storeh_pi(reinterpret_cast<__m64*>(t + 3 * step), high);
        }
        for (; p < depth; ++p) {
            to[p * step + i] = r[p];
            to[p * step + i + 1] = r[row + p];
        }
    }
#endif
    for (; i < count; ++i) {
        for (int64_t p = 0; p < depth; ++p) {
            to[p * step + i] = from[i * row + p];
        }
    }
}

// Rows i, ..., i + count of op(A), depths p, ..., p + depth: to[depth][count].
template <int R>
EM_INLINE void pack_rows(const Operand& a, int64_t i, int64_t p, int64_t depth, float* to) {
    if (!a.transposed) {
        transpose(a.at + i * a.row + p, a.row, R, depth, to, R);
        return;
    }
    const float* from = a.at + p * a.row + i;
    for (int64_t q = 0; q < depth; ++q) {
        __builtin_memcpy(to + q * R, from + q * a.row, R * sizeof(float));
    }
}

// Columns j, ..., j + count of op(B), count <= WIDTH: to[depth][WIDTH], or to[depth][LANES] for the last few; the rest is 0.
EM_INLINE void pack_columns(const Operand& b, int64_t j, int64_t count, int64_t p, int64_t depth, float* to) {
    const int64_t step = count > LANES ? WIDTH : LANES;
    if (b.transposed) {
        transpose(b.at + j * b.row + p, b.row, count, depth, to, step);
    } else {
        const float* from = b.at + p * b.row + j;
        if (count == WIDTH) {
            for (int64_t q = 0; q < depth; ++q) {
                store(to + q * WIDTH, load(from + q * b.row));
                store(to + q * WIDTH + LANES, load(from + q * b.row + LANES));
            }
        } else {
            for (int64_t q = 0; q < depth; ++q) {
                __builtin_memcpy(to + q * step, from + q * b.row, count * sizeof(float));
            }
        }
    }
    for (int64_t q = 0; count < step && q < depth; ++q) {
        __builtin_memset(to + q * step + count, 0, (step - count) * sizeof(float));
    }
}

// R rows and V vectors of C; the last vector has `last` columns. beta 0: what C held does not count.
template <int R, int V>
EM_INLINE void tile(int64_t depth, const float* a, const float* b, float beta, float* c, int64_t row, int64_t last) {
    Floats sums[R][V];
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
#pragma GCC unroll 2
        for (int v = 0; v < V; ++v) {
            sums[i][v] = Floats{};
        }
    }
    for (int64_t p = 0; p < depth; ++p) {
        Floats columns[V];
#pragma GCC unroll 2
        for (int v = 0; v < V; ++v) {
            columns[v] = load(b + p * V * LANES + v * LANES);
        }
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i) {
            const Floats x = splat(a[p * R + i]);
#pragma GCC unroll 2
            for (int v = 0; v < V; ++v) {
                sums[i][v] += x * columns[v];
            }
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

// One panel of op(A) times all packed panels of op(B).
template <int R>
void row_of_tiles(const Operand& a, int64_t i, int64_t p, int64_t depth, int64_t columns, const float* panels, float beta, float* c,
                  int64_t row, float* packed) {
    pack_rows<R>(a, i, p, depth, packed);
    for (int64_t j = 0; j < columns; j += WIDTH) {
        const int64_t count = least(WIDTH, columns - j);
        if (count > LANES) {
            tile<R, 2>(depth, packed, panels + j * depth, beta, c + j, row, count - LANES);
        } else {
            tile<R, 1>(depth, packed, panels + j * depth, beta, c + j, row, count);
        }
    }
}

using RowOfTiles = void (*)(const Operand&, int64_t, int64_t, int64_t, int64_t, const float*, float, float*, int64_t, float*);

template <int... R>
struct ByRows {
    static constexpr RowOfTiles OF[] = {row_of_tiles<R>...};
};

// rows = 1, ..., ROWS at index rows - 1.
RowOfTiles row_of_tiles_of(int64_t rows) {
    if constexpr (ROWS == 12) {
        return ByRows<1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12>::OF[rows - 1];
    } else {
        return ByRows<1, 2, 3, 4, 5, 6>::OF[rows - 1];
    }
}

// Even shares of a length that are at most `most`.
int64_t share(int64_t length, int64_t most) {
    const int64_t parts = (length + most - 1) / most;
    return (length + parts - 1) / parts;
}

}  // namespace

int64_t product_scratch() { return DEPTH * (COLUMNS + WIDTH) + DEPTH * ROWS; }

void product(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row, float* scratch) {
    float* panels = scratch;
    float* packed = scratch + DEPTH * (COLUMNS + WIDTH);
    const int64_t depth_share = share(k, DEPTH);
    const int64_t block = k > DEPTH ? share(m, C_FLOATS / least(n, COLUMNS)) : m;
    for (int64_t j0 = 0; j0 < n; j0 += COLUMNS) {
        const int64_t columns = least(COLUMNS, n - j0);
        for (int64_t i0 = 0; i0 < m; i0 += block) {
            const int64_t end = least(m, i0 + block);
            const int64_t rows_share = share(end - i0, ROWS);
            for (int64_t p = 0; p < k; p += depth_share) {
                const int64_t depth = least(depth_share, k - p);
                for (int64_t j = 0; j < columns; j += WIDTH) {
                    pack_columns(b, j0 + j, least(WIDTH, columns - j), p, depth, panels + j * depth);
                }
                for (int64_t i = i0; i < end; i += rows_share) {
                    row_of_tiles_of(least(rows_share, end - i))(a, i, p, depth, columns, panels, p == 0 ? beta : 1.0f, c + i * c_row + j0,
                                                                c_row, packed);
                }
            }
        }
    }
}

}  // namespace em::EM_ISA

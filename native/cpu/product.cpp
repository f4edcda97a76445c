// Matrix products in float32. C = op(A) op(B) + beta C by the scheme of Goto and van de Geijn (2008): panels of B, and of A where that
// pays, are packed into the order in which the innermost loop reads them, which keeps ROWS x 2 vectors of C in registers. Every element of
// C is a sum over k in one order, cut every DEPTH, whatever the number of rows or threads: the bits depend on k and the instruction set
// alone.
#include "cpu/product.h"

#include "cpu/transpose.h"

namespace em::EM_ISA {
namespace {

// Rows of C held in registers: 12 x 2 of 32 registers, 6 x 2 of 16.
constexpr int ROWS = REGISTERS == 32 ? 12 : 6;
constexpr int64_t WIDTH = 2 * LANES;
// A panel of B of DEPTH x COLUMNS floats stays in the second cache, one of A of ROWS x DEPTH in the first.
constexpr int64_t DEPTH = 256;
constexpr int64_t COLUMNS = 512;
// Panels of rows of the transpose of A that are packed at once.
constexpr int64_t GROUP = 96 / ROWS;
// Bytes of a line of the cache.
constexpr int64_t LINE = 64;
// Floats from one copied row to the next: an odd number of lines, so that rows share no set of the first cache.
constexpr int64_t COPIED = DEPTH + LINE / 4;
// Columns of a product that may be found as rows of its transpose, and its elements then.
constexpr int64_t NARROW = 128;
constexpr int64_t TURNED = 65536;

constexpr int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// Rows i, ..., i + R of A, depths p, ..., p + depth, to rows that are COPIED apart.
template <int R>
EM_INLINE void copy_rows(const Operand& a, int64_t i, int64_t p, int64_t depth, float* to) {
    for (int r = 0; r < R; ++r) {
        __builtin_memcpy(to + r * COPIED, a.at + (i + r) * a.row + p, depth * sizeof(float));
    }
}

// Panels of R rows of op(A), the transpose of A, from row i on. A's rows are read for all of them at once, since the same few columns of
// many rows would share a few sets of the caches.
template <int R>
EM_INLINE void pack_rows_transposed(const Operand& a, int64_t i, int64_t panels, int64_t p, int64_t depth, float* to) {
    for (int64_t q = 0; q < depth; ++q) {
        const float* from = a.at + (p + q) * a.row + i;
        for (int64_t panel = 0; panel < panels; ++panel) {
            __builtin_memcpy(to + (panel * depth + q) * R, from + panel * R, R * sizeof(float));
        }
    }
}

// Columns j, ..., j + count of op(B), count <= WIDTH: to[depth][WIDTH], or to[depth][LANES] for the last few; the rest is 0.
EM_INLINE void pack_columns(const Operand& b, int64_t j, int64_t count, int64_t p, int64_t depth, float* to) {
    const int64_t step = count > LANES ? WIDTH : LANES;
    if (b.transposed) {
        for (int64_t v = 0; v < count; v += LANES) {
            transpose(b.at + (j + v) * b.row + p, b.row, least(LANES, count - v), depth, to + v, step);
        }
    } else {
        const float* from = b.at + p * b.row + j;
        for (int64_t q = 0; q < depth; ++q) {
            __builtin_memcpy(to + q * step, from + q * b.row, count * sizeof(float));
        }
    }
    for (int64_t q = 0; count < step && q < depth; ++q) {
        __builtin_memset(to + q * step + count, 0, (step - count) * sizeof(float));
    }
}

// Depths p, ..., p + depth of columns j, ..., j + columns of op(B), in panels of WIDTH columns. Rows of B are read from end to end.
void pack_panels(const Operand& b, int64_t p, int64_t depth, int64_t j, int64_t columns, float* panels) {
    const int64_t whole = b.transposed ? 0 : columns / WIDTH * WIDTH;
    for (int64_t q = 0; q < depth; ++q) {
        const float* from = b.at + (p + q) * b.row + j;
        float* to = panels + q * WIDTH;
        for (int64_t i = 0; i < whole; i += WIDTH) {
            store(to + i * depth, load(from + i));
            store(to + i * depth + LANES, load(from + i + LANES));
        }
    }
    for (int64_t i = whole; i < columns; i += WIDTH) {
        pack_columns(b, j + i, least(WIDTH, columns - i), p, depth, panels + i * depth);
    }
}

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

// R rows and V vectors of C; the last vector has `last` columns. beta 0: what C held does not count. Not inlined: the compiler then finds
// a register for every sum.
template <int R, int V, bool PACKED>
[[gnu::noinline]] void tile(int64_t depth, Panel<R, PACKED> a, const float* b, float beta, float* c, int64_t row, int64_t last) {
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
            const Floats x = splat(a[i]);
#pragma GCC unroll 2
            for (int v = 0; v < V; ++v) {
                sums[i][v] += x * columns[v];
            }
        }
        a.next();
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

// Fetches the next panels of op(A) into the cache, a part of them before every tile of these.
template <int R>
class Ahead {
public:
    EM_INLINE Ahead(const Operand& a, int64_t i, int64_t panels, int64_t p, int64_t depth, int64_t tiles)
        : at(a.transposed ? a.at + p * a.row + i : a.at + i * a.row + p),
          row(a.row),
          lines((a.transposed ? panels * R : depth) * 4 / LINE + 1),
          each(((a.transposed ? depth : R) * lines + tiles - 1) / tiles) {}

    EM_INLINE int64_t lines_at_once() const { return each; }

    EM_INLINE void fetch() {
        for (const int64_t end = next + each; next < end; ++next) {
            __builtin_prefetch(at + next / lines * row + next % lines * (LINE / 4));
        }
    }

private:
    const float* at;
    int64_t row, lines, each, next = 0;
};

// Fetches R rows of C, which are needed when the sums of a tile are done.
template <int R>
EM_INLINE void fetch_tile(const float* c, int64_t row, int64_t columns) {
    for (int i = 0; i < R; ++i) {
        __builtin_prefetch(c + i * row, 1);
        __builtin_prefetch(c + i * row + columns - 1, 1);
    }
}

// Whether rows of A that are multiplied at once would fill the sets of the first cache that they fall into, with nothing left for B and C:
// sets repeat every 1,024 floats, and hold eight lines each.
bool share_sets(const Operand& a) { return a.row % (ROWS > 8 ? 512 : 1024) == 0; }

// Panels of op(A) times all packed panels of op(B); more: others of op(A) follow.
template <int R, bool TRANSPOSED>
void rows_of_tiles(const Operand& a, int64_t i, int64_t panels_of_a, int64_t p, int64_t depth, int64_t columns, const float* panels,
                   float beta, float* c, int64_t row, float* packed, bool more) {
    const float* from = a.at + i * a.row + p;
    int64_t between = a.row;
    if constexpr (TRANSPOSED) {
        pack_rows_transposed<R>(a, i, panels_of_a, p, depth, packed);
        from = packed;
    } else if (share_sets(a)) {
        copy_rows<R>(a, i, p, depth, packed);
        from = packed;
        between = COPIED;
    }
    Ahead<R> ahead(a, i + panels_of_a * R, panels_of_a, p, depth, panels_of_a * ((columns + WIDTH - 1) / WIDTH));
    // More lines at once than the first cache can wait for hold up the tile; the processor fetches rows by itself.
    const bool ahead_pays = more && (TRANSPOSED || ahead.lines_at_once() <= 24);
    for (int64_t n = 0; n < panels_of_a; ++n, c += R * row) {
        const Panel<R, TRANSPOSED> panel(from + n * depth * R, between);
        for (int64_t j = 0; j < columns; j += WIDTH) {
            const int64_t count = least(WIDTH, columns - j);
            if (ahead_pays) {
                ahead.fetch();
            }
            fetch_tile<R>(c + j, row, count);
            if (count > LANES) {
                tile<R, 2, TRANSPOSED>(depth, panel, panels + j * depth, beta, c + j, row, count - LANES);
            } else {
                tile<R, 1, TRANSPOSED>(depth, panel, panels + j * depth, beta, c + j, row, count);
            }
        }
    }
}

using RowsOfTiles = void (*)(const Operand&, int64_t, int64_t, int64_t, int64_t, int64_t, const float*, float, float*, int64_t, float*,
                             bool);

template <int... R>
struct ByRows {
    static constexpr RowsOfTiles OF[][sizeof...(R)] = {{rows_of_tiles<R, false>...}, {rows_of_tiles<R, true>...}};
};

// rows = 1, ..., ROWS at index rows - 1.
RowsOfTiles rows_of_tiles_of(const Operand& a, int64_t rows) {
    if constexpr (ROWS == 12) {
        return ByRows<1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12>::OF[a.transposed][rows - 1];
    } else {
        return ByRows<1, 2, 3, 4, 5, 6>::OF[a.transposed][rows - 1];
    }
}

// Even shares of a length that are at most `most`.
int64_t share(int64_t length, int64_t most) {
    const int64_t parts = (length + most - 1) / most;
    return (length + parts - 1) / parts;
}

// Whether C is found as its transpose, so that its few columns do not leave lanes of vectors unused. The transpose of A is packed either
// way; to transpose A takes as long as to multiply by some ten columns.
bool turns(int64_t m, int64_t n, const Operand& a) {
    const int64_t unused = (n + LANES - 1) / LANES * LANES - n;
    return n < m && n < NARROW && m * n <= TURNED && unused >= (a.transposed ? 1 : 12);
}

constexpr int64_t packed_floats() { return DEPTH * (COLUMNS + WIDTH) + DEPTH * ROWS * GROUP + LANES; }

}  // namespace

int64_t product_scratch() { return packed_floats() + TURNED; }

namespace {

// The same sums in the same order, of the transposes.
void product_turned(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row,
                    float* scratch) {
    float* turned = scratch + packed_floats();
    for (int64_t i = 0; i < m && beta != 0.0f; ++i) {
        for (int64_t j = 0; j < n; ++j) {
            turned[j * m + i] = c[i * c_row + j];
        }
    }
    product(n, m, k, {b.at, b.row, !b.transposed}, {a.at, a.row, !a.transposed}, beta, turned, m, scratch);
    for (int64_t i = 0; i < m; ++i) {
        for (int64_t j = 0; j < n; ++j) {
            c[i * c_row + j] = turned[j * m + i];
        }
    }
}

}  // namespace

void product(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row, float* scratch) {
    if (turns(m, n, a)) {
        return product_turned(m, n, k, a, b, beta, c, c_row, scratch);
    }
    float* panels = scratch;
    float* packed = scratch + DEPTH * (COLUMNS + WIDTH);
    const int64_t depth_share = share(k, DEPTH);
    const int64_t rows_share = share(m, ROWS);
    for (int64_t j = 0; j < n; j += COLUMNS) {
        const int64_t columns = least(COLUMNS, n - j);
        for (int64_t p = 0; p < k; p += depth_share) {
            const int64_t depth = least(depth_share, k - p);
            pack_panels(b, p, depth, j, columns, panels);
            for (int64_t i = 0, next; i < m; i = next) {
                const int64_t rows = least(rows_share, m - i);
                const int64_t at_once = a.transposed ? least(GROUP, (m - i) / rows) : 1;
                next = i + at_once * rows;
                rows_of_tiles_of(a, rows)(a, i, at_once, p, depth, columns, panels, p == 0 ? beta : 1.0f, c + i * c_row + j, c_row, packed,
                                          next < m);
            }
        }
    }
}

}  // namespace em::EM_ISA

// Matrix products in float32. C = op(A) op(B) + beta C by the scheme of Goto and van de Geijn (2008): panels of B, and of A where that
// pays, are packed into the order in which the innermost loop reads them, which keeps ROWS x 2 vectors of C in registers. Every element of
// C is a sum over k in one order, cut every DEPTH, whatever the number of rows or threads: the bits depend on k and the instruction set
// alone.
#include "cpu/product.h"

#include "cpu/amx/product.h"
#include "cpu/product_tile.h"
#include "cpu/transpose.h"

namespace em::EM_ISA {
namespace {

// A panel of B of DEPTH x COLUMNS floats stays in the second cache, one of A of ROWS x DEPTH in the first.
constexpr int64_t DEPTH = 256;
constexpr int64_t COLUMNS = 512;
// Panels of rows of the transpose of A that are packed at once.
constexpr int64_t GROUP = 96 / ROWS;
// While the last rows of A are multiplied, the next block of B is fetched. Where A has no others, blocks of B have so many columns.
constexpr int64_t LAST_ROWS = 64;
constexpr int64_t FEW_COLUMNS = 64;
// Floats from one copied row to the next: an odd number of lines, so that rows share no set of the first cache.
constexpr int64_t COPIED = DEPTH + LINE;
// Columns of a product that may be found as rows of its transpose, and its elements then.
constexpr int64_t NARROW = 128;
constexpr int64_t TURNED = 65536;

// Rows of A to rows that are COPIED apart.
void copy_rows(const float* from, int64_t row, int64_t rows, int64_t depth, float* to) {
    for (int64_t i = 0; i < rows; ++i) {
        __builtin_memcpy(to + i * COPIED, from + i * row, depth * sizeof(float));
    }
}

// Panels of R rows of op(A), the transpose of A, from row i on. A's rows are read for all of them at once, since the same few columns of
// many rows would share a few sets of the caches.
template <int R>
EM_INLINE void pack_rows_transposed(const Operand& a, int64_t i, int64_t panels, int64_t depth, float* to) {
    for (int64_t q = 0; q < depth; ++q) {
        const float* from = a.at + q * a.row + i;
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

// A block in panels of WIDTH columns. Rows of B are read from end to end.
void pack_panels(const Operand& b, const Block& block, float* panels) {
    const int64_t whole = b.transposed ? 0 : block.columns / WIDTH * WIDTH;
    for (int64_t q = 0; q < block.depth; ++q) {
        const float* from = b.at + (block.p + q) * b.row + block.j;
        float* to = panels + q * WIDTH;
        for (int64_t i = 0; i < whole; i += WIDTH) {
            store(to + i * block.depth, load(from + i));
            store(to + i * block.depth + LANES, load(from + i + LANES));
        }
    }
    for (int64_t i = whole; i < block.columns; i += WIDTH) {
        pack_columns(b, block.j + i, least(WIDTH, block.columns - i), block.p, block.depth, panels + i * block.depth);
    }
}

// Fetches rows of an operand, or columns of its transpose, by `calls` calls.
Ahead fetching(const Operand& x, bool columns, int64_t i, int64_t count, int64_t p, int64_t depth, int64_t calls) {
    return columns ? Ahead(x.at + p * x.row + i, x.row, depth, count, calls) : Ahead(x.at + i * x.row + p, x.row, count, depth, calls);
}

// Calls of Ahead::fetch in all tiles of a panel of A.
int64_t calls(const Block& block) { return (block.columns + WIDTH - 1) / WIDTH * ((block.depth + STEP - 1) / STEP); }

// Whether rows of A that are multiplied at once would fill the sets of the first cache that they fall into, with nothing left for B and C:
// sets repeat every 1,024 floats, and hold eight lines each.
bool share_sets(const Operand& a) { return a.row % (ROWS > 8 ? 512 : 1024) == 0; }

// Panels of op(A) times all packed panels of a block.
template <int R, bool TRANSPOSED>
void rows_of_tiles(const Operand& a, int64_t i, int64_t panels_of_a, const Block& block, const float* panels, float beta, float* c,
                   int64_t row, float* packed, Ahead& ahead) {
    const float* from = a.at + i * a.row;
    int64_t between = a.row;
    if constexpr (TRANSPOSED) {
        pack_rows_transposed<R>(a, i, panels_of_a, block.depth, packed);
        from = packed;
    } else if (share_sets(a)) {
        copy_rows(from, a.row, R, block.depth, packed);
        from = packed;
        between = COPIED;
    }
    for (int64_t n = 0; n < panels_of_a; ++n, c += R * row) {
        const Panel<R, TRANSPOSED> panel(from + n * block.depth * R, between);
        for (int64_t j = 0; j < block.columns; j += WIDTH) {
            const int64_t count = least(WIDTH, block.columns - j);
            const float* columns = panels + j * block.depth;
            if (count > LANES) {
                tile<R, 2, TRANSPOSED>(block.depth, panel, columns, beta, c + j, row, count - LANES, ahead);
            } else {
                tile<R, 1, TRANSPOSED>(block.depth, panel, columns, beta, c + j, row, count, ahead);
            }
        }
    }
}

using RowsOfTiles = void (*)(const Operand&, int64_t, int64_t, const Block&, const float*, float, float*, int64_t, float*, Ahead&);

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

// Panels of A, and the copy of its last rows.
constexpr int64_t rows_floats() { return DEPTH * ROWS * GROUP + LAST_ROWS * COPIED; }
constexpr int64_t packed_floats() { return DEPTH * (COLUMNS + WIDTH) + rows_floats() + LANES; }

}  // namespace

int64_t product_scratch() {
    int64_t floats = packed_floats() + TURNED;
    if constexpr (TILE_UNIT) {
        floats = pieces_scratch() > floats ? pieces_scratch() : floats;
    }
    return floats;
}

namespace {

void product_by_vectors(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row,
                        float* scratch);

// C += op(A) times a block; `a` begins at the block's depths. Of B, `next` is fetched meanwhile.
void times_block(int64_t m, const Operand& a, const Operand& b, const Block& block, const Block& next, const float* panels, float beta,
                 float* c, int64_t c_row, float* packed) {
    const int64_t panels_of_last = (least(m, LAST_ROWS) + ROWS - 1) / ROWS;
    Ahead ahead = fetching(b, !b.transposed, next.j, next.columns, next.p, next.depth, panels_of_last * calls(block));
    int64_t left = (m + ROWS - 1) / ROWS;  // panels, of even shares of the rows
    for (int64_t i = 0, end; i < m; i = end) {
        const int64_t rows = (m - i + left - 1) / left;
        const int64_t at_once = a.transposed ? least(GROUP, (m - i) / rows) : 1;
        end = i + at_once * rows;
        left -= at_once;
        const RowsOfTiles multiply = rows_of_tiles_of(a, rows);
        if (m - i <= LAST_ROWS) {
            multiply(a, i, at_once, block, panels, beta, c + i * c_row, c_row, packed, ahead);
        } else {
            Ahead of_a = fetching(a, a.transposed, end, least(at_once * rows, m - end), 0, block.depth, at_once * calls(block));
            multiply(a, i, at_once, block, panels, beta, c + i * c_row, c_row, packed, of_a);
        }
    }
}

// The same sums in the same order, of the transposes.
void product_turned(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row,
                    float* scratch) {
    float* turned = scratch + packed_floats();
    for (int64_t i = 0; i < m && beta != 0.0f; ++i) {
        for (int64_t j = 0; j < n; ++j) {
            turned[j * m + i] = c[i * c_row + j];
        }
    }
    product_by_vectors(n, m, k, {b.at, b.row, !b.transposed}, {a.at, a.row, !a.transposed}, beta, turned, m, scratch);
    for (int64_t i = 0; i < m; ++i) {
        for (int64_t j = 0; j < n; ++j) {
            c[i * c_row + j] = turned[j * m + i];
        }
    }
}

void product_by_vectors(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row,
                        float* scratch) {
    if (turns(m, n, a)) {
        return product_turned(m, n, k, a, b, beta, c, c_row, scratch);
    }
    float* panels = scratch;
    float* packed = panels + DEPTH * (COLUMNS + WIDTH);
    float* copied = packed + DEPTH * ROWS * GROUP;
    const int64_t depth = share(k, DEPTH);
    const int64_t columns = m <= LAST_ROWS ? FEW_COLUMNS : COLUMNS;
    const auto block_at = [&](int64_t p, int64_t j) { return Block{p, least(depth, k - p), j, least(columns, n - j)}; };
    for (int64_t p = 0; p < k; p += depth) {
        Operand rows{a.at + (a.transposed ? p * a.row : p), a.row, a.transposed};
        if (m <= LAST_ROWS && !a.transposed && share_sets(a)) {
            copy_rows(rows.at, a.row, m, least(depth, k - p), copied);
            rows = {copied, COPIED, false};
        }
        for (int64_t j = 0; j < n; j += columns) {
            const Block block = block_at(p, j);
            const Block next = j + columns < n ? block_at(p, j + columns) : p + depth < k ? block_at(p + depth, 0) : Block{};
            pack_panels(b, block, panels);
            times_block(m, rows, b, block, next, panels, p == 0 ? beta : 1.0f, c + j, c_row, packed);
        }
    }
}

}  // namespace

void product(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row, float* scratch) {
    if constexpr (TILE_UNIT) {
        if (suits_tiles(n, k)) {
            return product_of_pieces(m, n, k, a, b, beta, c, c_row, scratch);
        }
    }
    product_by_vectors(m, n, k, a, b, beta, c, c_row, scratch);
}

}  // namespace em::EM_ISA

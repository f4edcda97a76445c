#include "cpu/amx/pieces.h"

namespace em::EM_ISA {
namespace {

constexpr int64_t PAIR_OF_TILES = 2 * TILE;

// to[p * step + i] = from[i * row + p] for i < count <= 16, p < depth; the rest of to[whole][16] is 0.
EM_INLINE void transpose_sixteen(const float* from, int64_t row, int64_t count, int64_t depth, int64_t whole, float* to, int64_t step) {
    if (count < TILE || depth < whole) {
        for (int64_t p = 0; p < whole; ++p) {
            for (int64_t i = 0; i < TILE; ++i) {
                to[p * step + i] = i < count && p < depth ? from[i * row + p] : 0.0f;
            }
        }
        return;
    }
    for (int64_t i = 0; i < TILE; i += LANES) {
        transpose(from + i * row, row, LANES, depth, to + i, step);
    }
}

EM_INLINE int64_t within(int64_t count, int64_t most) { return count < 0 ? 0 : least(count, most); }

// 16 rows of op(A) that lie in memory as rows.
EM_INLINE void pack_rows(const float* from, int64_t row, int64_t rows, int64_t depth, int64_t tile, const PanelOfPieces& to) {
    for (int64_t i = 0; i < TILE; ++i, from += row) {
        for (int64_t slab = 0; slab < slabs_of(depth); ++slab) {
            const int64_t left = i < rows ? depth - slab * TILE_DEPTH : 0;
            const float* at = left > 0 ? from + slab * TILE_DEPTH : nullptr;
            const Sixteen first = left > 0 ? load_sixteen(at, least(left, TILE)) : Sixteen{};
            const Sixteen second = left > TILE ? load_sixteen(at + TILE, least(left - TILE, TILE)) : Sixteen{};
            store_pieces(first, second, to.row(slab, tile, i), to.apart());
        }
    }
}

// The same of rows that lie in memory as columns: from[p * row + i].
EM_INLINE void pack_rows_transposed(const float* from, int64_t row, int64_t rows, int64_t depth, int64_t tile, const PanelOfPieces& to) {
    alignas(64) float block[TILE][TILE_DEPTH];
    for (int64_t slab = 0; slab < slabs_of(depth); ++slab, from += TILE_DEPTH * row) {
        for (int64_t half = 0; half < TILE_DEPTH; half += TILE) {
            const int64_t count = within(depth - slab * TILE_DEPTH - half, TILE);
            transpose_sixteen(from + half * row, row, count, rows, TILE, &block[0][half], TILE_DEPTH);
        }
        for (int64_t i = 0; i < TILE; ++i) {
            store_pieces(load_sixteen(block[i]), load_sixteen(block[i] + TILE), to.row(slab, tile, i), to.apart());
        }
    }
}

// Columns of a slab of op(B) that lie in memory as columns: from[p * row + j].
EM_INLINE void pack_columns(const float* from, int64_t row, int64_t columns, int64_t depth, int64_t slab, int64_t numbers, uint16_t* to) {
    for (int64_t i = 0; i < TILE; ++i) {
        const float* first = i < depth ? from + i * row : nullptr;
        const float* second = TILE + i < depth ? from + (TILE + i) * row : nullptr;
        for (int64_t j = 0; j < columns; j += TILE) {
            const int64_t first_column = j / PAIR_OF_TILES * PAIR_OF_TILES;
            const PanelOfPieces panel{to + j / PAIR_OF_TILES * numbers, tiles_of(columns - first_column)};
            const int64_t count = least(columns - j, TILE);
            store_pieces(first == nullptr ? Sixteen{} : load_sixteen(first + j, count),
                         second == nullptr ? Sixteen{} : load_sixteen(second + j, count), panel.row(slab, (j - first_column) / TILE, i),
                         panel.apart());
        }
    }
}

// The same of columns that lie in memory as rows: from[j * row + p].
EM_INLINE void pack_columns_transposed(const float* from, int64_t row, int64_t columns, int64_t depth, int64_t tile,
                                       const PanelOfPieces& to) {
    alignas(64) float block[TILE_DEPTH][TILE];
    for (int64_t slab = 0; slab < slabs_of(depth); ++slab, from += TILE_DEPTH) {
        transpose_sixteen(from, row, columns, least(depth - slab * TILE_DEPTH, TILE_DEPTH), TILE_DEPTH, block[0], TILE);
        for (int64_t i = 0; i < TILE; ++i) {
            store_pieces(load_sixteen(block[i]), load_sixteen(block[TILE + i]), to.row(slab, tile, i), to.apart());
        }
    }
}

}  // namespace

void pack_pieces_of_rows(const Operand& a, int64_t i, int64_t rows, int64_t p, int64_t depth, const PanelOfPieces& to) {
    for (int64_t tile = 0; tile < to.tiles; ++tile) {
        const int64_t first = i + tile * TILE;
        const int64_t count = within(rows - tile * TILE, TILE);
        if (a.transposed) {
            pack_rows_transposed(a.at + p * a.row + first, a.row, count, depth, tile, to);
        } else {
            pack_rows(a.at + first * a.row + p, a.row, count, depth, tile, to);
        }
    }
}

void pack_pieces_of_columns(const Operand& b, const Block& block, uint16_t* to) {
    const int64_t numbers = panel_numbers(block.depth, 2);
    if (!b.transposed) {
        for (int64_t slab = 0; slab < slabs_of(block.depth); ++slab) {
            const int64_t begin = slab * TILE_DEPTH;
            pack_columns(b.at + (block.p + begin) * b.row + block.j, b.row, block.columns, least(block.depth - begin, TILE_DEPTH), slab,
                         numbers, to);
        }
        return;
    }
    for (int64_t j = 0; j < block.columns; j += TILE) {
        const int64_t pair = j / PAIR_OF_TILES;
        const PanelOfPieces panel{to + pair * numbers, tiles_of(block.columns - pair * PAIR_OF_TILES)};
        pack_columns_transposed(b.at + (block.j + j) * b.row + block.p, b.row, least(block.columns - j, TILE), block.depth, j / TILE % 2,
                                panel);
    }
}

}  // namespace em::EM_ISA

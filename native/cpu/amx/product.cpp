// Panels of B and of A are cut into pieces and packed; the innermost loop keeps 2 x 2 tiles of C in the tile unit's registers.
#include "cpu/amx/product.h"

#include "cpu/amx/pieces.h"

namespace em::EM_ISA {
namespace {

// Depths and columns of a block of B, whose pieces stay in the second cache. A panel of A stays in the first, while those of B pass by.
constexpr int64_t DEPTH = 128;
constexpr int64_t COLUMNS = 1024;
constexpr int64_t SPAN = 2 * TILE;  // rows and columns of 2 x 2 tiles

constexpr int64_t NUMBERS_OF_B = DEPTH * COLUMNS * PIECES;
constexpr int64_t NUMBERS_OF_A = DEPTH * SPAN * PIECES;

// Rows of floats.
struct Rows {
    float* at;
    int64_t row;  // floats between rows
};

// Rows of C that are fetched into the second cache with each slab.
constexpr int64_t FETCHED = SPAN * TILE_DEPTH / DEPTH;

// R x V tiles of sums. Tiles 0 to 3 are sums, 4 and 5 of A, 6 and 7 of B. Rows of C that are written next are fetched meanwhile.
template <int R, int V>
[[gnu::noinline]] void tiles(int64_t slabs, const uint16_t* a, const uint16_t* b, const Rows& sums, const Rows& next) {
    const int64_t row_bytes = sums.row * static_cast<int64_t>(sizeof(float));
    float* const lower = sums.at + TILE * sums.row;
    const float* fetched = next.at;
#define EM_EACH_TILE(do00, do01, do10, do11) \
    do00;                                    \
    if constexpr (V > 1) {                   \
        do01;                                \
    }                                        \
    if constexpr (R > 1) {                   \
        do10;                                \
    }                                        \
    if constexpr (R > 1 && V > 1) {          \
        do11;                                \
    }
    EM_EACH_TILE(EM_TILE_ZERO(0), EM_TILE_ZERO(1), EM_TILE_ZERO(2), EM_TILE_ZERO(3))
#define EM_LOAD_A(piece)                                                     \
    EM_TILE_LOAD(4, a + (piece)*R * TILE_NUMBERS, 2 * TILE_DEPTH);           \
    if constexpr (R > 1) {                                                   \
        EM_TILE_LOAD(5, a + ((piece)*R + 1) * TILE_NUMBERS, 2 * TILE_DEPTH); \
    }
#define EM_LOAD_B(piece)                                                     \
    EM_TILE_LOAD(6, b + (piece)*V * TILE_NUMBERS, 2 * TILE_DEPTH);           \
    if constexpr (V > 1) {                                                   \
        EM_TILE_LOAD(7, b + ((piece)*V + 1) * TILE_NUMBERS, 2 * TILE_DEPTH); \
    }
#define EM_MULTIPLY EM_EACH_TILE(EM_TILE_MULTIPLY(0, 4, 6), EM_TILE_MULTIPLY(1, 4, 7), EM_TILE_MULTIPLY(2, 5, 6), EM_TILE_MULTIPLY(3, 5, 7))
    // Small products first. In this order one operand stays from each product to the next.
    for (int64_t slab = 0; slab < slabs; ++slab) {
        EM_LOAD_A(0)
        EM_LOAD_B(2)
        EM_MULTIPLY
        for (int64_t i = 0; i < FETCHED; ++i, fetched += next.row) {
            __builtin_prefetch(fetched, 0, 2);
            __builtin_prefetch(fetched + TILE, 0, 2);
        }
        EM_LOAD_B(1)
        EM_MULTIPLY
        EM_LOAD_A(1)
        EM_MULTIPLY
        EM_LOAD_B(0)
        EM_MULTIPLY
        EM_LOAD_A(2)
        EM_MULTIPLY
        EM_LOAD_A(0)
        EM_MULTIPLY
        a += PIECES * R * TILE_NUMBERS;
        b += PIECES * V * TILE_NUMBERS;
    }
    EM_EACH_TILE(EM_TILE_STORE(0, sums.at, row_bytes), EM_TILE_STORE(1, sums.at + TILE, row_bytes), EM_TILE_STORE(2, lower, row_bytes),
                 EM_TILE_STORE(3, lower + TILE, row_bytes))
}

using Tiles = void (*)(int64_t, const uint16_t*, const uint16_t*, const Rows&, const Rows&);
constexpr Tiles TILES[2][2] = {{tiles<1, 1>, tiles<1, 2>}, {tiles<2, 1>, tiles<2, 2>}};

// c = beta c + sums, rows x columns of them; the sums' rows are SPAN apart.
void add_sums(const float* sums, int64_t rows, int64_t columns, float beta, float* c, int64_t c_row) {
    for (int64_t i = 0; i < rows; ++i, sums += SPAN, c += c_row) {
        vectors(0, columns, [&](int64_t j, auto access) {
            const Floats x = access.load(sums + j);
            access.store(c + j, beta == 0.0f ? x : x + splat(beta) * access.load(c + j));
        });
    }
}

// C = beta C + A B for rows x columns of C, at most SPAN x SPAN.
void multiply_tiles(int64_t rows, int64_t columns, int64_t depth, const uint16_t* a, const uint16_t* b, float beta, float* c,
                    int64_t c_row) {
    const Rows next{c + SPAN * c_row, c_row};
    const Tiles multiply = TILES[tiles_of(rows) - 1][tiles_of(columns) - 1];
    if (rows % TILE == 0 && columns % TILE == 0 && beta == 0.0f) {
        return multiply(slabs_of(depth), a, b, {c, c_row}, next);
    }
    alignas(64) float sums[SPAN * SPAN];
    multiply(slabs_of(depth), a, b, {sums, SPAN}, next);
    add_sums(sums, rows, columns, beta, c, c_row);
}

// Even shares of a length that are at most `most`, in whole steps.
int64_t share(int64_t length, int64_t most, int64_t step) {
    const int64_t parts = (length + most - 1) / most;
    return ((length + parts - 1) / parts + step - 1) / step * step;
}

}  // namespace

bool suits_tiles(int64_t n, int64_t k) { return n >= TILE && k >= TILE_DEPTH; }

int64_t pieces_scratch() { return (NUMBERS_OF_A + NUMBERS_OF_B) / 2; }

namespace {

// Rows of C += rows of op(A) times a block of op(B) whose pieces are packed.
void times_block(int64_t m, const Operand& a, const Block& block, const uint16_t* pieces_of_b, float beta, float* c, int64_t c_row,
                 uint16_t* pieces_of_a) {
    const int64_t numbers = panel_numbers(block.depth, 2);
    for (int64_t i = 0; i < m; i += SPAN) {
        const int64_t rows = least(SPAN, m - i);
        pack_pieces_of_rows(a, i, rows, block.p, block.depth, {pieces_of_a, tiles_of(rows)});
        for (int64_t j = 0; j < block.columns; j += SPAN) {
            multiply_tiles(rows, least(SPAN, block.columns - j), block.depth, pieces_of_a, pieces_of_b + j / SPAN * numbers, beta,
                           c + i * c_row + block.j + j, c_row);
        }
    }
}

}  // namespace

void product_of_pieces(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row,
                       float* scratch) {
    const TileUnit unit;
    uint16_t* const pieces_of_b = reinterpret_cast<uint16_t*>(scratch);
    uint16_t* const pieces_of_a = pieces_of_b + NUMBERS_OF_B;
    const int64_t depth = share(k, DEPTH, TILE_DEPTH);
    for (int64_t p = 0; p < k; p += depth) {
        for (int64_t j = 0; j < n; j += COLUMNS) {
            const Block block{p, least(depth, k - p), j, least(COLUMNS, n - j)};
            pack_pieces_of_columns(b, block, pieces_of_b);
            times_block(m, a, block, pieces_of_b, p == 0 ? beta : 1.0f, c, c_row, pieces_of_a);
        }
    }
}

}  // namespace em::EM_ISA

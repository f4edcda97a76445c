// Float32 numbers as sums of three bfloat16, and matrices of them in the order in which the tile unit reads them.
//
// x = x1 + x2 + x3 exactly: each piece has 8 significant bits, and what the first leaves has 16 of the 24. |x2| <= 2^-8 |x| and
// |x3| <= 2^-16 |x| (x1 and x2 are rounded to nearest). Numbers below 2^-110 lose their last bits, since pieces below 2^-126 count as zero.
// NaN stays NaN in the third piece, and infinity becomes NaN there.
#pragma once
#include "cpu/amx/tile_unit.h"
#include "cpu/product.h"
#include "cpu/transpose.h"

namespace em::EM_ISA {

constexpr int64_t PIECES = 3;

typedef float Sixteen __attribute__((vector_size(64)));
typedef uint32_t SixteenWords __attribute__((vector_size(64)));

EM_INLINE Sixteen load_sixteen(const float* from, int64_t count = TILE) {
    Sixteen x{};
#if defined(__AVX512F__)
    if (count < TILE) {
        return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from);
    }
#endif
    __builtin_memcpy(&x, from, count * sizeof(float));
    return x;
}

// Rounds to 8 significant bits, halves away from zero.
EM_INLINE SixteenWords rounded(Sixteen x) { return (reinterpret_cast<SixteenWords>(x) + 0x8000u) & 0xffff0000u; }

// Writes a row of 16 pairs (first[i], second[i]) of each piece to a row of its tile; tiles of pieces are `apart` numbers apart.
EM_INLINE void store_pieces(Sixteen first, Sixteen second, uint16_t* to, int64_t apart) {
    for (int64_t piece = 0; piece < PIECES; ++piece) {
        const bool last = piece + 1 == PIECES;
        const SixteenWords a = last ? reinterpret_cast<SixteenWords>(first) : rounded(first);
        const SixteenWords b = last ? reinterpret_cast<SixteenWords>(second) & 0xffff0000u : rounded(second);
        const SixteenWords pairs = a >> 16 | b;
        __builtin_memcpy(to + piece * apart, &pairs, sizeof pairs);
        first -= reinterpret_cast<Sixteen>(a);
        second -= reinterpret_cast<Sixteen>(b);
    }
}

// A panel of A or of B is [slab of TILE_DEPTH depths][piece][tile], with one or two tiles. Within a slab, pairs are of the depths i, 16 +
// i.
struct PanelOfPieces {
    uint16_t* at;
    int64_t tiles;
    EM_INLINE uint16_t* row(int64_t slab, int64_t tile, int64_t row) const {
        return at + ((slab * PIECES * tiles + tile) * TILE + row) * TILE_DEPTH;
    }
    EM_INLINE int64_t apart() const { return tiles * TILE_NUMBERS; }
};

// `rows` rows of op(A), from row i and depth p on; the rest of the tiles is 0.
void pack_pieces_of_rows(const Operand& a, int64_t i, int64_t rows, int64_t p, int64_t depth, const PanelOfPieces& to);

// A block of op(B); the rest of the tiles is 0. Panels of 32 columns, the last one of 16 if that is enough, follow each other:
// panel_numbers(depth, 2) numbers each.
void pack_pieces_of_columns(const Operand& b, const Block& block, uint16_t* to);

EM_INLINE int64_t slabs_of(int64_t depth) { return (depth + TILE_DEPTH - 1) / TILE_DEPTH; }
EM_INLINE int64_t tiles_of(int64_t count) { return count > TILE ? 2 : 1; }
EM_INLINE int64_t panel_numbers(int64_t depth, int64_t tiles) { return slabs_of(depth) * PIECES * tiles * TILE_NUMBERS; }

}  // namespace em::EM_ISA

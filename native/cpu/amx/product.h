// Matrix products by the tile unit.
#pragma once
#include "cpu/product.h"

namespace em::EM_ISA {

// Whether products of this instruction set are by the tile unit where that is faster.
#if defined(EM_TILE_UNIT)
constexpr bool TILE_UNIT = true;
#else
constexpr bool TILE_UNIT = false;
#endif

// Whether a product is by the tile unit: it is faster by vectors where most of a tile would be empty. The number of rows does not count, so
// that a row has the same bits among few others and among many.
bool suits_tiles(int64_t n, int64_t k);

// Floats that product_of_pieces wants as scratch, aligned to 64 bytes.
int64_t pieces_scratch();

// C (m x n) = op(A) (m x k) op(B) (k x n) + beta C, as `product` does it. Each factor is taken for the sum of its three pieces, and of the
// nine products of pieces the six largest are added: what is left out is at most 2^-23 of |a| |b|. Sums are kept in float32, and are
// rounded six times in 32 depths.
void product_of_pieces(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row,
                       float* scratch);

}  // namespace em::EM_ISA

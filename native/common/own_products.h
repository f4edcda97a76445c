// Which matrix products our own kernel computes, and how it sums them. Shapes alone decide, so that a run has the same bits on every GPU
// and whatever trains beside it.
#pragma once
#include <algorithm>

#include "em/arithmetic.h"
#include "em/gpu.h"

namespace em {

// Tiles of C of `side` by `side`.
inline int64_t tiles_of(int64_t m, int64_t n, int64_t side) { return ((m + side - 1) / side) * ((n + side - 1) / side); }

// In how many pieces of k a sum is made, which are then added in order. Each is written and read once more, so there are several only where
// C has too few tiles to fill a GPU: the least tiles, of sums of a few hundred terms, or large ones, of which long sums read less.
inline int64_t pieces_of(int64_t m, int64_t n, int64_t k, int32_t arithmetic) {
    const int64_t least_tiles = arithmetic == EM_FLOAT32 ? 256 : 64;
    const int64_t of_short = std::min(k / 256, least_tiles / tiles_of(m, n, 32));
    const int64_t of_long = std::min({int64_t{16}, k / 768, 128 / tiles_of(m, n, 128)});
    return std::max({int64_t{1}, of_short, of_long});
}

// Whether our own kernel computes it where a library is there too: what it loses in its rate it gains by a launch and by what need not be
// read again, or by filling the GPU. Chosen by what an H200 took for each of them alone (tests/gpu-results): the library's kernels with
// unsplit sums leave most of the GPU idle where C has few tiles; they are faster than ours where it has many.
inline bool own_product(const em_gemm_args& a, int32_t arithmetic) {
    const bool gradient_of_weights = a.trans_a && !a.trans_b;
    const bool output_of_a_layer = !a.trans_a && a.trans_b;                      // bias, residual and activation follow
    const bool gradient_of_hidden = !a.trans_a && !a.trans_b && a.n >= 2 * a.k;  // that of an activation follows
    const bool finished = output_of_a_layer || gradient_of_hidden;
    if (arithmetic == EM_FLOAT32) {
        const int64_t tiles = tiles_of(a.m, a.n, 128);
        const bool small = a.k >= 64 && (tiles < 16 || (tiles < 40 && a.k <= 512));
        return gradient_of_weights || small || (finished && a.k <= 1024);
    }
    // Ours are slower from many multiply-adds on: by half, which one pass over C that is saved outweighs up to 512 terms.
    const int64_t work = a.m * a.n * a.k;
    const bool saves_a_pass = finished && a.k <= 512 && work <= int64_t{1} << 31;
    return gradient_of_weights || saves_a_pass || work <= int64_t{5} << 26;
}

}  // namespace em

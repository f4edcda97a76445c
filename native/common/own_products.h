// Which matrix products our own kernel computes, and how it sums them. Shapes alone decide, so that a run has the same bits on every GPU
// and whatever trains beside it.
#pragma once
#include <algorithm>

#include "em/arithmetic.h"
#include "em/gpu.h"

namespace em {

// Tiles of C of 128 by 128.
inline int64_t large_tiles_of(int64_t m, int64_t n) {
    constexpr int64_t side = 128;
    return ((m + side - 1) / side) * ((n + side - 1) / side);
}

// In how many pieces of k a sum is made, which are then added in order: several where C alone has too few tiles to fill a GPU.
inline int64_t pieces_of(int64_t m, int64_t n, int64_t k) {
    constexpr int64_t wanted = 128;  // large tiles of C
    constexpr int64_t most = 16;     // each is written and read once more
    const int64_t tiles = large_tiles_of(m, n);
    const int64_t least = tiles > 8 ? 512 : 256;  // terms of a piece
    return std::max<int64_t>(1, std::min({most, k / least, wanted / tiles}));
}

// Whether our own kernel computes it where a library is there too: what it loses in its rate it gains by a launch and by what need not be
// read again, or by filling the GPU. Chosen by what an H200 took for each of them alone (tests/gpu-results): the library's kernels with
// unsplit sums leave most of the GPU idle where C has few tiles; on tensor cores they are twice as fast as ours where it has many.
inline bool own_product(const em_gemm_args& a, int32_t arithmetic) {
    const bool gradient_of_weights = a.trans_a && !a.trans_b;
    const bool output_of_a_layer = !a.trans_a && a.trans_b;                      // bias, residual and activation follow
    const bool gradient_of_hidden = !a.trans_a && !a.trans_b && a.n >= 2 * a.k;  // that of an activation follows
    const bool finished = output_of_a_layer || gradient_of_hidden;
    if (arithmetic == EM_FLOAT32) {
        const bool small = large_tiles_of(a.m, a.n) < 16 && a.k >= 64;
        return gradient_of_weights || small || (finished && a.k <= 1024);
    }
    constexpr int64_t most = int64_t{1} << 28;  // multiply-adds
    return gradient_of_weights || (finished && a.k <= 512 && a.m * a.n * a.k <= most);
}

}  // namespace em

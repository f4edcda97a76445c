// Which matrix products our own kernel computes, and how it sums them. Shapes alone decide, so that a run has the same bits on every GPU
// and whatever trains beside it.
#pragma once
#include <algorithm>

#include "em/arithmetic.h"
#include "em/gpu.h"

namespace em {

// In how many pieces of k a sum is made, which are then added in order: several where C alone has too few tiles to fill a GPU.
inline int64_t pieces_of(int64_t m, int64_t n, int64_t k) {
    constexpr int64_t tile = 128;
    constexpr int64_t wanted = 64;  // large tiles of C
    constexpr int64_t least = 256;  // terms of a piece
    constexpr int64_t most = 4;     // each is written and read once more
    const int64_t tiles = ((m + tile - 1) / tile) * ((n + tile - 1) / tile);
    return std::max<int64_t>(1, std::min({most, k / least, wanted / tiles}));
}

// Whether our own kernel computes it where a library is there too. By the model of `emergence profile --predict` it is then no slower: what
// it loses in its rate it gains by a launch and by what need not be read again, or by filling the GPU.
inline bool own_product(const em_gemm_args& a, int32_t) {
    constexpr int64_t deepest = 1024;  // what an epilogue saves pays for so many terms of an element
    const bool output_of_a_layer = !a.trans_a && a.trans_b;  // bias, residual and activation follow
    const bool gradient_of_weights = a.trans_a && !a.trans_b;
    const bool gradient_of_hidden = !a.trans_a && !a.trans_b && a.n >= 2 * a.k;  // that of an activation follows
    return ((output_of_a_layer || gradient_of_hidden) && a.k <= deepest) || gradient_of_weights || pieces_of(a.m, a.n, a.k) > 1;
}

}  // namespace em

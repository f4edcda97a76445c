// What both launches of attention's gradients on tensor cores share (attention_mma_query_gradient.cu, attention_mma_key_gradient.cu), as
// attention_backward.cu has them: dS = P (dO V^T - delta), dQ = scale dS K, dK = scale dS^T Q, dV = P^T dO with Q, K, V, O, dO, P and dS
// rounded to tf32 or bf16, or in float32 split into two parts, products summed and all else computed in float32. 14 Lq Lk Dh operations a
// head. Tiles of 32 come and are masked as in attention_mma_forward.cu.
#pragma once
#include "cuda/attention_mma_blocks.h"
#include "cuda/attention_mma_products.h"

namespace em::mma_gradient_parts {

constexpr int TILE = 32;
constexpr int N = TILE / MMA_COLUMNS;

// Wider heads leave shared memory for two warps of 8.6.
template <int DH>
constexpr int MOST_WARPS = DH == 128 ? 2 : 4;
// Of a multiprocessor, for which registers are kept: 128 a thread for narrow heads, 168 for 64 columns, 255 for 128. Of bf16, of split
// operands, and of heads that are biased or not whole, the compiler takes more.
template <class P, int DH, bool FAST>
constexpr int BLOCKS = DH == 128 ? 2 : (DH == 64 ? 3 : 4) - (std::is_same_v<P, Tf32> && FAST ? 0 : 1);

// Floats of a tile of rows of two tensors.
template <int DH>
constexpr int TWO_TILES = 2 * TILE* VALUE_STRIDE<DH>;

// P of a log2 weight, whose lse is in units of ln 2; MASKED: of keys that are not seen 0.
template <bool MASKED>
EM_DEVICE float weight_of(float log2_weight, float lse) {
    return MASKED && log2_weight == MINUS_INFINITY ? 0.0f : power_of_two(log2_weight - lse);
}

// Calls body with the precision, the width of a head and whether kernels for fast heads serve.
template <class Body>
void dispatch_gradient(const CudaDevice& device, const AttentionView& a, Body&& body) {
    dispatch_staged<true>(device, fast(a) ? a.head_dim : larger(a.head_dim, 32), [&](auto precision, auto width) {
        if (fast(a)) {
            body(precision, width, std::true_type());
        } else if constexpr (decltype(width)::value > 16) {
            body(precision, width, std::false_type());
        }
    });
}

}  // namespace em::mma_gradient_parts

// Where attention in float32 multiplies on tensor cores, each number split into two parts (cuda/tensor_core.h). Shapes alone decide, so
// that a run has the same bits on every GPU and whatever trains beside it.
#pragma once
#include <algorithm>
#include <cstdint>

namespace em {

// What the kernels can do. A single query waits for memory; of wider heads registers do not hold the parts.
inline bool can_split_attention(int64_t queries, int64_t head_dim) { return queries > 1 && head_dim <= 64; }

// Otherwise each product is one fused multiply-add. Chosen by what an H200 took (tests/gpu-results, gpu-ladder --only attention_float32):
// from 48 tokens on all of it is faster split. With up to 32 the forward pass is too, the gradients are not, whose one launch computes each
// weight once. Both go the same way: where one weight is 1, the output is that value as the gradients split it, and its gradient 0.
inline bool split_attention(int64_t queries, int64_t keys, int64_t head_dim) {
    constexpr int64_t from = 33;  // tokens
    return can_split_attention(queries, head_dim) && std::max(queries, keys) >= from;
}

}  // namespace em

// What the attention kernels on tensor cores share. A warp takes 16 rows (queries, or keys in the gradients of keys and values); scores
// stay in its registers, where the result of one product is the left operand of the next.
#pragma once
#include "cuda/attention.h"
#include "cuda/tensor_core.h"

namespace em {

EM_DEVICE int lane_row() { return lane_index() / 4; }
EM_DEVICE int lane_word() { return lane_index() % 4; }

// Columns column .. column + 3 of a row of a head; zero where there are none.
EM_DEVICE float4 head_four(const float* row, int column, bool present, const AttentionView& a) {
    float4 four = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    if (present && a.fours && column < a.head_dim) {
        four = *reinterpret_cast<const float4*>(row + column);
    } else if (present && !a.fours) {
        four.x = column < a.head_dim ? row[column] : 0.0f;
        four.y = column + 1 < a.head_dim ? row[column + 1] : 0.0f;
        four.z = column + 2 < a.head_dim ? row[column + 2] : 0.0f;
        four.w = column + 3 < a.head_dim ? row[column + 3] : 0.0f;
    }
    return four;
}

// Columns 8 n .. 8 n + 7 of results of products, of bf16 8 n .. 8 n + 15, as the left operand of the next product.
template <class P, int N>
EM_DEVICE void left_of(const FragmentC (&results)[N], int n, FragmentA& left) {
    if constexpr (P::PER_WORD == 1) {
        left[0] = P::operand(results[n][0]);
        left[1] = P::operand(results[n][2]);
        left[2] = P::operand(results[n][1]);
        left[3] = P::operand(results[n][3]);
    } else {
        left[0] = P::word(results[n][0], results[n][1]);
        left[1] = P::word(results[n][2], results[n][3]);
        left[2] = P::word(results[n + 1][0], results[n + 1][1]);
        left[3] = P::word(results[n + 1][2], results[n + 1][3]);
    }
}

}  // namespace em

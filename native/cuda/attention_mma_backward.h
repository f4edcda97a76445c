// What the launches of attention's gradients on tensor cores share: one for all (attention_mma_joint_gradient.cu), or one for dQ and one
// for dK and dV (attention_mma_query_gradient.cu, attention_mma_key_gradient.cu). As attention_backward.cu has them: dS = P (dO V^T -
// delta), dQ = scale dS K, dK = scale dS^T Q, dV = P^T dO with Q, K, V, O, dO, P and dS rounded to tf32 or bf16, or in float32 split into
// two parts, products summed and all else computed in float32. 10 Lq Lk Dh operations a head in one launch, 14 in two. Tiles of 32 come and
// are masked as in attention_mma_forward.cu.
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

// A warp's 16 rows of O or dO, as the rows of a tile are read, for products with its rows of the other. delta must be summed as dO V^T is:
// where one weight is 1, O is that key's value as rounded or split, and dO V^T - delta is 0 rather than a rounding error, which a large
// score would multiply. So what is the left operand of the one is that of the other too.
template <class P, int DH, bool FAST>
struct OutputRows {
    float4 rows[2][DH / 16];

    EM_DEVICE void load(const AttentionView& a, const Head& head, const View<float>& of, int row0) {
#pragma unroll
        for (int n = 0; n < 2; ++n) {
            const int row = row0 + n * MMA_COLUMNS + place(lane_row());
#pragma unroll
            for (int part = 0; part < DH / 16; ++part) {
                rows[n][part] = lane_four<FAST>(head.output(of, a, row), part, row < a.queries, a);
            }
        }
    }
    // dO O of the lane's two rows; kept in memory too.
    template <class Left>
    EM_DEVICE void find_delta(const AttentionView& a, const AttentionGradients& g, const Head& head, int row0, const Left& left,
                              float (&delta)[2]) const {
        FragmentC dots[2] = {};
        add_dots_with<P, DH, FAST, 0, 2>(left, a, dots, [&](int n, int part) { return rows[n][part]; });
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            // Of dots[half] the lane of row g = t or t + 4 holds the diagonal.
            const float own = lane_row() < 4 ? dots[half][2 * half] : dots[half][2 * half + 1];
            delta[half] = __shfl_sync(ALL_LANES, own, 4 * lane_row() + lane_row() % 4);
            const int row = row0 + lane_row() + 8 * half;
            if (row < a.queries && lane_word() == 0) {
                *head.row(g.delta, a, row) = delta[half];
            }
        }
    }
};

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

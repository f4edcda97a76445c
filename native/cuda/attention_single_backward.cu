// The backward pass of attention of one query a head (attention_single.h).
#include "cuda/attention_single.h"

namespace em {
namespace {

using namespace single;

constexpr int TURNS = 2;  // keys of a group at once

// dS = P (dO V^T - delta), dQ = scale dS K, dK = scale dS^T Q, dV = P^T dO. Grid (blocks, 1, replicas): see shape_of.
template <int DH, int WARPS>
__global__ void __launch_bounds__(threads(WARPS), blocks(DH, WARPS))
    attention_single_backward_kernel(AttentionView a, AttentionGradients g) {
    using Part = Slice<DH>;
    EM_SHARED(float, scratch, [WARPS == 1 ? 1 : WARPS * DH]);
    const Place<WARPS> place;
    if (place.head >= a.batch * a.heads) {
        return;
    }
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, place.head);
        float q[Part::COUNT];
        float d_out[Part::COUNT];
        float out[Part::COUNT];
        float d_q[Part::COUNT] = {};
        Part::load(head.query(a.q, a, 0), true, a, q);
        Part::load(head.output(g.d_out, a, 0), true, a, d_out);
        Part::load(head.output(a.out, a, 0), true, a, out);
        const float delta = Part::dot(d_out, out);
        const float lse = log2_sum(*head.row(a.lse, a, 0));
        if (place.warp == 0 && lane_index() == 0) {
            *head.row(g.delta, a, 0) = delta;
        }
        // All lanes of a warp turn equally often, as shuffles need.
        for (int64_t first = 0; first < a.keys; first += TURNS * WARPS * GROUPS) {
            float keys[TURNS][Part::COUNT];
            float values[TURNS][Part::COUNT];
#pragma unroll
            for (int i = 0; i < TURNS; ++i) {
                const int64_t j = place.key(first, i);
                Part::load(head.key(a.k, a, j), j < a.keys, a, keys[i]);
                Part::load(head.key(a.v, a, j), j < a.keys, a, values[i]);
            }
#pragma unroll
            for (int i = 0; i < TURNS; ++i) {
                const int64_t j = place.key(first, i);
                const bool inside = j < a.keys;
                float s = log2_weight(Part::dot(q, keys[i]), a, head, 0, inside ? j : 0);
                if (a.listed_count > 0) {
                    s += listed_weight(a, head, 0, j);
                }
                const float d_p = Part::dot(d_out, values[i]);
                if (!inside) {
                    continue;  // its lanes meet the others again at the next product
                }
                const float p = probability(s, lse);
                const float d_s = p == 0.0f ? 0.0f : a.scale * p * (d_p - delta);
#pragma unroll
                for (int c = 0; c < Part::COUNT; ++c) {
                    d_q[c] += p == 0.0f ? 0.0f : d_s * keys[i][c];
                    keys[i][c] = d_s * q[c];
                    values[i][c] = p * d_out[c];
                }
                Part::store(head.key(g.d_k, a, j), a, keys[i]);
                Part::store(head.key(g.d_v, a, j), a, values[i]);
            }
        }
#pragma unroll
        for (int c = 0; c < Part::COUNT; ++c) {
            d_q[c] = groups_sum(d_q[c]);
        }
        if constexpr (WARPS == 1) {
            if (group_index() == 0) {
                Part::store(head.query(g.d_q, a, 0), a, d_q);
            }
        } else {
            if (group_index() == 0) {
#pragma unroll
                for (int c = 0; c < Part::COUNT; ++c) {
                    scratch[place.warp * DH + Part::column(c)] = d_q[c];
                }
            }
            __syncthreads();
            if (threadIdx.x < a.head_dim) {
                float total = 0.0f;
                for (int warp = 0; warp < WARPS; ++warp) {
                    total += scratch[warp * DH + threadIdx.x];
                }
                head.query(g.d_q, a, 0)[threadIdx.x] = total;
            }
            __syncthreads();
        }
    }
}

}  // namespace

void attention_single_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    dispatch(a, [&](auto width, auto warps) {
        EM_LAUNCH(device, (attention_single_backward_kernel<decltype(width)::value, decltype(warps)::value>), shape_of(a, warps), a, g);
    });
}

}  // namespace em

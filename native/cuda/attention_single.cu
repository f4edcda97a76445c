// The forward pass of attention of one query a head (attention_single.h), in one pass with a running maximum and sum.
#include "cuda/attention_single.h"

namespace em {
namespace {

using namespace single;

constexpr int TURNS = 2;  // keys of a group at once

EM_DEVICE float base_of(float largest) { return largest == MINUS_INFINITY ? 0.0f : largest; }

// What a warp has seen: the largest score in log2, the sum of weights and of weights times values.
template <int DH>
struct Seen {
    using Part = Slice<DH>;
    float largest = MINUS_INFINITY;
    float sum = 0.0f;
    float o[Part::COUNT] = {};

    template <int WARPS>
    EM_DEVICE void add(const AttentionView& a, const Head& head, const Place<WARPS>& place, int64_t first, const float (&q)[Part::COUNT]) {
        float keys[TURNS][Part::COUNT];
        float values[TURNS][Part::COUNT];
        float scores[TURNS];
#pragma unroll
        for (int i = 0; i < TURNS; ++i) {
            const int64_t j = place.key(first, i);
            Part::load(head.key(a.k, a, j), j < a.keys, a, keys[i]);
            Part::load(head.key(a.v, a, j), j < a.keys, a, values[i]);
        }
        float highest = largest;
#pragma unroll
        for (int i = 0; i < TURNS; ++i) {
            const int64_t j = place.key(first, i);
            const float dot = Part::dot(q, keys[i]);
            scores[i] = j < a.keys ? log2_weight(dot, a, head, 0, j) : MINUS_INFINITY;
            if (a.listed_count > 0) {
                scores[i] += listed_weight(a, head, 0, j);
            }
            highest = fmaxf(highest, scores[i]);
        }
        highest = groups_max(highest);
        const float base = base_of(highest);
        const float shrink = exp2f(largest - base);
        largest = highest;
        sum *= shrink;
#pragma unroll
        for (int c = 0; c < Part::COUNT; ++c) {
            o[c] *= shrink;
        }
#pragma unroll
        for (int i = 0; i < TURNS; ++i) {
            const float weight = exp2f(scores[i] - base);
            sum += weight;
#pragma unroll
            for (int c = 0; c < Part::COUNT; ++c) {
                o[c] = scores[i] == MINUS_INFINITY ? o[c] : o[c] + weight * values[i][c];
            }
        }
    }
    EM_DEVICE void join_groups() {
        sum = groups_sum(sum);
#pragma unroll
        for (int c = 0; c < Part::COUNT; ++c) {
            o[c] = groups_sum(o[c]);
        }
    }
};

EM_DEVICE float natural_lse(float base, float total) { return total == 0.0f ? MINUS_INFINITY : (base + log2f(total)) * LN_2; }

// Adds the warps of a head in order, each by its share: thread c gets column c. scratch (WARPS, DH + 2). Ends in a barrier.
template <int DH>
EM_DEVICE void finish(const AttentionView& a, const Head& head, const Seen<DH>& seen, float* scratch) {
    constexpr int ROW = DH + 2;
    float* const mine = scratch + warp_index() * ROW;
    if (group_index() == 0) {
#pragma unroll
        for (int c = 0; c < Slice<DH>::COUNT; ++c) {
            mine[Slice<DH>::column(c)] = seen.o[c];
        }
        mine[DH] = seen.largest;
        mine[DH + 1] = seen.sum;
    }
    __syncthreads();
    if (threadIdx.x < DH) {
        float highest = MINUS_INFINITY;
#pragma unroll
        for (int warp = 0; warp < MANY_WARPS; ++warp) {
            highest = fmaxf(highest, scratch[warp * ROW + DH]);
        }
        const float base = base_of(highest);
        float total = 0.0f;
        float out = 0.0f;
#pragma unroll
        for (int warp = 0; warp < MANY_WARPS; ++warp) {
            const float share = exp2f(scratch[warp * ROW + DH] - base);
            total += scratch[warp * ROW + DH + 1] * share;
            out += scratch[warp * ROW + threadIdx.x] * share;
        }
        if (threadIdx.x < a.head_dim) {
            head.output(a.out, a, 0)[threadIdx.x] = total == 0.0f ? 0.0f : out / total;
        }
        if (threadIdx.x == 0) {
            *head.row(a.lse, a, 0) = natural_lse(base, total);
        }
    }
    __syncthreads();
}

// Grid (blocks, 1, replicas): see shape_of.
template <int DH, int WARPS>
__global__ void __launch_bounds__(threads(WARPS), blocks(DH, WARPS)) attention_single_kernel(AttentionView a) {
    using Part = Slice<DH>;
    EM_SHARED(float, scratch, [WARPS == 1 ? 1 : WARPS * (DH + 2)]);
    const Place<WARPS> place;
    if (place.head >= a.batch * a.heads) {
        return;
    }
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, place.head);
        float q[Part::COUNT];
        Part::load(head.query(a.q, a, 0), true, a, q);
        Seen<DH> seen;
        for (int64_t first = 0; first < a.keys; first += TURNS * WARPS * GROUPS) {
            seen.add(a, head, place, first, q);
        }
        seen.join_groups();
        if constexpr (WARPS > 1) {
            finish(a, head, seen, scratch);
        } else {
            const float share = seen.sum == 0.0f ? 0.0f : 1.0f / seen.sum;
#pragma unroll
            for (int c = 0; c < Part::COUNT; ++c) {
                seen.o[c] *= share;
            }
            if (group_index() == 0) {
                Part::store(head.output(a.out, a, 0), a, seen.o);
            }
            if (lane_index() == 0) {
                *head.row(a.lse, a, 0) = natural_lse(base_of(seen.largest), seen.sum);
            }
        }
    }
}

}  // namespace

void attention_single(CudaDevice& device, const AttentionView& a) {
    dispatch(a, [&](auto width, auto warps) {
        EM_LAUNCH(device, (attention_single_kernel<decltype(width)::value, decltype(warps)::value>), shape_of(a, warps), a);
    });
}

}  // namespace em

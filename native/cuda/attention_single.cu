// Attention of one query a head, which a read-out at one position needs: every key and value is read once, so bytes decide, 8 Lk Dh a
// head forward and 16 Lk Dh backward. A group of 8 lanes takes a key, and several keys at once, so that much is on its way. A warp keeps a
// running maximum and sums; up to 32 keys a warp has a head to itself and needs no barrier, else eight warps share one and are added in
// order. Which it is depends on the number of keys alone.
#include "cuda/attention.h"

namespace em {
namespace {

constexpr int GROUP = 8;
constexpr int GROUPS = WARP / GROUP;  // of a warp
constexpr int64_t FEW_KEYS = 32;
constexpr int MANY_WARPS = 8;     // of a head with more keys
constexpr int HEADS = 4;          // of a block, with few keys
constexpr int FORWARD_TURNS = 4;  // keys of a group at once
constexpr int BACKWARD_TURNS = 2;

// Threads of a block, by the warps of a head.
constexpr int threads(int warps) { return WARP * (warps == 1 ? HEADS : warps); }

EM_DEVICE int group_index() { return lane_index() / GROUP; }

// Columns 4 lane .. 4 lane + 3 of a head, and of each 32 columns after: a group reads whole sectors.
template <int DH>
struct Slice {
    static constexpr int COUNT = DH / GROUP;

    EM_DEVICE static int column(int c) { return c / 4 * (4 * GROUP) + static_cast<int>(threadIdx.x) % GROUP * 4 + c % 4; }
    // Zeros where the row is not there.
    EM_DEVICE static void load(const float* row, bool there, const AttentionView& a, float (&values)[COUNT]) {
#pragma unroll
        for (int c = 0; c < COUNT; c += 4) {
            if (a.fours) {
                float4 four = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
                if (there && column(c) < a.head_dim) {
                    four = *reinterpret_cast<const float4*>(row + column(c));
                }
                values[c] = four.x;
                values[c + 1] = four.y;
                values[c + 2] = four.z;
                values[c + 3] = four.w;
            } else {
#pragma unroll
                for (int n = 0; n < 4; ++n) {
                    values[c + n] = there && column(c + n) < a.head_dim ? row[column(c + n)] : 0.0f;
                }
            }
        }
    }
    EM_DEVICE static void store(float* row, const AttentionView& a, const float (&values)[COUNT]) {
#pragma unroll
        for (int c = 0; c < COUNT; c += 4) {
            if (a.fours) {
                if (column(c) < a.head_dim) {
                    store_wide(row + column(c), make_float4(values[c], values[c + 1], values[c + 2], values[c + 3]));
                }
            } else {
#pragma unroll
                for (int n = 0; n < 4; ++n) {
                    if (column(c + n) < a.head_dim) {
                        row[column(c + n)] = values[c + n];
                    }
                }
            }
        }
    }
    // Over the columns of the head, in all lanes of the group.
    EM_DEVICE static float dot(const float (&x)[COUNT], const float (&y)[COUNT]) {
        float sum = 0.0f;
#pragma unroll
        for (int c = 0; c < COUNT; ++c) {
            sum = fmaf(x[c], y[c], sum);
        }
        return lanes_sum<GROUP>(sum);
    }
};

// Over the groups of a warp; all lanes get the result.
EM_DEVICE float groups_sum(float value) {
#pragma unroll
    for (int distance = GROUP; distance < WARP; distance *= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    return value;
}

EM_DEVICE float groups_max(float value) {
#pragma unroll
    for (int distance = GROUP; distance < WARP; distance *= 2) {
        value = fmaxf(value, __shfl_xor_sync(ALL_LANES, value, distance));
    }
    return value;
}

// Where a warp is: which head, and which of the head's WARPS warps. Key i of a turn is key(first, i).
template <int WARPS>
struct Place {
    int64_t head;
    int warp;

    EM_DEVICE Place() {
        head = WARPS == 1 ? static_cast<int64_t>(blockIdx.x) * HEADS + warp_index() : blockIdx.x;
        warp = WARPS == 1 ? 0 : warp_index();
    }
    EM_DEVICE int64_t key(int64_t first, int i) const { return first + (i * WARPS + warp) * GROUPS + group_index(); }
};

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
        float rows[FORWARD_TURNS][Part::COUNT];
        float scores[FORWARD_TURNS];
#pragma unroll
        for (int i = 0; i < FORWARD_TURNS; ++i) {
            const int64_t j = place.key(first, i);
            Part::load(head.key(a.k, a, j), j < a.keys, a, rows[i]);
        }
        float highest = largest;
#pragma unroll
        for (int i = 0; i < FORWARD_TURNS; ++i) {
            const int64_t j = place.key(first, i);
            const float dot = Part::dot(q, rows[i]);
            scores[i] = j < a.keys ? log2_weight(dot, a, head, 0, j) : MINUS_INFINITY;
            if (a.listed_count > 0) {
                scores[i] += listed_weight(a, head, 0, j);
            }
            highest = fmaxf(highest, scores[i]);
            Part::load(head.key(a.v, a, j), j < a.keys, a, rows[i]);
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
        for (int i = 0; i < FORWARD_TURNS; ++i) {
            const float weight = exp2f(scores[i] - base);
            sum += weight;
#pragma unroll
            for (int c = 0; c < Part::COUNT; ++c) {
                o[c] = scores[i] == MINUS_INFINITY ? o[c] : o[c] + weight * rows[i][c];
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
__global__ void __launch_bounds__(threads(WARPS)) attention_single_kernel(AttentionView a) {
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
        for (int64_t first = 0; first < a.keys; first += FORWARD_TURNS * WARPS * GROUPS) {
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

// dS = P (dO V^T - delta), dQ = scale dS K, dK = scale dS^T Q, dV = P^T dO. Grid (blocks, 1, replicas): see shape_of.
template <int DH, int WARPS>
__global__ void __launch_bounds__(threads(WARPS)) attention_single_backward_kernel(AttentionView a, AttentionGradients g) {
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
        const float lse = *head.row(a.lse, a, 0) * LOG2_E;
        if (place.warp == 0 && lane_index() == 0) {
            *head.row(g.delta, a, 0) = delta;
        }
        // All lanes of a warp turn equally often, as shuffles need.
        for (int64_t first = 0; first < a.keys; first += BACKWARD_TURNS * WARPS * GROUPS) {
            float keys[BACKWARD_TURNS][Part::COUNT];
            float values[BACKWARD_TURNS][Part::COUNT];
#pragma unroll
            for (int i = 0; i < BACKWARD_TURNS; ++i) {
                const int64_t j = place.key(first, i);
                Part::load(head.key(a.k, a, j), j < a.keys, a, keys[i]);
                Part::load(head.key(a.v, a, j), j < a.keys, a, values[i]);
            }
#pragma unroll
            for (int i = 0; i < BACKWARD_TURNS; ++i) {
                const int64_t j = place.key(first, i);
                const bool inside = j < a.keys;
                float s = log2_weight(Part::dot(q, keys[i]), a, head, 0, inside ? j : 0);
                if (a.listed_count > 0) {
                    s += listed_weight(a, head, 0, j);
                }
                const float d_p = Part::dot(d_out, values[i]);
                if (!inside) {
                    continue;
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

// Blocks for all heads of a replica: body(width of a head, warps of a head).
template <class Body>
void dispatch(const AttentionView& a, Body&& body) {
    dispatch_head_dim(a.head_dim, [&](auto width) {
        if (a.keys <= FEW_KEYS) {
            body(width, std::integral_constant<int, 1>());
        } else {
            body(width, std::integral_constant<int, MANY_WARPS>());
        }
    });
}

Shape shape_of(const AttentionView& a, int warps) {
    const int64_t heads = a.batch * a.heads;
    return {grid_of(warps == 1 ? ceil_div(heads, HEADS) : heads, 1, a.replicas), dim3(static_cast<unsigned>(threads(warps)))};
}

}  // namespace

void attention_single(CudaDevice& device, const AttentionView& a) {
    dispatch(a, [&](auto width, auto warps) {
        EM_LAUNCH(device, (attention_single_kernel<decltype(width)::value, decltype(warps)::value>), shape_of(a, warps), a);
    });
}

void attention_single_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    dispatch(a, [&](auto width, auto warps) {
        EM_LAUNCH(device, (attention_single_backward_kernel<decltype(width)::value, decltype(warps)::value>), shape_of(a, warps), a, g);
    });
}

}  // namespace em

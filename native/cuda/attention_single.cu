// Attention of one query a head, which a read-out at one position needs: every key and value is read once, so bytes decide, 8 Lk Dh a
// head forward and 16 Lk Dh backward. A group of 8 lanes takes a key; each group keeps a running maximum and sum of its own, merged at
// the end in a fixed order.
#include "cuda/attention.h"

namespace em {
namespace {

constexpr int THREADS = 256;
constexpr int GROUP = 8;
constexpr int GROUPS = THREADS / GROUP;

EM_DEVICE int group_index() { return static_cast<int>(threadIdx.x) / GROUP; }

// Columns 4 lane .. 4 lane + 3 of a head, and of each 32 columns after: a group reads whole sectors.
template <int DH>
struct Slice {
    static constexpr int COUNT = DH / GROUP;

    EM_DEVICE static int column(int c) { return c / 4 * (4 * GROUP) + static_cast<int>(threadIdx.x) % GROUP * 4 + c % 4; }
    EM_DEVICE static void load(const float* row, const AttentionView& a, float (&values)[COUNT]) {
#pragma unroll
        for (int c = 0; c < COUNT; c += 4) {
            if (a.fours) {
                float4 four = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
                if (column(c) < a.head_dim) {
                    four = *reinterpret_cast<const float4*>(row + column(c));
                }
                values[c] = four.x;
                values[c + 1] = four.y;
                values[c + 2] = four.z;
                values[c + 3] = four.w;
            } else {
#pragma unroll
                for (int n = 0; n < 4; ++n) {
                    values[c + n] = column(c + n) < a.head_dim ? row[column(c + n)] : 0.0f;
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

// All sums[DH] of the groups, added in order into total by the first DH threads; scratch (GROUPS, DH).
template <int DH>
EM_DEVICE float add_groups(const float (&sums)[Slice<DH>::COUNT], float* scratch) {
#pragma unroll
    for (int c = 0; c < Slice<DH>::COUNT; ++c) {
        scratch[group_index() * DH + Slice<DH>::column(c)] = sums[c];
    }
    __syncthreads();
    float total = 0.0f;
    if (threadIdx.x < DH) {
        for (int group = 0; group < GROUPS; ++group) {
            total += scratch[group * DH + threadIdx.x];
        }
    }
    __syncthreads();
    return total;
}

// Grid (batch * heads, 1, replicas).
template <int DH>
__global__ void __launch_bounds__(THREADS) attention_single_kernel(AttentionView a) {
    using Part = Slice<DH>;
    EM_SHARED(float, outputs, [GROUPS * DH]);
    EM_SHARED(float, largests, [GROUPS]);
    EM_SHARED(float, sums, [GROUPS]);
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, blockIdx.x);
        float q[Part::COUNT];
        float o[Part::COUNT] = {};
        float largest = MINUS_INFINITY;
        float sum = 0.0f;
        Part::load(head.query(a.q, a, 0), a, q);
        // All lanes of a warp turn equally often, as shuffles need.
        for (int64_t j0 = 0; j0 < a.keys; j0 += GROUPS) {
            const int64_t j = j0 + group_index();
            const bool seen = j < a.keys;
            float row[Part::COUNT];
            Part::load(head.key(a.k, a, seen ? j : 0), a, row);
            const float dot = Part::dot(q, row);
            float s = seen ? log2_weight(dot, a, head, 0, j) : MINUS_INFINITY;
            if (a.listed_count > 0) {
                s += listed_weight(a, head, 0, j);
            }
            Part::load(head.key(a.v, a, seen ? j : 0), a, row);
            if (s != MINUS_INFINITY) {
                const float highest = fmaxf(largest, s);
                const float shrink = exp2f(largest - highest);
                const float weight = exp2f(s - highest);
                sum = sum * shrink + weight;
                largest = highest;
#pragma unroll
                for (int c = 0; c < Part::COUNT; ++c) {
                    o[c] = o[c] * shrink + weight * row[c];
                }
            }
        }
        if (threadIdx.x % GROUP == 0) {
            largests[group_index()] = largest;
            sums[group_index()] = sum;
        }
        __syncthreads();
        float highest = MINUS_INFINITY;
        for (int group = 0; group < GROUPS; ++group) {
            highest = fmaxf(highest, largests[group]);
        }
        const float base = highest == MINUS_INFINITY ? 0.0f : highest;
        float total = 0.0f;
        for (int group = 0; group < GROUPS; ++group) {
            total += sums[group] * exp2f(largests[group] - base);
        }
        const float share = total == 0.0f ? 0.0f : exp2f(largest - base) / total;
#pragma unroll
        for (int c = 0; c < Part::COUNT; ++c) {
            o[c] *= share;
        }
        const float out = add_groups<DH>(o, outputs);
        if (threadIdx.x < a.head_dim) {
            head.output(a.out, a, 0)[threadIdx.x] = out;
        }
        if (threadIdx.x == 0) {
            *head.row(a.lse, a, 0) = total == 0.0f ? MINUS_INFINITY : (base + log2f(total)) * LN_2;
        }
    }
}

// dS = P (dO V^T - delta), dQ = scale dS K, dK = scale dS^T Q, dV = P^T dO. Grid (batch * heads, 1, replicas).
template <int DH>
__global__ void __launch_bounds__(THREADS) attention_single_backward_kernel(AttentionView a, AttentionGradients g) {
    using Part = Slice<DH>;
    EM_SHARED(float, gradients, [GROUPS * DH]);
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, blockIdx.x);
        float q[Part::COUNT];
        float d_out[Part::COUNT];
        float row[Part::COUNT];
        float d_q[Part::COUNT] = {};
        Part::load(head.query(a.q, a, 0), a, q);
        Part::load(head.output(g.d_out, a, 0), a, d_out);
        Part::load(head.output(a.out, a, 0), a, row);
        const float delta = Part::dot(d_out, row);
        const float lse = *head.row(a.lse, a, 0) * LOG2_E;
        if (threadIdx.x == 0) {
            *head.row(g.delta, a, 0) = delta;
        }
        for (int64_t j0 = 0; j0 < a.keys; j0 += GROUPS) {
            const int64_t j = j0 + group_index();
            const bool inside = j < a.keys;
            float value[Part::COUNT];
            Part::load(head.key(a.k, a, inside ? j : 0), a, row);
            Part::load(head.key(a.v, a, inside ? j : 0), a, value);
            float s = log2_weight(Part::dot(q, row), a, head, 0, inside ? j : 0);
            if (a.listed_count > 0) {
                s += listed_weight(a, head, 0, j);
            }
            const float d_p = Part::dot(d_out, value);
            if (!inside) {
                continue;
            }
            const float p = probability(s, lse);
            const float d_s = p == 0.0f ? 0.0f : a.scale * p * (d_p - delta);
#pragma unroll
            for (int c = 0; c < Part::COUNT; ++c) {
                d_q[c] += p == 0.0f ? 0.0f : d_s * row[c];
                row[c] = d_s * q[c];
                value[c] = p * d_out[c];
            }
            Part::store(head.key(g.d_k, a, j), a, row);
            Part::store(head.key(g.d_v, a, j), a, value);
        }
        const float total = add_groups<DH>(d_q, gradients);
        if (threadIdx.x < a.head_dim) {
            head.query(g.d_q, a, 0)[threadIdx.x] = total;
        }
    }
}

}  // namespace

void attention_single(CudaDevice& device, const AttentionView& a) {
    const Shape shape{grid_of(a.batch * a.heads, 1, a.replicas), dim3(THREADS)};
    dispatch_head_dim(a.head_dim, [&](auto width) { EM_LAUNCH(device, attention_single_kernel<decltype(width)::value>, shape, a); });
}

void attention_single_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    const Shape shape{grid_of(a.batch * a.heads, 1, a.replicas), dim3(THREADS)};
    dispatch_head_dim(a.head_dim,
                      [&](auto width) { EM_LAUNCH(device, attention_single_backward_kernel<decltype(width)::value>, shape, a, g); });
}

}  // namespace em

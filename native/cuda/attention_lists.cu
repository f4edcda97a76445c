// Biases that are lists: which entry belongs to a query, the gradient of their strength; and outputs of heads put in place of what
// attention made. Bytes: 4 a query and a listed query for the entries; 8 P Dh a listed query for the gradient; for outputs 4 Lq Lk + 4 Lk
// Dh a head that is replaced, most of it from the cache.
#include "cuda/attention.h"
#include "cuda/tensor_core.h"

namespace em {
namespace {

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / WARP;

// Writes down a bias where kernels look for it, and -1 in all its slots. Grid (ceil_div(slots, THREADS)).
__global__ void __launch_bounds__(THREADS) clear_slots_kernel(BiasView bias, BiasView* written, int64_t slots) {
    const int64_t i = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (i == 0) {
        *written = bias;
    }
    if (i < slots) {
        bias.slots[i] = -1;
    }
}

struct Slots {
    BiasView bias;
    int64_t first_query, queries, keys, replicas;
    int32_t* complaints;
};

// A thread takes an entry. Grid (ceil_div(sequences * entries, THREADS), 1, replicas).
__global__ void __launch_bounds__(THREADS) fill_slots_kernel(Slots s) {
    const ListView& on = s.bias.on;
    const int64_t i = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (i >= on.sequences * on.entries) {
        return;
    }
    for (int64_t r = blockIdx.z; r < s.replicas; r += gridDim.z) {
        const int32_t listed = on.queries(r)[i];
        const int64_t query = listed - s.first_query;
        bool good = listed >= -1 && query < s.queries;
        for (int64_t p = 0; p < on.width; ++p) {
            const int32_t key = on.keys(r)[i * on.width + p];
            good = good && key >= -1 && key < s.keys;
        }
        if (!good) {
            complain(s.complaints, BAD_POSITION);
        } else if (listed >= 0 && query >= 0) {
            const int64_t sequence = quotient(i, on.entries);
            s.bias.slots[(r * on.sequences + sequence) * s.queries + query] = static_cast<int32_t>(i - sequence * on.entries);
        }
    }
}

struct StrengthGradient {
    AttentionView a;
    BiasView bias;
    View<float> d_out;
    float* terms;  // (replicas, batch * heads * entries)
    int64_t first_query;
    int32_t operands;  // an em_arithmetic: how the forward and backward passes rounded what they multiplied
};

EM_DEVICE float rounded(float x, int32_t operands) {
    if (operands == EM_TF32) {
        return __uint_as_float(Tf32::word(x));
    }
    return operands == EM_BF16 ? __uint_as_float(Bf16::word(x, 0.0f) << 16) : x;
}

// With operands rounded as where lse comes from: a weight from other scores than lse's is off by the rounding of the scores.
EM_DEVICE float dot_of(const float* x, const float* y, int64_t count, int32_t operands) {
    float dot = 0.0f;
#pragma unroll 8
    for (int64_t d = 0; d < count; ++d) {
        dot = fmaf(rounded(x[d], operands), rounded(y[d], operands), dot);
    }
    return dot;
}

// The sum of P (dP - delta) over the keys of an entry; a warp takes an entry, a lane a key. Grid (batch * heads, ceil_div(entries, WARPS),
// replicas).
__global__ void __launch_bounds__(THREADS) strength_terms_kernel(StrengthGradient g) {
    const AttentionView& a = g.a;
    const ListView& on = g.bias.on;
    const int64_t entry = static_cast<int64_t>(blockIdx.y) * WARPS + warp_index();
    if (entry >= on.entries) {
        return;
    }
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, blockIdx.x);
        const int64_t query = on.query(r, head.b, entry) - g.first_query;
        const bool biased = g.bias.heads.base == nullptr || g.bias.heads(r)[head.h] != 0;
        // A bad position was complained about when slots were filled.
        const bool listed = biased && on.query(r, head.b, entry) >= 0 && query >= 0 && query < a.queries;
        const int64_t seen = listed ? visible_keys(a, query, 0, static_cast<int>(a.keys)) : 0;
        // Summed as dP is: where one weight is 1, their difference is 0 and not a rounding error.
        const float delta = listed ? dot_of(head.output(g.d_out, a, query), head.output(a.out, a, query), a.head_dim, g.operands) : 0.0f;
        float sum = 0.0f;
        for (int64_t i = lane_index(); i < on.width && listed; i += WARP) {
            const int64_t key = on.keys_of(r, head.b, entry)[i];
            if (key < 0 || key >= seen) {
                continue;
            }
            const float dot = dot_of(head.query(a.q, a, query), head.key(a.k, a, key), a.head_dim, g.operands);
            const float weight = log2_weight(dot, a, head, query, key) + listed_weight(a, head, query, key);
            const float p = probability(weight, log2_sum(*head.row(a.lse, a, query)));
            const float d_p = dot_of(head.output(g.d_out, a, query), head.key(a.v, a, key), a.head_dim, g.operands);
            sum += p == 0.0f ? 0.0f : p * (d_p - delta);
        }
        sum = lanes_sum(sum);
        if (lane_index() == 0) {
            g.terms[(r * a.batch * a.heads + blockIdx.x) * on.entries + entry] = sum;
        }
    }
}

// Grid (1, 1, replicas).
__global__ void __launch_bounds__(THREADS)
    add_terms_kernel(const float* terms, View<float> d_strength, int64_t count, int32_t accumulate, int64_t replicas) {
    EM_SHARED(double, partial, [THREADS / WARP]);
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        double sum = 0.0;
        for (int64_t i = threadIdx.x; i < count; i += THREADS) {
            sum += terms[r * count + i];
        }
        sum = block_sum<THREADS>(sum, partial);
        if (threadIdx.x == 0) {
            *d_strength(r) = static_cast<float>((accumulate != 0 ? *d_strength(r) : 0.0f) + sum);
        }
    }
}

// What to do with the outputs of a head.
enum Override : int32_t { LEAVE = 0, REPLACE = 1, ZERO = 2 };

// A thread takes a number of an output. Grid (ceil_div(queries * head_dim, THREADS) * batch * heads, 1, replicas).
__global__ void __launch_bounds__(THREADS) override_kernel(AttentionView a, View<float> p, View<int32_t> heads) {
    const int64_t blocks = ceil_div(a.queries * a.head_dim, THREADS);
    const int64_t head_index = quotient(blockIdx.x, blocks);
    const int64_t i = (blockIdx.x - head_index * blocks) * THREADS + threadIdx.x;
    const int64_t query = quotient(i, a.head_dim);
    const int64_t column = i - query * a.head_dim;
    for (int64_t r = blockIdx.z; r < a.replicas && query < a.queries; r += gridDim.z) {
        const Head head(a, r, head_index);
        const int32_t what = heads(r)[head.h];
        if (what == LEAVE) {
            continue;
        }
        const float* const row = p(r) + (head_index * a.queries + query) * a.keys;
        float sum = 0.0f;
        for (int64_t j = 0; j < a.keys && what == REPLACE; ++j) {
            sum = fmaf(row[j], head.key(a.v, a, j)[column], sum);
        }
        head.output(a.out, a, query)[column] = sum;
    }
}

}  // namespace

AttentionView listed_view(CudaDevice& device, const em_attention_args& a, int64_t more, float** memory) {
    AttentionView all = attention_view(a);
    constexpr int64_t table = ceil_div(EM_MOST_BIASES * static_cast<int64_t>(sizeof(BiasView)), 256) * 64;
    int64_t floats = table + more;
    for (int32_t n = 0; n < a.listed_count; ++n) {
        floats += a.replicas * a.listed[n].on.sequences * a.queries;
    }
    float* const room = a.listed_count > 0 || more > 0 ? device.workspace(floats) : nullptr;
    if (memory != nullptr) {
        *memory = room + table;
    }
    all.listed_count = a.listed_count;
    all.listed = reinterpret_cast<BiasView*>(room);
    int32_t* slots = reinterpret_cast<int32_t*>(room + table + more);
    for (int32_t n = 0; n < a.listed_count; ++n) {
        const em_attention_bias& bias = a.listed[n];
        const int64_t size = a.replicas * bias.on.sequences * a.queries;
        const BiasView one{list_view(bias.on), view(bias.strength), view<int32_t>(bias.heads), slots};
        EM_LAUNCH(device, clear_slots_kernel, Shape{grid_of(ceil_div(size, THREADS), 1, 1), dim3(THREADS)}, one,
                  reinterpret_cast<BiasView*>(room) + n, size);
        const Shape shape{grid_of(ceil_div(bias.on.sequences * bias.on.entries, THREADS), 1, a.replicas), dim3(THREADS)};
        EM_LAUNCH(device, fill_slots_kernel, shape, Slots{one, bias.first_query, a.queries, a.keys, a.replicas, device.complaints()});
        slots += size;
    }
    return all;
}

}  // namespace em

namespace em::gpu {

void attention_bias_backward(Device& d, const em_attention_bias_backward_args& g) {
    const em_attention_args& a = g.forward;
    const em_attention_bias& bias = a.listed[g.which];
    const int64_t heads = a.batch * a.heads;
    const int64_t terms = heads * bias.on.entries;
    StrengthGradient body{};
    body.a = listed_view(cuda(d), a, a.replicas * terms, &body.terms);
    body.bias = {list_view(bias.on), view(bias.strength), view<int32_t>(bias.heads), nullptr};
    body.d_out = view(g.d_out);
    body.first_query = bias.first_query;
    body.operands = rounds_operands(cuda(d), a) ? cuda(d).arithmetic() : EM_FLOAT32;
    EM_LAUNCH(cuda(d), strength_terms_kernel, Shape{grid_of(heads, ceil_div(bias.on.entries, WARPS), a.replicas), dim3(THREADS)}, body);
    EM_LAUNCH(cuda(d), add_terms_kernel, Shape{grid_of(1, 1, a.replicas), dim3(THREADS)}, body.terms, view(g.d_strength), terms,
              g.accumulate, a.replicas);
}

void attention_override(Device& d, const em_attention_override_args& g) {
    const em_attention_args& a = g.forward;
    const int64_t blocks = ceil_div(a.queries * a.head_dim, THREADS) * a.batch * a.heads;
    EM_LAUNCH(cuda(d), override_kernel, Shape{grid_of(blocks, 1, a.replicas), dim3(THREADS)}, attention_view(a), view(g.p),
              view<int32_t>(g.heads));
}

}  // namespace em::gpu

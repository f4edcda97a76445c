// What the attention kernels share: the tensors as they see them, heads, which keys a query sees, and what biases add.
#pragma once
#include "cuda/kernels.h"
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em {

constexpr float LOG2_E = 1.4426950408889634f;
constexpr float LN_2 = 0.69314718055994531f;
constexpr float MINUS_INFINITY = -__builtin_huge_valf();

// Lists of queries and keys, as em_attention_list has them.
struct ListView {
    View<int32_t> queries, keys;
    int64_t sequences, entries, width;

    EM_DEVICE int64_t sequence(int64_t b) const { return sequences == 1 ? 0 : b; }
    EM_DEVICE int32_t query(int64_t r, int64_t b, int64_t entry) const { return queries(r)[sequence(b) * entries + entry]; }
    EM_DEVICE const int32_t* keys_of(int64_t r, int64_t b, int64_t entry) const {
        return keys(r) + (sequence(b) * entries + entry) * width;
    }
};

inline ListView list_view(const em_attention_list& list) {
    return {view<int32_t>(list.queries), view<int32_t>(list.keys), list.sequences, list.entries, list.width};
}

// A bias on listed keys. slots: for each replica, sequence and query the entry that lists it, or -1.
struct BiasView {
    ListView on;
    View<float> strength;
    View<int32_t> heads;  // absent: all
    int32_t* slots;
};

struct AttentionView {
    View<float> q, k, v, bias, out, lse;
    int64_t replicas, batch, heads, queries, keys, head_dim;
    int64_t query_stride, key_stride, output_stride;
    int32_t causal, fours;  // fours: all rows can be read four floats at a time
    float scale;
    const BiasView* listed;  // in the memory of the device
    int32_t listed_count;
};

// Without the biases that are lists; what reads scores takes listed_view.
inline AttentionView attention_view(const em_attention_args& a) {
    const bool strides = (a.query_stride | a.key_stride | a.output_stride) % 4 == 0;
    const bool fours = strides && by_fours(a.replicas, a.head_dim, a.q, a.k, a.v, a.out);
    return {view(a.q),       view(a.k),
            view(a.v),       view(a.bias),
            view(a.out),     view(a.lse),
            a.replicas,      a.batch,
            a.heads,         a.queries,
            a.keys,          a.head_dim,
            a.query_stride,  a.key_stride,
            a.output_stride, a.causal,
            fours ? 1 : 0,   static_cast<float>(a.scale),
            nullptr,         0};
}

// With all biases: launches what finds the entries of each query, in the workspace of the operation. `more`: floats of the workspace that
// the operation needs besides, at *memory.
AttentionView listed_view(CudaDevice& device, const em_attention_args& a, int64_t more = 0, float** memory = nullptr);

struct AttentionGradients {
    View<float> d_out, d_q, d_k, d_v, delta;
};

// A single query waits for memory: nothing is gained by rounding what it reads, so that it is float32 whatever the arithmetic.
inline bool rounds_operands(const CudaDevice& device, const em_attention_args& a) {
    return device.arithmetic() != EM_FLOAT32 && a.queries > 1;
}

// In float32 numbers are split there, not rounded.
inline bool on_tensor_cores(const CudaDevice& device, const em_attention_args& a) {
    return rounds_operands(device, a) || (device.arithmetic() == EM_FLOAT32 && device.splits_attention(a.queries, a.keys, a.head_dim));
}

inline int64_t longest(const AttentionView& a) { return a.keys > a.queries ? a.keys : a.queries; }

// Whether one block takes all of a head backward, without tensor cores: P is then computed once and one launch does all. Longer sequences
// would leave too few blocks; of wider heads more than 32 tokens take several tiles, which two launches spread over more blocks.
inline bool head_by_head(const AttentionView& a) { return longest(a) <= (a.head_dim > 64 ? 32 : 128); }

// The same on tensor cores, of heads of up to 64 columns: where two launches would have no more blocks each, or where the heads of one
// replica give about every multiprocessor a block. How many replicas train together must not matter to the bits.
inline bool joins_gradients(const CudaDevice& device, const AttentionView& a) {
    return a.head_dim <= 64 && (a.keys <= 64 || 4 * a.batch * a.heads >= 3 * device.multiprocessors());
}

// Kernels are compiled for heads that are as wide as they say, read by fours, and not biased; and for all others.
inline bool fast(const AttentionView& a) {
    const bool whole = a.head_dim == 16 || a.head_dim == 32 || a.head_dim == 64 || a.head_dim == 128;
    return whole && a.fours && a.bias.base == nullptr && a.listed_count == 0;
}

// The forms, chosen in attention.cu.
void attention_tiled(CudaDevice& device, const AttentionView& a);
void attention_tiled_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g);
void attention_head_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g);
void attention_mma(CudaDevice& device, const AttentionView& a);
void attention_mma_probabilities(CudaDevice& device, const AttentionView& a, const View<float>& p);
void attention_mma_query_gradient(CudaDevice& device, const AttentionView& a, const AttentionGradients& g);
void attention_mma_key_gradient(CudaDevice& device, const AttentionView& a, const AttentionGradients& g);
void attention_mma_joint_gradient(CudaDevice& device, const AttentionView& a, const AttentionGradients& g);
void attention_single(CudaDevice& device, const AttentionView& a);
void attention_single_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g);

// One head of one sequence of one replica.
struct Head {
    int64_t r, b, h;

    EM_DEVICE Head(const AttentionView& a, int64_t replica, int64_t head) : r(replica), b(quotient(head, a.heads)), h(head - b * a.heads) {}
    // The head's part of token t of a tensor of (batch, tokens) with a stride between tokens.
    EM_DEVICE float* token(const View<float>& x, const AttentionView& a, int64_t tokens, int64_t t, int64_t stride) const {
        return x(r) + (b * tokens + t) * stride + h * a.head_dim;
    }
    EM_DEVICE float* query(const View<float>& x, const AttentionView& a, int64_t i) const {
        return token(x, a, a.queries, i, a.query_stride);
    }
    EM_DEVICE float* key(const View<float>& x, const AttentionView& a, int64_t j) const { return token(x, a, a.keys, j, a.key_stride); }
    EM_DEVICE float* output(const View<float>& x, const AttentionView& a, int64_t i) const {
        return token(x, a, a.queries, i, a.output_stride);
    }
    // lse or delta of query i.
    EM_DEVICE float* row(const View<float>& x, const AttentionView& a, int64_t i) const { return x(r) + (b * a.heads + h) * a.queries + i; }
};

// How many keys of a tile of `keys` from key0 on query `row` sees; none where there is no such query.
EM_DEVICE int visible_keys(const AttentionView& a, int64_t row, int64_t key0, int keys) {
    const int64_t end = a.causal && row + 1 < a.queries ? row + 1 + a.keys - a.queries : a.keys;
    const int64_t seen = row < a.queries ? end - key0 : 0;
    return static_cast<int>(seen < 0 ? 0 : (seen < keys ? seen : keys));
}

// A score and an lse in units of ln 2, each a rounded number in every kernel: where one weight is 1 both are equal. Fused with the
// subtraction that follows, of a score of a million (whose next float is a sixteenth away) such a weight would be off by percents.
EM_DEVICE float log2_score(float dot, const AttentionView& a) { return rounded_product(dot, a.scale * LOG2_E); }
EM_DEVICE float log2_sum(float lse) { return rounded_product(lse, LOG2_E); }

// log2 of the weight of a query and key before normalisation, from their dot product.
EM_DEVICE float log2_weight(float dot, const AttentionView& a, const Head& head, int64_t row, int64_t key) {
    const float s = log2_score(dot, a);
    return a.bias.base == nullptr ? s : s + LOG2_E * a.bias(head.r)[row * a.keys + key];
}

// P of a log2 weight; lse in units of ln 2.
EM_DEVICE float probability(float weight, float lse) { return weight == MINUS_INFINITY ? 0.0f : exp2f(weight - lse); }

// body(key, what it adds to the log2 weight) for every key that some bias lists for query `row`.
template <class Body>
EM_DEVICE void each_listed(const AttentionView& a, const Head& head, int64_t row, Body&& body) {
#pragma unroll 1
    for (int n = 0; n < a.listed_count; ++n) {
        const BiasView& bias = a.listed[n];
        const int32_t entry = bias.slots[(head.r * bias.on.sequences + bias.on.sequence(head.b)) * a.queries + row];
        if (entry < 0 || (bias.heads.base != nullptr && bias.heads(head.r)[head.h] == 0)) {
            continue;
        }
        const float strength = LOG2_E * *bias.strength(head.r);
        const int32_t* const keys = bias.on.keys_of(head.r, head.b, entry);
#pragma unroll 1
        for (int64_t p = 0; p < bias.on.width; ++p) {
            body(keys[p], strength);
        }
    }
}

// What is listed for one query and key.
EM_DEVICE float listed_weight(const AttentionView& a, const Head& head, int64_t row, int64_t key) {
    float sum = 0.0f;
    each_listed(a, head, row, [&](int32_t listed, float strength) { sum += listed == key ? strength : 0.0f; });
    return sum;
}

// Adds what is listed for query `row` to the log2 weights of keys first, first + STEP ...; nothing where there is no such query.
template <int STEP, int J>
EM_DEVICE void add_listed(const AttentionView& a, const Head& head, int64_t row, int64_t first, float (&weights)[J]) {
    if (a.listed_count == 0 || row >= a.queries) {
        return;
    }
    each_listed(a, head, row, [&](int32_t key, float strength) {
        const int64_t mine = key - first;
#pragma unroll
        for (int j = 0; j < J; ++j) {
            weights[j] += mine == STEP * j ? strength : 0.0f;
        }
    });
}

// What the rows of a tile of queries need of the forward pass: lse, in units of ln 2, and delta; zeros where there are none.
template <int ROWS>
struct RowNumbers {
    float lse[ROWS];
    float delta[ROWS];
};

constexpr int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

// Head widths that kernels are compiled for, and a call of body with the narrowest that holds head_dim.
template <class Body>
void dispatch_head_dim(int64_t head_dim, Body&& body) {
    if (head_dim <= 32) {
        body(std::integral_constant<int, 32>());
    } else if (head_dim <= 64) {
        body(std::integral_constant<int, 64>());
    } else {
        body(std::integral_constant<int, 128>());
    }
}

}  // namespace em

// What all attention kernels share: where a head lies, and which keys a query sees.
#pragma once
#include "cpu/mathematics.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {

constexpr float NOTHING = -__builtin_inff();

// One head of one sequence of one replica.
struct Head {
    const em_attention_args& a;
    int64_t r, b, h;

    EM_INLINE Head(const em_attention_args& a, int64_t task)
        : a(a), r(task / (a.batch * a.heads)), b(task / a.heads % a.batch), h(task % a.heads) {}

    // First element of a query's or a key's vector.
    EM_INLINE float* query(const em_tensor& tensor, int64_t i) const {
        return data(tensor, r) + (b * a.queries + i) * a.query_stride + h * a.head_dim;
    }
    EM_INLINE float* key(const em_tensor& tensor, int64_t j) const {
        return data(tensor, r) + (b * a.keys + j) * a.key_stride + h * a.head_dim;
    }
    EM_INLINE float* output(const em_tensor& tensor, int64_t i) const {
        return data(tensor, r) + (b * a.queries + i) * a.output_stride + h * a.head_dim;
    }
    // Numbers that there is one of for each query.
    EM_INLINE float* statistic(const em_tensor& tensor) const { return data(tensor, r) + (b * a.heads + h) * a.queries; }
    // Biases of a query; NULL without.
    EM_INLINE const float* bias(int64_t i) const { return a.bias.buffer == nullptr ? nullptr : data(a.bias, r) + i * a.keys; }
    // Keys that a query sees are those before this one.
    EM_INLINE int64_t visible(int64_t i) const {
        const int64_t end = a.causal ? i + a.keys - a.queries + 1 : a.keys;
        return end < 0 ? 0 : least(end, a.keys);
    }
};

// Vectors of one head are far apart in memory, where no prefetcher of the processor looks for them.
EM_INLINE void fetch(const float* from, int64_t stride, int64_t count, int64_t width) {
    for (int64_t j = 0; j < count; ++j) {
        for (int64_t k = 0; k < width; k += 16) {
            __builtin_prefetch(from + j * stride + k);
        }
    }
}

EM_INLINE int64_t heads_of(const em_attention_args& a) { return a.replicas * a.batch * a.heads; }

// Products with `columns` keys become scores: scale, bias (or NULL) from its first column on, -inf for columns from `visible` on.
// Returns the largest one. The row is a multiple of LANES long.
EM_INLINE Floats finish_scores(float* row, int64_t columns, int64_t visible, float scale, const float* bias) {
    Floats top = splat(NOTHING);
    visible = least(visible, columns);
    int64_t c = 0;
    for (; c + LANES <= visible; c += LANES) {
        Floats x = load(row + c) * scale;
        x = bias == nullptr ? x : x + load(bias + c);
        store(row + c, x);
        top = maximum(top, x);
    }
    for (; c < columns; c += LANES) {
        const int64_t count = visible - c;
        Floats x = load(row + c) * scale;
        x = bias == nullptr || count <= 0 ? x : x + load_first(bias + c, count);
        x = lane_numbers() < splat_int(static_cast<int32_t>(count)) ? x : splat(NOTHING);
        store(row + c, x);
        top = maximum(top, x);
    }
    return top;
}

}  // namespace em::EM_ISA

// What both passes of linear attention and of the gated delta rule share, as a scan: a task takes one head of a sequence through all its
// tokens, its matrix in the first cache, a row for each number of a key. 4 head_dim^2 operations a token forward, 6 with gates; 12 and 20
// backward.
#pragma once
#include "cpu/mathematics.h"
#include "cpu/parallel.h"
#include "cpu/tiles.h"

namespace em::EM_ISA::fast_weights_parts {

constexpr float SMALL = 1e-6f;

// One head of one sequence of one replica.
struct Head {
    const em_fast_weights_args& a;
    int64_t r, b, h;

    EM_INLINE Head(const em_fast_weights_args& a, int64_t task)
        : a(a), r(task / (a.batch * a.heads)), b(task / a.heads % a.batch), h(task % a.heads) {}

    EM_INLINE int64_t token(int64_t t) const { return b * a.length + t; }
    EM_INLINE float* vector(const em_tensor& tensor, int64_t t) const { return data(tensor, r) + token(t) * a.stride + h * a.head_dim; }
    EM_INLINE float* output(const em_tensor& tensor, int64_t t) const { return data(tensor, r) + (token(t) * a.heads + h) * a.head_dim; }
    EM_INLINE float* gates(const em_tensor& tensor, int64_t t) const { return data(tensor, r) + token(t) * a.gate_stride + h; }
    EM_INLINE bool gated() const { return a.gates.buffer != nullptr; }
};

// Both gates of a token: how much the matrix keeps, and how much is written.
struct Gates {
    float keep, write;
};

EM_INLINE Gates gates_of(const Head& head, int64_t t) {
    const float* at = head.gates(head.a.gates, t);
    Floats z{};
    z[0] = at[0];
    z[1] = at[head.a.heads];
    const Floats y = 1.0f / (exponential(-z) + 1.0f);
    return {y[0], y[1]};
}

EM_INLINE float inner(const float* x, const float* y, int64_t n) {
    Floats sums{};
    vectors(0, n, [&](int64_t i, auto access) { sums += access.load(x + i) * access.load(y + i); });
    return sum(sums);
}

// to = feature(x), the lanes beyond the last number 0.
EM_INLINE void feature(const em_fast_weights_args& a, const float* x, float* to) {
    const float size = a.feature == EM_FEATURE_UNIT ? 1.0f / __builtin_sqrtf(inner(x, x, a.head_dim) + SMALL) : 1.0f;
    vectors(0, a.head_dim, [&](int64_t i, auto access) {
        const Floats v = access.load(x + i);
        Floats y = v * size;
        if (a.feature == EM_FEATURE_ELU) {
            const Floats e = exponential(v);
            y = v > 0.0f ? v + 1.0f : e;
        }
        access.store(to + i, y);
    });
}

// Columns j to j + LANES of the matrix, `row` apart, weighted by `weights` and summed; four sums hide the latency.
EM_INLINE Floats weighted(const float* matrix, int64_t row, const float* weights, int64_t count) {
    Floats sums[4] = {};
    int64_t i = 0;
    for (; i + 4 <= count; i += 4) {
        for (int64_t s = 0; s < 4; ++s) {
            sums[s] += load(matrix + (i + s) * row) * weights[i + s];
        }
    }
    for (; i < count; ++i) {
        sums[0] += load(matrix + i * row) * weights[i];
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// One token: `to` = the matrix after it, from the one before, which may be the same. The key is k.
EM_INLINE void write_token(const Head& head, int64_t t, const float* k, const float* before, float* to) {
    const int64_t n = head.a.head_dim;
    const int64_t row = padded(n);
    const float* v = head.vector(head.a.v, t);
    const Gates g = head.gated() ? gates_of(head, t) : Gates{1.0f, 1.0f};
    vectors(0, n, [&](int64_t j, auto access) {
        Floats w = access.load(v + j);
        if (head.gated()) {
            w = (w - weighted(before + j, row, k, n) * g.keep) * g.write;
        }
        for (int64_t i = 0; i < n; ++i) {
            store(to + i * row + j, load(before + i * row + j) * g.keep + w * k[i]);
        }
    });
}

EM_INLINE void clear(float* at, int64_t count) { __builtin_memset(at, 0, count * sizeof(float)); }

}  // namespace em::EM_ISA::fast_weights_parts

// Fused softmax attention, one query row after another: scores of one row live in scratch memory, never an Lq x Lk matrix.
#include "cpu/kernels.h"
#include "cpu/mathematics.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {
namespace {

constexpr float INFINITY_ = __builtin_inff();

// One head of one sequence of one replica.
struct Head {
    int64_t r, b, h;
    EM_INLINE Head(const em_attention_args& a, int64_t task) : r(task / (a.batch * a.heads)), b(task / a.heads % a.batch), h(task % a.heads) {}
};

EM_INLINE float* token(const em_tensor& tensor, Head head, int64_t length, int64_t i, int64_t stride, int64_t head_dim) {
    return data(tensor, head.r) + (head.b * length + i) * stride + head.h * head_dim;
}

EM_INLINE float dot(const float* x, const float* y, int64_t n) {
    Floats total{};
    vectors(0, n, [&](int64_t j, auto access) { total += access.load(x + j) * access.load(y + j); });
    return sum(total);
}

EM_INLINE void add_scaled(float scale, const float* x, float* y, int64_t n) {
    vectors(0, n, [&](int64_t j, auto access) { access.store(y + j, access.load(y + j) + scale * access.load(x + j)); });
}

EM_INLINE void clear(float* x, int64_t n) { __builtin_memset(x, 0, n * sizeof(float)); }

// Keys that query i sees.
EM_INLINE int64_t visible(const em_attention_args& a, int64_t i) {
    const int64_t last = a.causal ? i + a.keys - a.queries + 1 : a.keys;
    return last < 0 ? 0 : (last > a.keys ? a.keys : last);
}

EM_INLINE void scores(const em_attention_args& a, Head head, int64_t i, int64_t keys, float* s) {
    const float* q = token(a.q, head, a.queries, i, a.query_stride, a.head_dim);
    const float* bias = a.bias.buffer == nullptr ? nullptr : data(a.bias, head.r) + i * a.keys;
    for (int64_t j = 0; j < keys; ++j) {
        s[j] = a.scale * dot(q, token(a.k, head, a.keys, j, a.key_stride, a.head_dim), a.head_dim) + (bias == nullptr ? 0.0f : bias[j]);
    }
}

EM_INLINE float* row_of(const em_tensor& tensor, const em_attention_args& a, Head head) {
    return data(tensor, head.r) + (head.b * a.heads + head.h) * a.queries;
}

// s becomes the probabilities; a row without key, lse = -inf, has none.
EM_INLINE void probabilities(float* s, int64_t keys, float lse) {
    if (lse == -INFINITY_) {
        clear(s, keys);
        return;
    }
    vectors(0, keys, [&](int64_t j, auto access) { access.store(s + j, exponential(access.load(s + j) - lse)); });
}

}  // namespace

void attention(Device& device, const em_attention_args& a) {
    each_task(device, a.replicas * a.batch * a.heads, a.keys, [&](int64_t task, float* s) {
        const Head head(a, task);
        for (int64_t i = 0; i < a.queries; ++i) {
            const int64_t keys = visible(a, i);
            float* out = token(a.out, head, a.queries, i, a.output_stride, a.head_dim);
            float* lse = row_of(a.lse, a, head) + i;
            clear(out, a.head_dim);
            scores(a, head, i, keys, s);
            float top = -INFINITY_;
            for (int64_t j = 0; j < keys; ++j) {
                top = top > s[j] || top != top ? top : s[j];
            }
            if (top == -INFINITY_) {
                *lse = top;
                continue;
            }
            float total = 0;
            vectors(0, keys, [&](int64_t j, auto access) { access.store(s + j, exponential(access.load(s + j) - top)); });
            for (int64_t j = 0; j < keys; ++j) {
                total += s[j];
                add_scaled(s[j], token(a.v, head, a.keys, j, a.key_stride, a.head_dim), out, a.head_dim);
            }
            vectors(0, a.head_dim, [&](int64_t j, auto access) { access.store(out + j, access.load(out + j) / total); });
            *lse = top + logarithm(splat(total))[0];
        }
    });
}

void attention_backward(Device& device, const em_attention_backward_args& g) {
    const em_attention_args& a = g.forward;
    each_task(device, a.replicas * a.batch * a.heads, a.keys, [&](int64_t task, float* s) {
        const Head head(a, task);
        for (int64_t j = 0; j < a.keys; ++j) {
            clear(token(g.d_k, head, a.keys, j, a.key_stride, a.head_dim), a.head_dim);
            clear(token(g.d_v, head, a.keys, j, a.key_stride, a.head_dim), a.head_dim);
        }
        for (int64_t i = 0; i < a.queries; ++i) {
            const int64_t keys = visible(a, i);
            const float* q = token(a.q, head, a.queries, i, a.query_stride, a.head_dim);
            const float* d_out = token(g.d_out, head, a.queries, i, a.output_stride, a.head_dim);
            float* d_q = token(g.d_q, head, a.queries, i, a.query_stride, a.head_dim);
            const float delta = dot(d_out, token(a.out, head, a.queries, i, a.output_stride, a.head_dim), a.head_dim);
            row_of(g.delta, a, head)[i] = delta;
            scores(a, head, i, keys, s);
            probabilities(s, keys, row_of(a.lse, a, head)[i]);
            clear(d_q, a.head_dim);
            for (int64_t j = 0; j < keys; ++j) {
                add_scaled(s[j], d_out, token(g.d_v, head, a.keys, j, a.key_stride, a.head_dim), a.head_dim);
                const float d_p = dot(d_out, token(a.v, head, a.keys, j, a.key_stride, a.head_dim), a.head_dim);
                const float d_s = a.scale * s[j] * (d_p - delta);
                add_scaled(d_s, q, token(g.d_k, head, a.keys, j, a.key_stride, a.head_dim), a.head_dim);
                add_scaled(d_s, token(a.k, head, a.keys, j, a.key_stride, a.head_dim), d_q, a.head_dim);
            }
        }
    });
}

void attention_probabilities(Device& device, const em_attention_probabilities_args& g) {
    const em_attention_args& a = g.forward;
    each_task(device, a.replicas * a.batch * a.heads, 0, [&](int64_t task, float*) {
        const Head head(a, task);
        for (int64_t i = 0; i < a.queries; ++i) {
            float* p = data(g.p, head.r) + ((head.b * a.heads + head.h) * a.queries + i) * a.keys;
            const int64_t keys = visible(a, i);
            scores(a, head, i, keys, p);
            probabilities(p, keys, row_of(a.lse, a, head)[i]);
            clear(p + keys, a.keys - keys);
        }
    });
}

namespace {

// statistic(b, probabilities of the marked query) for each sequence and head; 0 where the query is -1.
template <class Args, class Statistic>
EM_INLINE void each_query(Device& device, const Args& a, const em_tensor& out, Statistic&& statistic) {
    each_task(device, a.replicas * a.batch * a.heads, 0, [&](int64_t task, float*) {
        const int64_t r = task / (a.batch * a.heads);
        const int64_t row = task % (a.batch * a.heads);
        const int32_t query = data<int32_t>(a.query, r)[row / a.heads];
        EM_REQUIRE(query >= -1 && query < a.queries, "query %d of sequence %lld is not in -1..%lld", query, (long long)(row / a.heads),
                   (long long)a.queries - 1);
        data(out, r)[row] = query < 0 ? 0.0f : statistic(r, row / a.heads, data(a.p, r) + (row * a.queries + query) * a.keys);
    });
}

}  // namespace

void attention_mass(Device& device, const em_attention_mass_args& a) {
    each_query(device, a, a.mass, [&](int64_t r, int64_t b, const float* p) {
        const int32_t* marked = data<int32_t>(a.marked, r) + b * a.keys;
        float mass = 0;
        for (int64_t j = 0; j < a.keys; ++j) {
            mass += marked[j] != 0 ? p[j] : 0.0f;
        }
        return mass;
    });
}

void attention_entropy(Device& device, const em_attention_entropy_args& a) {
    each_query(device, a, a.entropy, [&](int64_t, int64_t, const float* p) {
        Floats total{};
        vectors(0, a.keys, [&](int64_t j, auto access) {
            // Below the smallest normal number p ln p is 0 to rounding, and the logarithm is not defined.
            const Floats x = access.load(p + j);
            total -= x < 1.17549435e-38f ? Floats{} : x * logarithm(x);
        });
        return sum(total);
    });
}

}  // namespace em::EM_ISA

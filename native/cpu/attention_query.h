// Attention of one query of a head: the read-out's, or the last one of a sequence. It sees all keys. Nothing is used twice, so keys and
// values are read where they lie.
#pragma once
#include "cpu/attention_lists.h"
#include "cpu/tiles.h"

namespace em::EM_ISA {

// row[j] = x . vector j, for all keys; room for padded(count).
EM_INLINE void all_dots(const float* x, const float* from, int64_t stride, int64_t count, int64_t width, float* row) {
    for (int64_t j = 0; j < count; j += LANES) {
        fetch(from + (j + LANES) * stride, stride, least(LANES, count - j - LANES), width);
        store(row + j, dots(x, from + j * stride, stride, count - j, width));
    }
}

// to = sum over j of weight[j] times vector j.
EM_INLINE void weighted_sum(const float* weight, const float* from, int64_t stride, int64_t count, int64_t width, float* to) {
    constexpr int64_t AHEAD = 8;
    vectors(0, width, [&](int64_t k, auto access) { access.store(to + k, Floats{}); });
    for (int64_t j = 0; j < count; ++j) {
        fetch(from + (j + AHEAD) * stride, stride, j + AHEAD < count ? 1 : 0, width);
        const float w = weight[j];
        const float* x = from + j * stride;
        vectors(0, width, [&](int64_t k, auto access) { access.store(to + k, access.load(to + k) + w * access.load(x + k)); });
    }
}

// Scores of query i, and their maximum. `room` holds as many floats as the row.
EM_INLINE float scores_of_query(const Head& head, const Slots& slots, int64_t i, float* row, float* room) {
    const em_attention_args& a = head.a;
    all_dots(head.query(a.q, i), head.key(a.k, 0), a.key_stride, a.keys, a.head_dim, row);
    return largest(finish_scores(row, padded(a.keys), a.keys, a.scale, slots.bias(head, i, 0, padded(a.keys), room)));
}

// `row` has room for padded(keys) floats, twice.
EM_INLINE void attend_query(const Head& head, const Slots& slots, int64_t i, float* row) {
    const em_attention_args& a = head.a;
    float* out = head.output(a.out, i);
    float* lse = head.statistic(a.lse) + i;
    const float top = scores_of_query(head, slots, i, row, row + padded(a.keys));
    if (top == NOTHING) {
        __builtin_memset(out, 0, a.head_dim * sizeof(float));
        *lse = NOTHING;
        return;
    }
    Floats total{};
    for (int64_t j = 0; j < padded(a.keys); j += LANES) {
        const Floats weight = exponential_of_small(load(row + j) - top);
        store(row + j, weight);
        total += weight;
    }
    const float sum_of_weights = sum(total);
    const float share = 1.0f / sum_of_weights;
    for (int64_t j = 0; j < padded(a.keys); j += LANES) {
        store(row + j, load(row + j) * share);
    }
    weighted_sum(row, head.key(a.v, 0), a.key_stride, a.keys, a.head_dim, out);
    *lse = top + logarithm(splat(sum_of_weights))[0];
}

// Gradients; those of the first `begun` keys and values are added to what is there. `p` has room for padded(keys) floats, three times.
EM_INLINE void attend_query_backward(const Head& head, const em_attention_backward_args& g, const Slots& slots, int64_t i, int64_t begun,
                                     float* p) {
    const em_attention_args& a = head.a;
    const int64_t columns = padded(a.keys);
    float* d_s = p + columns;
    const float* q = head.query(a.q, i);
    const float* d_out = head.output(g.d_out, i);
    const float* out = head.output(a.out, i);
    Floats product{};
    vectors(0, a.head_dim, [&](int64_t k, auto access) { product += access.load(d_out + k) * access.load(out + k); });
    const float delta = sum(product);
    head.statistic(g.delta)[i] = delta;
    const float lse = head.statistic(a.lse)[i];
    scores_of_query(head, slots, i, p, d_s + columns);
    all_dots(d_out, head.key(a.v, 0), a.key_stride, a.keys, a.head_dim, d_s);
    for (int64_t j = 0; j < columns; j += LANES) {
        const Floats weight = lse == NOTHING ? Floats{} : exponential_of_small(load(p + j) - lse);
        store(p + j, weight);
        store(d_s + j, weight == 0.0f ? Floats{} : weight * (load(d_s + j) - delta) * a.scale);
    }
    weighted_sum(d_s, head.key(a.k, 0), a.key_stride, a.keys, a.head_dim, head.query(g.d_q, i));
    for (int64_t j = 0; j < a.keys; ++j) {
        float* d_k = head.key(g.d_k, j);
        float* d_v = head.key(g.d_v, j);
        vectors(0, a.head_dim, [&](int64_t k, auto access) {
            const Floats of_k = access.load(q + k) * d_s[j];
            const Floats of_v = access.load(d_out + k) * p[j];
            access.store(d_k + k, j < begun ? access.load(d_k + k) + of_k : of_k);
            access.store(d_v + k, j < begun ? access.load(d_v + k) + of_v : of_v);
        });
    }
}

}  // namespace em::EM_ISA

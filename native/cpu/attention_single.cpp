// Attention of one query a sequence, the read-out's: nothing is used twice, so keys and values are read where they lie.
#include "cpu/attention_single.h"

#include "cpu/attention_lists.h"
#include "cpu/attention_order.h"
#include "cpu/tiles.h"

namespace em::EM_ISA {
namespace {

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

// Scores of the query, and their maximum. `room` holds as many floats as the row.
EM_INLINE float scores(const Head& head, const Slots& slots, float* row, float* room) {
    const em_attention_args& a = head.a;
    all_dots(head.query(a.q, 0), head.key(a.k, 0), a.key_stride, a.keys, a.head_dim, row);
    return largest(finish_scores(row, padded(a.keys), a.keys, a.scale, slots.bias(head, 0, 0, padded(a.keys), room)));
}

// Whether the rows of a sequence stay in the second cache until its last head.
EM_INLINE bool stay(const em_attention_args& a) { return a.keys * a.heads * a.head_dim <= 65536; }

// Brings the keys and values of a sequence into the cache.
EM_INLINE void read_keys(const WholeRows& rows, const Head& first) {
    const em_attention_args& a = first.a;
    if (!stay(a)) {
        return;
    }
    rows.each([](int64_t) {}, [&](int64_t j) { rows.read(first.key(a.k, j)), rows.read(first.key(a.v, j)); });
}

}  // namespace

void attention_single(Device& device, const em_attention_args& a) {
    const Slots slots = slots_of(device, a);
    each_head(device, a, 2 * padded(a.keys), read_keys, [&](const Head& head, float* row) {
        float* out = head.output(a.out, 0);
        const float top = scores(head, slots, row, row + padded(a.keys));
        if (top == NOTHING) {
            __builtin_memset(out, 0, a.head_dim * sizeof(float));
            head.statistic(a.lse)[0] = NOTHING;
            return;
        }
        Floats total{};
        for (int64_t j = 0; j < padded(a.keys); j += LANES) {
            const Floats weight = exponential(load(row + j) - top);
            store(row + j, weight);
            total += weight;
        }
        const float sum_of_weights = sum(total);
        const float share = 1.0f / sum_of_weights;
        for (int64_t j = 0; j < padded(a.keys); j += LANES) {
            store(row + j, load(row + j) * share);
        }
        weighted_sum(row, head.key(a.v, 0), a.key_stride, a.keys, a.head_dim, out);
        head.statistic(a.lse)[0] = top + logarithm(splat(sum_of_weights))[0];
    });
}

void attention_single_backward(Device& device, const em_attention_backward_args& g) {
    const em_attention_args& a = g.forward;
    const int64_t columns = padded(a.keys);
    const Slots slots = slots_of(device, a);
    const auto before = [&](const WholeRows& rows, const Head& first) {
        read_keys(rows, first);
        if (!stay(a)) {
            return;
        }
        rows.each([](int64_t) {}, [&](int64_t j) { rows.clear(first.key(g.d_k, j)), rows.clear(first.key(g.d_v, j)); });
    };
    each_head(device, a, 3 * columns, before, [&](const Head& head, float* p) {
        float* d_s = p + columns;
        const float* q = head.query(a.q, 0);
        const float* d_out = head.output(g.d_out, 0);
        const float* out = head.output(a.out, 0);
        Floats product{};
        vectors(0, a.head_dim, [&](int64_t k, auto access) { product += access.load(d_out + k) * access.load(out + k); });
        const float delta = sum(product);
        head.statistic(g.delta)[0] = delta;
        const float lse = head.statistic(a.lse)[0];
        scores(head, slots, p, d_s + columns);
        all_dots(d_out, head.key(a.v, 0), a.key_stride, a.keys, a.head_dim, d_s);
        for (int64_t j = 0; j < columns; j += LANES) {
            const Floats weight = lse == NOTHING ? Floats{} : exponential(load(p + j) - lse);
            store(p + j, weight);
            store(d_s + j, weight == 0.0f ? Floats{} : weight * (load(d_s + j) - delta) * a.scale);
        }
        weighted_sum(d_s, head.key(a.k, 0), a.key_stride, a.keys, a.head_dim, head.query(g.d_q, 0));
        for (int64_t j = 0; j < a.keys; ++j) {
            float* d_k = head.key(g.d_k, j);
            float* d_v = head.key(g.d_v, j);
            vectors(0, a.head_dim, [&](int64_t k, auto access) {
                access.store(d_k + k, access.load(q + k) * d_s[j]);
                access.store(d_v + k, access.load(d_out + k) * p[j]);
            });
        }
    });
}

}  // namespace em::EM_ISA

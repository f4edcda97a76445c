// Gradients of attention. P is recomputed from Q, K and lse; with dP = dO V^T and delta = rowsum(dO O):
// dS = scale P (dP - delta), dQ = dS K, dK = dS^T Q, dV = P^T dO. Keys outer: dK and dV of a block of keys stay in scratch memory, and
// dQ grows in the output; the order is fixed.
#include "cpu/attention_lists.h"
#include "cpu/attention_narrow.h"
#include "cpu/attention_short.h"
#include "cpu/attention_single.h"
#include "cpu/kernels.h"
#include "cpu/tiles.h"

namespace em::EM_ISA {
namespace {

constexpr int64_t QUERIES = 36;
constexpr int64_t KEYS = 128;
constexpr int64_t SCORES = KEYS + LANES;

// Scratch memory for one block of keys and one of queries.
struct Blocks {
    int64_t width;
    float *keys, *keys_transposed, *values_transposed, *d_keys, *d_values;
    float *queries, *d_out, *d_queries, *p, *d_s, *bias;

    EM_INLINE Blocks(const em_attention_args& a, float* memory) : width(padded(a.head_dim)) {
        keys = memory;
        keys_transposed = keys + KEYS * width;
        values_transposed = keys_transposed + transposed_size(KEYS, a.head_dim);
        d_keys = values_transposed + transposed_size(KEYS, a.head_dim);
        d_values = d_keys + KEYS * width;
        queries = d_values + KEYS * width;
        d_out = queries + QUERIES * width;
        d_queries = d_out + QUERIES * width;
        p = d_queries + QUERIES * width;
        d_s = p + QUERIES * SCORES;
        bias = d_s + QUERIES * SCORES;
    }
    EM_INLINE static int64_t size(const em_attention_args& a) {
        return 3 * (KEYS + QUERIES) * padded(a.head_dim) + 2 * transposed_size(KEYS, a.head_dim) + (2 * QUERIES + 1) * SCORES;
    }
};

EM_INLINE void clear(float* x, int64_t count) { __builtin_memset(x, 0, count * sizeof(float)); }

// delta = rowsum(dO O) of all queries, and dQ = 0. Each row is summed in the order in which its dP are, so that dP - delta is exactly 0
// where one key takes all.
void prepare(const Head& head, const em_attention_backward_args& g, const Blocks& m) {
    const em_attention_args& a = head.a;
    for (int64_t first = 0; first < a.queries; first += LANES) {
        const int64_t count = least(LANES, a.queries - first);
        pack_transposed(head.output(g.d_out, first), a.output_stride, count, a.head_dim, m.keys_transposed);
        pack_transposed(head.output(a.out, first), a.output_stride, count, a.head_dim, m.values_transposed);
        Floats total{};
        for (int64_t k = 0; k < a.head_dim; ++k) {
            total += load(m.keys_transposed + k * PANEL_WIDTH) * load(m.values_transposed + k * PANEL_WIDTH);
        }
        float* delta = head.statistic(g.delta) + first;
        vectors(0, count, [&](int64_t i, auto access) { access.store(delta + i, total); });
        for (int64_t i = 0; i < count; ++i) {
            clear(head.query(g.d_q, first + i), a.head_dim);
        }
    }
}

// The probabilities of a row, from products with keys; 0 for keys that are not seen.
EM_INLINE void probabilities(float* row, int64_t columns, float lse) {
    if (lse == NOTHING) {
        clear(row, columns);
        return;
    }
    for (int64_t c = 0; c < columns; c += LANES) {
        store(row + c, exponential_of_small(load(row + c) - lse));
    }
}

// A block of queries against a block of `keys` keys from `key` on.
void attend(const Head& head, const Slots& slots, const em_attention_backward_args& g, int64_t first, int64_t count, int64_t key,
            int64_t keys, const Blocks& m) {
    const em_attention_args& a = head.a;
    const int64_t depth = a.head_dim;
    const int64_t columns = padded(keys);
    pack(head.query(a.q, first), a.query_stride, count, depth, m.queries);
    pack(head.output(g.d_out, first), a.output_stride, count, depth, m.d_out);
    multiply(count, columns, depth, {m.queries, m.width, 1}, transposed_as_right(m.keys_transposed, depth), m.p, SCORES, false);
    multiply(count, columns, depth, {m.d_out, m.width, 1}, transposed_as_right(m.values_transposed, depth), m.d_s, SCORES, false);
    for (int64_t i = 0; i < count; ++i) {
        float* p = m.p + i * SCORES;
        float* d_s = m.d_s + i * SCORES;
        const float* bias = slots.bias(head, first + i, key, columns, m.bias);
        finish_scores(p, columns, head.visible(first + i) - key, a.scale, bias);
        probabilities(p, columns, head.statistic(a.lse)[first + i]);
        const float delta = head.statistic(g.delta)[first + i];
        for (int64_t c = 0; c < columns; c += LANES) {
            const Floats weight = load(p + c);
            store(d_s + c, weight == 0.0f ? Floats{} : weight * (load(d_s + c) - delta) * a.scale);
        }
    }
    multiply(keys, m.width, count, {m.p, 1, SCORES}, rows_as_right(m.d_out, m.width), m.d_values, m.width, true);
    multiply(keys, m.width, count, {m.d_s, 1, SCORES}, rows_as_right(m.queries, m.width), m.d_keys, m.width, true);
    multiply(count, m.width, keys, {m.d_s, SCORES, 1}, rows_as_right(m.keys, m.width), m.d_queries, m.width, false);
    for (int64_t i = 0; i < count; ++i) {
        float* d_q = head.query(g.d_q, first + i);
        const float* more = m.d_queries + i * m.width;
        vectors(0, depth, [&](int64_t j, auto access) { access.store(d_q + j, access.load(d_q + j) + load(more + j)); });
    }
}

// Copies rows of padded width to vectors of the head.
EM_INLINE void unpack(const float* from, int64_t padded_width, int64_t count, int64_t width, float* to, int64_t stride) {
    for (int64_t i = 0; i < count; ++i, from += padded_width, to += stride) {
        vectors(0, width, [&](int64_t j, auto access) { access.store(to + j, load(from + j)); });
    }
}

void attend_keys(const Head& head, const Slots& slots, const em_attention_backward_args& g, int64_t key, int64_t keys, const Blocks& m) {
    const em_attention_args& a = head.a;
    pack(head.key(a.k, key), a.key_stride, keys, a.head_dim, m.keys);
    pack_transposed(head.key(a.k, key), a.key_stride, keys, a.head_dim, m.keys_transposed);
    pack_transposed(head.key(a.v, key), a.key_stride, keys, a.head_dim, m.values_transposed);
    clear(m.d_keys, keys * m.width);
    clear(m.d_values, keys * m.width);
    for (int64_t first = 0; first < a.queries; first += QUERIES) {
        const int64_t count = least(QUERIES, a.queries - first);
        const int64_t seen = least(keys, head.visible(first + count - 1) - key);
        if (seen > 0) {
            attend(head, slots, g, first, count, key, seen, m);
        }
    }
    unpack(m.d_keys, m.width, keys, a.head_dim, head.key(g.d_k, key), a.key_stride);
    unpack(m.d_values, m.width, keys, a.head_dim, head.key(g.d_v, key), a.key_stride);
}

}  // namespace

void attention_backward(Device& device, const em_attention_backward_args& g) {
    const em_attention_args& a = g.forward;
    if (is_narrow(a)) {
        return attention_narrow_backward(device, g);
    }
    if (a.queries == 1) {
        return attention_single_backward(device, g);
    }
    if (is_short(a)) {
        return attention_short_backward(device, g);
    }
    const Slots slots = slots_of(device, a);
    each_task(device, heads_of(a), Blocks::size(a), [&](int64_t task, float* memory) {
        const Head head(a, task);
        const Blocks m(a, memory);
        prepare(head, g, m);
        for (int64_t key = 0; key < a.keys; key += KEYS) {
            attend_keys(head, slots, g, key, least(KEYS, a.keys - key), m);
        }
    });
}

}  // namespace em::EM_ISA

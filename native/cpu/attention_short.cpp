// Attention of sequences so short that all scores of a head fit into the first cache, and all its vectors: these are read and written
// where they lie, but for those that a product needs as columns. Keys are the rows of scores and queries the columns, so that softmax
// works on many queries at once and never across lanes.
#include "cpu/attention_short.h"

#include "cpu/attention_lists.h"
#include "cpu/tiles.h"

namespace em::EM_ISA {
namespace {

constexpr int64_t LONGEST = 64;
// Rows of a product in one piece: what a causal mask hides from all of them is not multiplied.
constexpr int64_t ROWS = 3 * rows_for(PANEL);
// Rows of scores start in different sets of the first cache.
constexpr int64_t SCORES = LONGEST + LANES;

// Scratch memory of one head.
struct Blocks {
    float *queries, *d_out, *bias, *p, *d_s;

    EM_INLINE Blocks(const em_attention_args& a, float* memory) {
        queries = memory;
        d_out = queries + transposed_size(LONGEST, a.head_dim);
        bias = d_out + transposed_size(LONGEST, a.head_dim);
        p = bias + transposed_size(LONGEST, LONGEST);
        d_s = p + LONGEST * SCORES;
    }
    EM_INLINE static int64_t size(const em_attention_args& a) {
        return 2 * transposed_size(LONGEST, a.head_dim) + transposed_size(LONGEST, LONGEST) + 2 * LONGEST * SCORES;
    }
};

// The first query that sees a key; as many as there are when none does.
EM_INLINE int64_t first_seeing(const em_attention_args& a, int64_t key) {
    const int64_t from = a.causal ? key - a.keys + a.queries : 0;
    return from < 0 ? 0 : least(from, a.queries);
}

// scores = rows columns^T, for all keys' rows.
EM_INLINE void products(const em_attention_args& a, const float* rows, const float* columns, float* scores) {
    multiply(a.keys, padded(a.queries), a.head_dim, {rows, a.key_stride, 1}, transposed_as_right(columns, a.head_dim), scores, SCORES,
             false);
}

// Products of queries and keys become scores: scale, bias, -inf for keys that are not seen.
EM_INLINE void scores_of(const Head& head, const Slots& slots, const Blocks& m) {
    const em_attention_args& a = head.a;
    pack_transposed(head.query(a.q, 0), a.query_stride, a.queries, a.head_dim, m.queries);
    products(a, head.key(a.k, 0), m.queries, m.p);
    const bool biased = head.bias(0) != nullptr;
    if (biased) {
        pack_transposed(head.bias(0), a.keys, a.queries, a.keys, m.bias);
    }
    for (int64_t j = 0; j < a.keys; ++j) {
        const int64_t from = first_seeing(a, j);
        for (int64_t i = 0; i < padded(a.queries); i += LANES) {
            float* at = m.p + j * SCORES + i;
            Floats x = load(at) * a.scale;
            x = biased ? x + load(m.bias + i / PANEL_WIDTH * a.keys * PANEL_WIDTH + j * PANEL_WIDTH + i % PANEL_WIDTH) : x;
            store(at, lane_numbers() < splat_int(static_cast<int32_t>(from - i)) ? splat(NOTHING) : x);
        }
    }
    for (int64_t i = 0; i < a.queries && slots.any(); ++i) {
        slots.each(head, i, [&](int64_t key, float strength) { m.p[key * SCORES + i] += strength; });
    }
}

// Scores of LANES queries become probabilities; returns lse.
EM_INLINE Floats softmax(int64_t keys, float* scores) {
    Floats top = splat(NOTHING);
    for (int64_t j = 0; j < keys; ++j) {
        top = maximum(top, load(scores + j * SCORES));
    }
    const Floats origin = top == NOTHING ? Floats{} : top;
    Floats total{};
    for (int64_t j = 0; j < keys; ++j) {
        const Floats weight = exponential(load(scores + j * SCORES) - origin);
        store(scores + j * SCORES, weight);
        total += weight;
    }
    const Floats share = total == 0.0f ? Floats{} : 1.0f / total;
    for (int64_t j = 0; j < keys; ++j) {
        store(scores + j * SCORES, load(scores + j * SCORES) * share);
    }
    return total == 0.0f ? splat(NOTHING) : origin + logarithm(total);
}

// Scores of LANES queries become probabilities p, and products of dO with values become dS = scale p (dP - delta). delta, rowsum(dO O)
// by definition, is taken as the sum of p dP: exactly dP where one key takes all. Returns delta.
EM_INLINE Floats softmax_backward(const em_attention_args& a, Floats lse, float* p, float* d_s) {
    const Floats origin = lse == NOTHING ? Floats{} : lse;
    Floats delta{};
    for (int64_t j = 0; j < a.keys; ++j) {
        const Floats weight = exponential(load(p + j * SCORES) - origin);
        store(p + j * SCORES, weight);
        delta += weight == 0.0f ? Floats{} : weight * load(d_s + j * SCORES);
    }
    for (int64_t j = 0; j < a.keys; ++j) {
        const Floats weight = load(p + j * SCORES);
        store(d_s + j * SCORES, weight == 0.0f ? Floats{} : weight * (load(d_s + j * SCORES) - delta) * a.scale);
    }
    return delta;
}

// to = the sum over keys of `weights` times the keys' rows, for each query.
EM_INLINE void over_keys(const Head& head, const float* weights, Right rows, float* to, int64_t stride) {
    const em_attention_args& a = head.a;
    for (int64_t i = 0; i < a.queries; i += ROWS) {
        const int64_t count = least(ROWS, a.queries - i);
        multiply(count, a.head_dim, head.visible(i + count - 1), {weights + i, 1, SCORES}, rows, to + i * stride, stride, false);
    }
}

// to = the sum over queries of `weights` times the queries' rows, for each key.
EM_INLINE void over_queries(const Head& head, const float* weights, Right rows, float* to, int64_t stride) {
    const em_attention_args& a = head.a;
    for (int64_t j = 0; j < a.keys; j += ROWS) {
        const int64_t from = first_seeing(a, j);
        multiply(least(ROWS, a.keys - j), a.head_dim, a.queries - from, {weights + j * SCORES + from, SCORES, 1},
                 rows_as_right(rows.at + from * rows.row, rows.row), to + j * stride, stride, false);
    }
}

}  // namespace

bool is_short(const em_attention_args& a) { return a.queries <= LONGEST && a.keys <= LONGEST && a.head_dim % LANES == 0; }

void attention_short(Device& device, const em_attention_args& a) {
    const Slots slots = slots_of(device, a);
    each_task(device, heads_of(a), Blocks::size(a), [&](int64_t task, float* memory) {
        const Head head(a, task);
        const Blocks m(a, memory);
        scores_of(head, slots, m);
        vectors(0, a.queries, [&](int64_t i, auto access) { access.store(head.statistic(a.lse) + i, softmax(a.keys, m.p + i)); });
        over_keys(head, m.p, rows_as_right(head.key(a.v, 0), a.key_stride), head.output(a.out, 0), a.output_stride);
    });
}

void attention_short_backward(Device& device, const em_attention_backward_args& g) {
    const em_attention_args& a = g.forward;
    const Slots slots = slots_of(device, a);
    each_task(device, heads_of(a), Blocks::size(a), [&](int64_t task, float* memory) {
        const Head head(a, task);
        const Blocks m(a, memory);
        const Right queries = rows_as_right(head.query(a.q, 0), a.query_stride);
        const Right keys = rows_as_right(head.key(a.k, 0), a.key_stride);
        const Right d_out = rows_as_right(head.output(g.d_out, 0), a.output_stride);
        scores_of(head, slots, m);
        pack_transposed(d_out.at, a.output_stride, a.queries, a.head_dim, m.d_out);
        products(a, head.key(a.v, 0), m.d_out, m.d_s);
        vectors(0, a.queries, [&](int64_t i, auto access) {
            const Floats lse = access.load(head.statistic(a.lse) + i);
            access.store(head.statistic(g.delta) + i, softmax_backward(a, lse, m.p + i, m.d_s + i));
        });
        over_queries(head, m.p, d_out, head.key(g.d_v, 0), a.key_stride);
        over_queries(head, m.d_s, queries, head.key(g.d_k, 0), a.key_stride);
        over_keys(head, m.d_s, keys, head.query(g.d_q, 0), a.query_stride);
    });
}

}  // namespace em::EM_ISA

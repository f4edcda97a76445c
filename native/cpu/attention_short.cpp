// Attention of so few keys that the scores of a block of queries with all of them fit into the first cache. Vectors are read and written
// where they lie, but for those that a product needs as columns. Keys are the rows of scores and queries the columns, so that softmax
// works on many queries at once and never across lanes. What a causal mask hides from a whole block is not computed.
#include "cpu/attention_short.h"

#include "cpu/attention_lists.h"
#include "cpu/attention_order.h"
#include "cpu/attention_query.h"
#include "cpu/tiles.h"

namespace em::EM_ISA {
namespace {

constexpr int64_t MOST_KEYS = 256;
// Queries of a block: one line of the cache for each key, and one panel.
constexpr int64_t QUERIES = PANEL_WIDTH < 16 ? PANEL_WIDTH : 16;

// Scratch memory of one block.
struct Scratch {
    float *queries, *d_out, *bias, *p, *d_s;

    EM_INLINE Scratch(const em_attention_args& a, float* memory) {
        p = memory;
        d_s = p + a.keys * QUERIES;
        queries = d_s + a.keys * QUERIES;
        d_out = queries + transposed_size(QUERIES, a.head_dim);
        bias = d_out + transposed_size(QUERIES, a.head_dim);
    }
    EM_INLINE static int64_t size(const em_attention_args& a) {
        return 2 * a.keys * QUERIES + 2 * transposed_size(QUERIES, a.head_dim) + transposed_size(QUERIES, a.keys);
    }
};

// Queries first, ..., first + count - 1 of a head, and the keys that some of them see.
struct Block {
    const Head& head;
    int64_t first, count, keys;

    EM_INLINE Block(const Head& head, int64_t first)
        : head(head), first(first), count(least(QUERIES, head.a.queries - first)), keys(head.visible(first + count - 1)) {}

    // Keys that the queries before the block's query `end` see.
    EM_INLINE int64_t seen_before(int64_t end) const { return head.visible(first + least(end, count) - 1); }

    // The first query of the block that sees a key, which may be beyond the last.
    EM_INLINE int64_t first_seeing(int64_t key) const {
        const int64_t query = head.a.causal ? key - head.a.keys + head.a.queries - first : 0;
        return query < 0 ? 0 : query;
    }
};

// body(block) for all blocks of queries of a head, in their order; last(i) for a query that would be a block alone.
template <class Body, class Last>
EM_INLINE void each_block(const Head& head, Body&& body, Last&& last) {
    for (int64_t first = 0; first < head.a.queries; first += QUERIES) {
        if (is_alone(head.a, first)) {
            last(first);
        } else {
            body(Block(head, first));
        }
    }
}

// scores = rows columns^T, for the keys and vectors of queries that see each other.
EM_INLINE void products(const Block& block, const float* rows, const float* columns, float* scores) {
    const em_attention_args& a = block.head.a;
    int64_t done = 0;
    for (int64_t i = 0; i < block.count; i += LANES) {
        const int64_t seen = block.seen_before(i + LANES);
        multiply(seen - done, padded(block.count) - i, a.head_dim, {rows + done * a.key_stride, a.key_stride, 1},
                 transposed_as_right(columns + i, a.head_dim), scores + done * QUERIES + i, QUERIES, false);
        done = seen;
    }
}

// Adds biases to scores, which it scales. Keys that a query does not see may get anything.
EM_INLINE void add_biases(const Block& block, const Slots& slots, const Scratch& m) {
    const Head& head = block.head;
    const em_attention_args& a = head.a;
    const bool dense = head.bias(0) != nullptr;
    if (dense) {
        pack_transposed(head.bias(block.first), a.keys, block.count, block.keys, m.bias);
    }
    for (int64_t i = 0; i < padded(block.count); i += LANES) {
        for (int64_t j = 0; j < block.seen_before(i + LANES); ++j) {
            float* at = m.p + j * QUERIES + i;
            store(at, dense ? load(at) * a.scale + load(m.bias + j * PANEL_WIDTH + i) : load(at) * a.scale);
        }
    }
    for (int64_t i = 0; i < block.count && slots.any(); ++i) {
        slots.each(head, block.first + i, [&](int64_t key, float strength) {
            if (key < block.keys) {
                m.p[key * QUERIES + i] += strength;
            }
        });
    }
}

// Products of the block's queries and keys, with biases; returns by what they are still to be scaled.
EM_INLINE float scores_of(const Block& block, const Slots& slots, const Scratch& m) {
    const em_attention_args& a = block.head.a;
    pack_transposed(block.head.query(a.q, block.first), a.query_stride, block.count, a.head_dim, m.queries);
    products(block, block.head.key(a.k, 0), m.queries, m.p);
    if (block.head.bias(0) == nullptr && !slots.any()) {
        return a.scale;
    }
    add_biases(block, slots, m);
    return 1.0f;
}

// body(j, hide) for the keys that some of the LANES queries from i on see; hide(x, y) is y in the lanes of queries that do not see it,
// else x.
template <class Body>
EM_INLINE void each_key(const Block& block, int64_t i, Body&& body) {
    const int64_t by_all = least(block.head.visible(block.first + i), block.keys);
    const int64_t by_some = block.seen_before(i + LANES);
    for (int64_t j = 0; j < by_all; ++j) {
        body(j, [](Floats x, Floats) { return x; });
    }
    for (int64_t j = by_all; j < by_some; ++j) {
        const Ints from = splat_int(static_cast<int32_t>(block.first_seeing(j) - i));
        body(j, [from](Floats x, Floats y) { return lane_numbers() < from ? y : x; });
    }
}

// Zeros for the keys that none of the LANES queries from i on sees.
EM_INLINE void clear_rest(const Block& block, int64_t i, float* scores) {
    for (int64_t j = block.seen_before(i + LANES); j < block.keys; ++j) {
        store(scores + j * QUERIES, Floats{});
    }
}

// Scores of the LANES queries from i on become probabilities; returns lse.
EM_INLINE Floats softmax(const Block& block, int64_t i, float scale, float* scores) {
    Floats top = splat(NOTHING);
    each_key(block, i, [&](int64_t j, auto hide) {
        const Floats x = hide(load(scores + j * QUERIES) * scale, splat(NOTHING));
        store(scores + j * QUERIES, x);
        top = maximum(top, x);
    });
    const int64_t keys = block.seen_before(i + LANES);
    const Floats origin = top == NOTHING ? Floats{} : top;
    Floats total{};
    for (int64_t j = 0; j < keys; ++j) {
        const Floats weight = exponential_of_small(load(scores + j * QUERIES) - origin);
        store(scores + j * QUERIES, weight);
        total += weight;
    }
    const Floats share = total == 0.0f ? Floats{} : 1.0f / total;
    for (int64_t j = 0; j < keys; ++j) {
        store(scores + j * QUERIES, load(scores + j * QUERIES) * share);
    }
    clear_rest(block, i, scores);
    return total == 0.0f ? splat(NOTHING) : origin + logarithm(total);
}

// Scores of the LANES queries from i on become probabilities p, and products of dO with values become dS = scale p (dP - delta). delta,
// rowsum(dO O) by definition, is taken as the sum of p dP: exactly dP where one key takes all. Returns delta.
EM_INLINE Floats softmax_backward(const Block& block, int64_t i, float scale, Floats lse, float* p, float* d_s) {
    const Floats origin = lse == NOTHING ? Floats{} : lse;
    Floats delta{};
    each_key(block, i, [&](int64_t j, auto hide) {
        const Floats weight = hide(exponential_of_small(load(p + j * QUERIES) * scale - origin), Floats{});
        store(p + j * QUERIES, weight);
        delta += weight == 0.0f ? Floats{} : weight * load(d_s + j * QUERIES);
    });
    for (int64_t j = 0; j < block.seen_before(i + LANES); ++j) {
        const Floats weight = load(p + j * QUERIES);
        store(d_s + j * QUERIES, weight == 0.0f ? Floats{} : weight * (load(d_s + j * QUERIES) - delta) * block.head.a.scale);
    }
    clear_rest(block, i, p);
    clear_rest(block, i, d_s);
    return delta;
}

// to = the sum over keys of `weights` times the keys' rows, for each query of the block.
EM_INLINE void over_keys(const Block& block, const float* weights, Right rows, float* to, int64_t stride) {
    const auto seen = [block](int64_t, int64_t end) { return Span{0, block.seen_before(end)}; };
    multiply_spans(block.count, block.head.a.head_dim, seen, {weights, 1, QUERIES}, rows, to, stride, false);
}

// to += the sum over the block's queries of `weights` times the queries' rows, for each key; `begun`: keys to which a block before added.
EM_INLINE void over_queries(const Block& block, int64_t begun, const float* weights, Right rows, float* to) {
    const em_attention_args& a = block.head.a;
    multiply(begun, a.head_dim, block.count, {weights, QUERIES, 1}, rows, to, a.key_stride, true);
    const auto seeing = [block, begun](int64_t key, int64_t) { return Span{block.first_seeing(begun + key), block.count}; };
    multiply_spans(block.keys - begun, a.head_dim, seeing, {weights + begun * QUERIES, QUERIES, 1}, rows, to + begun * a.key_stride,
                   a.key_stride, false);
}

}  // namespace

bool is_alone(const em_attention_args& a, int64_t query) {
    return a.queries == 1 || (is_short(a) && query + 1 == a.queries && query % QUERIES == 0);
}

bool is_short(const em_attention_args& a) { return a.keys <= MOST_KEYS && a.head_dim % LANES == 0; }

void attention_short(Device& device, const em_attention_args& a) {
    const Slots slots = slots_of(device, a);
    const auto before = [&](const WholeRows& rows, const Head& first) {
        rows.each([&](int64_t i) { rows.read(first.query(a.q, i)); },
                  [&](int64_t j) { rows.read(first.key(a.k, j)), rows.read(first.key(a.v, j)); });
        rows.each([&](int64_t i) { rows.clear(first.output(a.out, i)); }, [](int64_t) {});
    };
    each_head(device, a, Scratch::size(a), before, [&](const Head& head, float* memory) {
        const Scratch m(a, memory);
        const auto of_block = [&](const Block& block) {
            const float scale = scores_of(block, slots, m);
            float* lse = head.statistic(a.lse) + block.first;
            vectors(0, block.count, [&](int64_t i, auto access) { access.store(lse + i, softmax(block, i, scale, m.p + i)); });
            over_keys(block, m.p, rows_as_right(head.key(a.v, 0), a.key_stride), head.output(a.out, block.first), a.output_stride);
        };
        each_block(head, of_block, [&](int64_t i) { attend_query(head, slots, i, memory); });
    });
}

void attention_short_backward(Device& device, const em_attention_backward_args& g) {
    const em_attention_args& a = g.forward;
    const Slots slots = slots_of(device, a);
    const auto before = [&](const WholeRows& rows, const Head& first) {
        rows.each([&](int64_t i) { rows.read(first.query(a.q, i)), rows.read(first.output(g.d_out, i)); },
                  [&](int64_t j) { rows.read(first.key(a.k, j)), rows.read(first.key(a.v, j)); });
        rows.each([&](int64_t i) { rows.clear(first.query(g.d_q, i)); },
                  [&](int64_t j) { rows.clear(first.key(g.d_k, j)), rows.clear(first.key(g.d_v, j)); });
    };
    each_head(device, a, Scratch::size(a), before, [&](const Head& head, float* memory) {
        const Scratch m(a, memory);
        int64_t begun = 0;
        const auto of_block = [&](const Block& block) {
            const Right queries = rows_as_right(head.query(a.q, block.first), a.query_stride);
            const Right d_out = rows_as_right(head.output(g.d_out, block.first), a.output_stride);
            const float scale = scores_of(block, slots, m);
            pack_transposed(d_out.at, a.output_stride, block.count, a.head_dim, m.d_out);
            products(block, head.key(a.v, 0), m.d_out, m.d_s);
            const float* lse = head.statistic(a.lse) + block.first;
            float* delta = head.statistic(g.delta) + block.first;
            vectors(0, block.count, [&](int64_t i, auto access) {
                access.store(delta + i, softmax_backward(block, i, scale, access.load(lse + i), m.p + i, m.d_s + i));
            });
            over_queries(block, begun, m.p, d_out, head.key(g.d_v, 0));
            over_queries(block, begun, m.d_s, queries, head.key(g.d_k, 0));
            over_keys(block, m.d_s, rows_as_right(head.key(a.k, 0), a.key_stride), head.query(g.d_q, block.first), a.query_stride);
            begun = block.keys;
        };
        each_block(head, of_block, [&](int64_t i) { attend_query_backward(head, g, slots, i, begun, memory); });
    });
}

}  // namespace em::EM_ISA

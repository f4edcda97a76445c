// What probes read: the probabilities themselves, and sums over them.
#include "cpu/attention_lists.h"
#include "cpu/attention_rows.h"
#include "cpu/kernels.h"

namespace em::EM_ISA {

namespace {

constexpr int64_t QUERIES = 12;

// Scores of query i become its probabilities; `room` holds as many floats as the row.
EM_INLINE void to_probabilities(const Head& head, const Slots& slots, int64_t i, float* row, float* room) {
    const em_attention_args& a = head.a;
    finish_scores(row, padded(a.keys), head.visible(i), a.scale, slots.bias(head, i, 0, padded(a.keys), room));
    const float lse = head.statistic(a.lse)[i];
    vectors(0, a.keys, [&](int64_t j, auto access) {
        access.store(row + j, lse == NOTHING ? Floats{} : exponential_of_small(access.load(row + j) - lse));
    });
}

// Memory of one head: keys as columns, rows of scores, a row of biases, and queries that are not neighbours.
struct Rows {
    int64_t columns;
    float *keys, *scores, *room, *queries;

    EM_INLINE Rows(const em_attention_args& a, float* memory) : columns(padded(a.keys)) {
        keys = memory;
        scores = keys + transposed_size(a.keys, a.head_dim);
        room = scores + QUERIES * columns;
        queries = room + columns;
    }
    EM_INLINE static int64_t size(const em_attention_args& a) {
        return transposed_size(a.keys, a.head_dim) + (QUERIES + 1) * padded(a.keys) + QUERIES * a.head_dim;
    }
};

// Products of a block of queries with all keys, summed in the order of the fused kernels: a huge score then differs from lse by what it
// should. query(n) is the number of the block's n-th.
template <class Query>
EM_INLINE void products(const Head& head, Left queries, int64_t count, const Rows& m, Query&& query) {
    const em_attention_args& a = head.a;
    if (a.queries > 1) {
        multiply(count, m.columns, a.head_dim, queries, transposed_as_right(m.keys, a.head_dim), m.scores, m.columns, false);
    }
    for (int64_t n = 0; n < count; ++n) {
        for (int64_t j = 0; is_alone(a, query(n)) && j < a.keys; j += LANES) {
            store(m.scores + n * m.columns + j, dots(queries.at + n * queries.row, head.key(a.k, j), a.key_stride, a.keys - j, a.head_dim));
        }
    }
}

EM_INLINE void pack_keys(const Head& head, const Rows& m) {
    const em_attention_args& a = head.a;
    if (a.queries > 1) {
        pack_transposed(head.key(a.k, 0), a.key_stride, a.keys, a.head_dim, m.keys);
    }
}

}  // namespace

void attention_probabilities(Device& device, const em_attention_probabilities_args& g) {
    const em_attention_args& a = g.forward;
    const Slots slots = slots_of(device, a);
    each_task(device, heads_of(a), Rows::size(a), [&](int64_t task, float* memory) {
        const Head head(a, task);
        const Rows m(a, memory);
        pack_keys(head, m);
        for (int64_t first = 0; first < a.queries; first += QUERIES) {
            const int64_t count = least(QUERIES, a.queries - first);
            products(head, {head.query(a.q, first), a.query_stride, 1}, count, m, [&](int64_t n) { return first + n; });
            for (int64_t i = first; i < first + count; ++i) {
                float* row = m.scores + (i - first) * m.columns;
                to_probabilities(head, slots, i, row, m.room);
                float* p = data(g.p, head.r) + ((head.b * a.heads + head.h) * a.queries + i) * a.keys;
                vectors(0, a.keys, [&](int64_t j, auto access) { access.store(p + j, access.load(row + j)); });
            }
        }
    });
}

void attention_mass(Device& device, const em_attention_mass_args& g) {
    const em_attention_args& a = g.forward;
    const Slots slots = slots_of(device, a);
    each_task(device, heads_of(a), 0, [&](int64_t task, float*) {
        const Head head(a, task);
        const List list(head, g.on);
        float* mass = data(g.mass, head.r) + (head.b * a.heads + head.h) * g.on.entries;
        for (int64_t e = 0; e < g.on.entries; ++e) {
            float sum = 0;
            const int64_t i = list.query(e);
            each_listed_key(head, slots, i, list.keys(e), i < 0 ? 0 : g.on.width, [&](const Chosen& keys, Floats p) {
                for (int64_t lane = 0; lane < keys.count; ++lane) {
                    sum += p[lane];
                }
            });
            mass[e] = sum;
        }
    });
}

void attention_entropy(Device& device, const em_attention_entropy_args& g) {
    const em_attention_args& a = g.forward;
    const Slots slots = slots_of(device, a);
    each_task(device, heads_of(a), Rows::size(a), [&](int64_t task, float* memory) {
        const Head head(a, task);
        const Rows m(a, memory);
        const List list(head, g.on);
        float* entropy = data(g.entropy, head.r) + (head.b * a.heads + head.h) * g.on.entries;
        pack_keys(head, m);
        int64_t entries[QUERIES];
        for (int64_t e = 0; e < g.on.entries;) {
            int64_t count = 0;
            for (; e < g.on.entries && count < QUERIES; ++e) {
                entropy[e] = 0;
                if (list.query(e) >= 0) {
                    __builtin_memcpy(m.queries + count * a.head_dim, head.query(a.q, list.query(e)), a.head_dim * sizeof(float));
                    entries[count++] = e;
                }
            }
            if (count == 0) {
                continue;
            }
            products(head, {m.queries, a.head_dim, 1}, count, m, [&](int64_t n) { return list.query(entries[n]); });
            for (int64_t n = 0; n < count; ++n) {
                float* row = m.scores + n * m.columns;
                to_probabilities(head, slots, list.query(entries[n]), row, m.room);
                entropy[entries[n]] = entropy_of(row, a.keys);
            }
        }
    });
}

}  // namespace em::EM_ISA

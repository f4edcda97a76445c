// What probes read: the probabilities themselves, and sums over them.
#include "cpu/attention_head.h"
#include "cpu/kernels.h"
#include "cpu/tiles.h"

namespace em::EM_ISA {

namespace {

constexpr int64_t QUERIES = 12;

// Products of a block of queries with all keys, summed in the order of the fused kernels: a huge score then differs from lse by what it
// should.
EM_INLINE void products(const Head& head, int64_t first, int64_t count, const float* keys, float* scores) {
    const em_attention_args& a = head.a;
    const int64_t columns = padded(a.keys);
    if (a.queries == 1) {
        for (int64_t j = 0; j < a.keys; j += LANES) {
            store(scores + j, dots(head.query(a.q, 0), head.key(a.k, j), a.key_stride, a.keys - j, a.head_dim));
        }
        return;
    }
    const Left queries{head.query(a.q, first), a.query_stride, 1};
    multiply(count, columns, a.head_dim, queries, transposed_as_right(keys, a.head_dim), scores, columns, false);
}

// Scores of query i become its probabilities.
EM_INLINE void to_probabilities(const Head& head, int64_t i, float* row) {
    const em_attention_args& a = head.a;
    finish_scores(row, padded(a.keys), head.visible(i), a.scale, head.bias(i));
    const float lse = head.statistic(a.lse)[i];
    vectors(0, a.keys,
            [&](int64_t j, auto access) { access.store(row + j, lse == NOTHING ? Floats{} : exponential(access.load(row + j) - lse)); });
}

}  // namespace

void attention_probabilities(Device& device, const em_attention_probabilities_args& g) {
    const em_attention_args& a = g.forward;
    const int64_t columns = padded(a.keys);
    const int64_t packed = transposed_size(a.keys, a.head_dim);
    each_task(device, heads_of(a), packed + QUERIES * columns, [&](int64_t task, float* keys) {
        const Head head(a, task);
        float* scores = keys + packed;
        pack_transposed(head.key(a.k, 0), a.key_stride, a.keys, a.head_dim, keys);
        for (int64_t first = 0; first < a.queries; first += QUERIES) {
            const int64_t count = least(QUERIES, a.queries - first);
            products(head, first, count, keys, scores);
            for (int64_t i = first; i < first + count; ++i) {
                float* row = scores + (i - first) * columns;
                to_probabilities(head, i, row);
                float* p = data(g.p, head.r) + ((head.b * a.heads + head.h) * a.queries + i) * a.keys;
                vectors(0, a.keys, [&](int64_t j, auto access) { access.store(p + j, access.load(row + j)); });
            }
        }
    });
}

namespace {

// statistic(head, probabilities of the query asked for) for each sequence and head; 0 where the query is -1.
template <class Args, class Statistic>
EM_INLINE void each_query(Device& device, const Args& g, const em_tensor& out, Statistic&& statistic) {
    const em_attention_args& a = g.forward;
    const int64_t packed = transposed_size(a.keys, a.head_dim);
    each_task(device, heads_of(a), packed + padded(a.keys), [&](int64_t task, float* keys) {
        const Head head(a, task);
        const int32_t query = data<int32_t>(g.query, head.r)[head.b];
        EM_REQUIRE(query >= -1 && query < a.queries, "query %d of sequence %lld is not in -1..%lld", query, (long long)head.b,
                   (long long)a.queries - 1);
        float& result = data(out, head.r)[head.b * a.heads + head.h];
        result = 0;
        if (query >= 0) {
            float* row = keys + packed;
            if (a.queries > 1) {
                pack_transposed(head.key(a.k, 0), a.key_stride, a.keys, a.head_dim, keys);
            }
            products(head, query, 1, keys, row);
            to_probabilities(head, query, row);
            result = statistic(head, row);
        }
    });
}

}  // namespace

void attention_mass(Device& device, const em_attention_mass_args& g) {
    each_query(device, g, g.mass, [&](const Head& head, const float* p) {
        const int32_t* marked = data<int32_t>(g.marked, head.r) + head.b * g.forward.keys;
        float mass = 0;
        for (int64_t j = 0; j < g.forward.keys; ++j) {
            mass += marked[j] != 0 ? p[j] : 0.0f;
        }
        return mass;
    });
}

void attention_entropy(Device& device, const em_attention_entropy_args& g) {
    each_query(device, g, g.entropy, [&](const Head&, const float* p) {
        Floats total{};
        vectors(0, g.forward.keys, [&](int64_t j, auto access) {
            // Below the smallest normal number p ln p is 0 to rounding, and the logarithm is not defined.
            const Floats x = access.load(p + j);
            total -= x < 1.17549435e-38f ? Floats{} : x * logarithm(x);
        });
        return sum(total);
    });
}

}  // namespace em::EM_ISA

// Fused softmax attention: blocks of queries against blocks of keys, with a running row maximum and sum (Milakov & Gimelshein 2018,
// algorithm 3). Scores exist for one pair of blocks at a time.
#include "cpu/attention_lists.h"
#include "cpu/attention_narrow.h"
#include "cpu/attention_short.h"
#include "cpu/attention_single.h"
#include "cpu/kernels.h"
#include "cpu/tiles.h"

namespace em::EM_ISA {
namespace {

constexpr int64_t QUERIES = 24;
constexpr int64_t KEYS = 128;
// Rows of scores start in different sets of the first cache.
constexpr int64_t SCORES = KEYS + LANES;

// Scratch memory of one head: packed keys and values, and one block of queries.
struct Blocks {
    int64_t width;
    float *keys, *values, *scores, *sums, *top, *total, *bias;

    EM_INLINE Blocks(const em_attention_args& a, float* memory) : width(padded(a.head_dim)) {
        keys = memory;
        values = keys + transposed_size(a.keys, a.head_dim);
        scores = values + a.keys * width;
        sums = scores + QUERIES * SCORES;
        top = sums + QUERIES * width;
        total = top + QUERIES;
        bias = total + QUERIES;
    }
    EM_INLINE static int64_t size(const em_attention_args& a) {
        return transposed_size(a.keys, a.head_dim) + (a.keys + QUERIES) * padded(a.head_dim) + QUERIES * (SCORES + 2) + LANES + SCORES;
    }
};

// Turns a row of scores into weights relative to the running maximum, which may grow; then what was summed before shrinks.
EM_INLINE void weigh(const Blocks& m, int64_t i, float* row, int64_t columns, Floats highest, bool first) {
    const float before = first ? NOTHING : m.top[i];
    float top = largest(highest);
    top = before > top ? before : top;
    // A row without any key so far: all weights become 0.
    const float zero = top == NOTHING ? 0.0f : top;
    Floats total{};
    for (int64_t c = 0; c < columns; c += LANES) {
        const Floats weight = exponential_of_small(load(row + c) - zero);
        store(row + c, weight);
        total += weight;
    }
    const float sum_here = sum(total);
    if (first) {
        m.total[i] = sum_here;
    } else if (before == top) {
        m.total[i] += sum_here;
    } else {
        const float shrink = exponential_of_small(splat(before - zero))[0];
        m.total[i] = m.total[i] * shrink + sum_here;
        float* sums = m.sums + i * m.width;
        for (int64_t c = 0; c < m.width; c += LANES) {
            store(sums + c, load(sums + c) * shrink);
        }
    }
    m.top[i] = top;
}

EM_INLINE void write_row(const Head& head, const Blocks& m, int64_t query, int64_t i) {
    float* out = head.output(head.a.out, query);
    const float* sums = m.sums + i * m.width;
    const bool empty = m.total[i] == 0.0f;
    const float share = empty ? 0.0f : 1.0f / m.total[i];
    vectors(0, head.a.head_dim, [&](int64_t j, auto access) { access.store(out + j, load(sums + j) * share); });
    head.statistic(head.a.lse)[query] = empty ? NOTHING : m.top[i] + logarithm(splat(m.total[i]))[0];
}

void attend(const Head& head, const Slots& slots, int64_t first, int64_t count, const Blocks& m) {
    const em_attention_args& a = head.a;
    const int64_t end = head.visible(first + count - 1);
    // A block without any key still sets its totals.
    for (int64_t key = 0; key == 0 || key < end; key += KEYS) {
        const int64_t keys = end - key < KEYS ? (end - key < 0 ? 0 : end - key) : KEYS;
        const int64_t columns = padded(keys);
        const Right transposed = transposed_as_right(m.keys + transposed_size(key, a.head_dim), a.head_dim);
        multiply(count, columns, a.head_dim, {head.query(a.q, first), a.query_stride, 1}, transposed, m.scores, SCORES, false);
        for (int64_t i = 0; i < count; ++i) {
            float* row = m.scores + i * SCORES;
            const float* bias = slots.bias(head, first + i, key, columns, m.bias);
            const Floats highest = finish_scores(row, columns, head.visible(first + i) - key, a.scale, bias);
            weigh(m, i, row, columns, highest, key == 0);
        }
        const Right values = rows_as_right(m.values + key * m.width, m.width);
        multiply(count, m.width, keys, {m.scores, SCORES, 1}, values, m.sums, m.width, key != 0);
    }
    for (int64_t i = 0; i < count; ++i) {
        write_row(head, m, first + i, i);
    }
}

}  // namespace

void attention(Device& device, const em_attention_args& a) {
    if (is_narrow(a)) {
        return attention_narrow(device, a);
    }
    if (a.queries == 1) {
        return attention_single(device, a);
    }
    if (is_short(a)) {
        return attention_short(device, a);
    }
    const Slots slots = slots_of(device, a);
    each_task(device, heads_of(a), Blocks::size(a), [&](int64_t task, float* memory) {
        const Head head(a, task);
        const Blocks m(a, memory);
        pack_transposed(head.key(a.k, 0), a.key_stride, a.keys, a.head_dim, m.keys);
        pack(head.key(a.v, 0), a.key_stride, a.keys, a.head_dim, m.values);
        for (int64_t first = 0; first < a.queries; first += QUERIES) {
            attend(head, slots, first, least(QUERIES, a.queries - first), m);
        }
    });
}

}  // namespace em::EM_ISA

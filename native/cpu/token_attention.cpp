// Attention of a single query a head over tokens that all heads share. A sequence is one task: its tokens are read from the cache by
// every head. 4 length width operations a head forward, 8 backward.
#include "cpu/attention_head.h"
#include "cpu/tiles.h"

namespace em::EM_ISA {
namespace {

// Vectors of a sequence as rows whose length is a multiple of LANES, as tiles.h wants them: where they lie, or a copy.
EM_INLINE const float* whole_rows(const float* from, int64_t count, int64_t width, float* copy) {
    if (padded(width) == width) {
        return from;
    }
    pack(from, width, count, width, copy);
    return copy;
}

// C (m x width) = A (m x depth) B, whose rows are whole; `copy` holds C where its own rows are not.
EM_INLINE void multiply_rows(int64_t m, int64_t width, int64_t depth, Left a, const float* b, float* c, float* copy) {
    const int64_t row = padded(width);
    float* to = row == width ? c : copy;
    multiply(m, row, depth, a, rows_as_right(b, row), to, row, false);
    for (int64_t i = 0; i < m && to != c; ++i) {
        __builtin_memcpy(c + i * width, to + i * row, width * sizeof(float));
    }
}

// row h of `to` = products of vector h with every token; rows are padded(length) long. A block of tokens stays in the first cache.
EM_INLINE void all_products(const em_token_attention_args& a, const float* vectors, const float* tokens, float* to) {
    const int64_t columns = padded(a.length);
    for (int64_t t = 0; t < a.length; t += LANES) {
        for (int64_t h = 0; h < a.heads; ++h) {
            store(to + h * columns + t, dots(vectors + h * a.width, tokens + t * a.width, a.width, a.length - t, a.width));
        }
    }
}

// Products become probabilities; zero beyond the last token.
EM_INLINE void softmax(float* row, int64_t length, float scale) {
    const int64_t columns = padded(length);
    const float top = largest(finish_scores(row, columns, length, scale, nullptr));
    const float base = top == NOTHING ? 0.0f : top;
    Floats total{};
    for (int64_t t = 0; t < columns; t += LANES) {
        const Floats weight = exponential_of_small(load(row + t) - base);
        store(row + t, weight);
        total += weight;
    }
    const float sum_of_weights = sum(total);
    const float share = sum_of_weights == 0.0f ? 0.0f : 1.0f / sum_of_weights;
    for (int64_t t = 0; t < columns; t += LANES) {
        store(row + t, load(row + t) * share);
    }
}

}  // namespace

void token_attention(Device& device, const em_token_attention_args& a) {
    const int64_t columns = padded(a.length);
    const int64_t row = padded(a.width);
    const int64_t copies = row == a.width ? 0 : (a.length + a.heads) * row;
    each_task(device, a.replicas * a.batch, a.heads * columns + copies, [&](int64_t task, float* scores) {
        const int64_t r = task / a.batch;
        const int64_t b = task % a.batch;
        float* copy = scores + a.heads * columns;
        const float* x = data(a.x, r) + b * a.length * a.width;
        const int64_t vector = b * a.heads * a.width;
        all_products(a, data(a.q, r) + vector, x, scores);
        for (int64_t h = 0; h < a.heads; ++h) {
            softmax(scores + h * columns, a.length, a.scale);
            __builtin_memcpy(data(a.p, r) + (b * a.heads + h) * a.length, scores + h * columns, a.length * sizeof(float));
        }
        const float* rows = whole_rows(x, a.length, a.width, copy);
        multiply_rows(a.heads, a.width, a.length, {scores, columns, 1}, rows, data(a.out, r) + vector, copy + a.length * row);
    });
}

// With dP = dOut x^T and dS = scale p (dP - rowsum(p dP)): dQ = dS x and dX = dS^T q + p^T dOut, the latter one product of depth 2 heads.
void token_attention_backward(Device& device, const em_token_attention_backward_args& g) {
    const em_token_attention_args& a = g.forward;
    const int64_t columns = padded(a.length);
    const int64_t row = padded(a.width);
    const int64_t copies = row == a.width ? 0 : (a.length + a.heads) * row;
    each_task(device, a.replicas * a.batch, 2 * a.heads * (columns + row) + copies, [&](int64_t task, float* d_s) {
        const int64_t r = task / a.batch;
        const int64_t b = task % a.batch;
        float* p = d_s + a.heads * columns;
        float* both = p + a.heads * columns;  // q and dOut as whole rows, one below the other
        float* copy = both + 2 * a.heads * row;
        const float* x = data(a.x, r) + b * a.length * a.width;
        const int64_t vector = b * a.heads * a.width;
        const float* d_out = data(g.d_out, r) + vector;
        all_products(a, d_out, x, d_s);
        for (int64_t h = 0; h < a.heads; ++h) {
            const float* weights = data(a.p, r) + (b * a.heads + h) * a.length;
            float* slopes = d_s + h * columns;
            Floats total{};
            vectors(0, a.length, [&](int64_t t, auto access) { total += access.load(weights + t) * access.load(slopes + t); });
            const float delta = sum(total);
            vectors(0, a.length, [&](int64_t t, auto access) {
                const Floats weight = access.load(weights + t);
                access.store(slopes + t, weight == 0.0f ? Floats{} : weight * (access.load(slopes + t) - delta) * a.scale);
                access.store(p + h * columns + t, weight);
            });
            __builtin_memcpy(data(g.d_s, r) + (b * a.heads + h) * a.length, slopes, a.length * sizeof(float));
        }
        pack(data(a.q, r) + vector, a.width, a.heads, a.width, both);
        pack(d_out, a.width, a.heads, a.width, both + a.heads * row);
        const float* rows = whole_rows(x, a.length, a.width, copy);
        multiply_rows(a.heads, a.width, a.length, {d_s, columns, 1}, rows, data(g.d_q, r) + vector, copy + a.length * row);
        multiply_rows(a.length, a.width, 2 * a.heads, {d_s, 1, columns}, both, data(g.d_x, r) + b * a.length * a.width, copy);
    });
}

}  // namespace em::EM_ISA

// Losses with their gradients, and means.
#include "cpu/kernels.h"
#include "cpu/mathematics.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {
namespace {

EM_INLINE float logarithm_of(float x) { return logarithm(splat(x))[0]; }

// Largest logit of a row; NaN when one is NaN.
EM_INLINE float row_maximum(const float* row, int64_t count) {
    if (count < LANES) {
        float top = row[0];
        for (int64_t j = 1; j < count; ++j) {
            top = top > row[j] || top != top ? top : row[j];
        }
        return top;
    }
    // The last, overlapping vector covers the tail.
    Floats top = load(row + count - LANES);
    for (int64_t j = 0; j + LANES <= count; j += LANES) {
        top = maximum(top, load(row + j));
    }
    return largest(top);
}

// Strictly larger than all others; false when any logit is NaN.
EM_INLINE bool wins(const float* row, int64_t count, int64_t target) {
    bool best = true;
    for (int64_t j = 0; j < count; ++j) {
        best &= j == target || row[target] > row[j];
    }
    return best && row[target] == row[target];
}

}  // namespace

void squared_error(Device& device, const em_squared_error_args& a) {
    each_rows(device, a.replicas, a.rows, a.columns, [&](int64_t r, int64_t first, int64_t last) {
        const float share = 1.0f / static_cast<float>(a.rows);
        for (int64_t row = first; row < last; ++row) {
            const float* prediction = data(a.prediction, r) + row * a.columns;
            const float* target = data(a.target, r) + row * a.columns;
            float* gradient = a.d_prediction.buffer == nullptr ? nullptr : data(a.d_prediction, r) + row * a.columns;
            Floats squares{};
            vectors(0, a.columns, [&](int64_t j, auto access) {
                const Floats d = access.load(prediction + j) - access.load(target + j);
                squares += d * d;
                if (gradient != nullptr) {
                    access.store(gradient + j, d * share);
                }
            });
            data(a.loss, r)[row] = 0.5f * sum(squares);
        }
    });
}

void cross_entropy(Device& device, const em_cross_entropy_args& a) {
    each_task(device, a.replicas * a.rows, a.classes, [&](int64_t task, float* shifted) {
        const int64_t r = task / a.rows;
        const int64_t row = task % a.rows;
        const float* logits = data(a.logits, r) + row * a.classes;
        const int32_t target = data<int32_t>(a.target, r)[row];
        EM_REQUIRE(target >= 0 && target < a.classes, "target %d of row %lld, replica %lld is not in 0..%lld", target, (long long)row,
                   (long long)r, (long long)a.classes - 1);
        const float top = row_maximum(logits, a.classes);
        const float target_logit = logits[target];
        const bool correct = wins(logits, a.classes, target);
        vectors(0, a.classes, [&](int64_t j, auto access) { access.store(shifted + j, exponential(access.load(logits + j) - top)); });
        Floats total{};
        vectors(0, a.classes, [&](int64_t j, auto access) { total += access.load(shifted + j); });
        const float z = sum(total);
        data(a.loss, r)[row] = z == z ? logarithm_of(z) - (target_logit - top) : z;
        data(a.correct, r)[row] = correct ? 1.0f : 0.0f;
        if (a.d_logits.buffer != nullptr) {
            const float scale = 1.0f / (z * static_cast<float>(a.rows));
            float* gradient = data(a.d_logits, r) + row * a.classes;
            vectors(0, a.classes, [&](int64_t j, auto access) { access.store(gradient + j, access.load(shifted + j) * scale); });
            gradient[target] -= 1.0f / static_cast<float>(a.rows);
        }
    });
}

void mean(Device& device, const em_mean_args& a) {
    const int64_t chunks = (a.elements + CHUNK - 1) / CHUNK;
    float* partial = workspace(device, a.replicas * chunks);
    each_chunk(device, a.replicas, a.elements, [&](int64_t r, int64_t first, int64_t last) {
        const float* x = data(a.x, r);
        Floats total{};
        vectors(first, last, [&](int64_t i, auto access) { total += access.load(x + i); });
        partial[r * chunks + first / CHUNK] = sum(total);
    });
    for (int64_t r = 0; r < a.replicas; ++r) {
        double total = 0;
        for (int64_t i = 0; i < chunks; ++i) {
            total += partial[r * chunks + i];
        }
        data(a.out, r)[0] = static_cast<float>(total / static_cast<double>(a.elements));
    }
}

}  // namespace em::EM_ISA

// Losses with their gradients, and means.
#include "cpu/kernels.h"
#include "cpu/mathematics.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {
namespace {

// The target of a row that takes no part in the loss.
constexpr int32_t NOT_SCORED = -1;

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

// Rows of a replica that are scored.
EM_INLINE int64_t scored_rows(const em_tensor& target, int64_t r, int64_t rows) {
    const int32_t* at = data<int32_t>(target, r);
    int64_t scored = 0;
    for (int64_t i = 0; i < rows; ++i) {
        scored += at[i] != NOT_SCORED;
    }
    return scored;
}

// Values whose targets are scored, 0 in place of the others; `count` targets can be read.
EM_INLINE Floats only_scored(Floats values, const int32_t* target, int64_t count) {
    Ints targets = splat_int(NOT_SCORED);
    __builtin_memcpy(&targets, target, (count < LANES ? count : LANES) * sizeof(int32_t));
    return targets == NOT_SCORED ? Floats{} : values;
}

// Row r of a row-major matrix that may be absent.
EM_INLINE float* row_of(const em_tensor& matrix, int64_t r, int64_t row, int64_t columns) {
    return matrix.buffer == nullptr ? nullptr : data(matrix, r) + row * columns;
}

}  // namespace

void squared_error(Device& device, const em_squared_error_args& a) {
    each_rows(device, a.replicas, a.rows, a.columns, [&](int64_t r, int64_t first, int64_t last) {
        const float share = 1.0f / static_cast<float>(a.rows);
        for (int64_t row = first; row < last; ++row) {
            const float* prediction = data(a.prediction, r) + row * a.columns;
            const float* target = data(a.target, r) + row * a.columns;
            float* gradient = row_of(a.d_prediction, r, row, a.columns);
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
    const bool differentiates = a.d_logits.buffer != nullptr;
    float* scored = workspace(device, a.replicas);
    for (int64_t r = 0; r < a.replicas && differentiates; ++r) {
        scored[r] = static_cast<float>(scored_rows(a.target, r, a.rows));
    }
    each_task(device, a.replicas * a.rows, a.classes, [&](int64_t task, float* shifted) {
        const int64_t r = task / a.rows;
        const int64_t row = task % a.rows;
        const float* logits = data(a.logits, r) + row * a.classes;
        const int32_t target = data<int32_t>(a.target, r)[row];
        float* gradient = row_of(a.d_logits, r, row, a.classes);
        EM_REQUIRE(target >= NOT_SCORED && target < a.classes, "target %d of row %lld, replica %lld is neither -1 nor in 0..%lld", target,
                   (long long)row, (long long)r, (long long)a.classes - 1);
        if (target == NOT_SCORED) {
            data(a.loss, r)[row] = 0.0f;
            data(a.correct, r)[row] = 0.0f;
            if (differentiates) {
                __builtin_memset(gradient, 0, a.classes * sizeof(float));
            }
            return;
        }
        const float top = row_maximum(logits, a.classes);
        const float target_logit = logits[target];
        const bool correct = wins(logits, a.classes, target);
        vectors(0, a.classes,
                [&](int64_t j, auto access) { access.store(shifted + j, exponential_of_small(access.load(logits + j) - top)); });
        Floats total{};
        vectors(0, a.classes, [&](int64_t j, auto access) { total += access.load(shifted + j); });
        const float z = sum(total);
        data(a.loss, r)[row] = z == z ? logarithm_of(z) - (target_logit - top) : z;
        data(a.correct, r)[row] = correct ? 1.0f : 0.0f;
        if (differentiates) {
            const float scale = 1.0f / (z * scored[r]);
            vectors(0, a.classes, [&](int64_t j, auto access) { access.store(gradient + j, access.load(shifted + j) * scale); });
            gradient[target] -= 1.0f / scored[r];
        }
    });
}

void mean(Device& device, const em_mean_args& a) {
    const int64_t chunks = (a.elements + CHUNK - 1) / CHUNK;
    float* partial = workspace(device, a.replicas * chunks);
    each_chunk(device, a.replicas, a.elements, [&](int64_t r, int64_t first, int64_t last) {
        const float* x = data(a.x, r);
        const int32_t* target = a.target.buffer == nullptr ? nullptr : data<int32_t>(a.target, r);
        Floats total{};
        vectors(first, last, [&](int64_t i, auto access) {
            const Floats values = access.load(x + i);
            total += target == nullptr ? values : only_scored(values, target + i, last - i);
        });
        partial[r * chunks + first / CHUNK] = sum(total);
    });
    for (int64_t r = 0; r < a.replicas; ++r) {
        double total = 0;
        for (int64_t i = 0; i < chunks; ++i) {
            total += partial[r * chunks + i];
        }
        const int64_t count = a.target.buffer == nullptr ? a.elements : scored_rows(a.target, r, a.elements);
        data(a.out, r)[0] = count == 0 ? 0.0f : static_cast<float>(total / static_cast<double>(count));
    }
}

}  // namespace em::EM_ISA

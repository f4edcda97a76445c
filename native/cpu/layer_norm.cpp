// Layer norm (Ba et al. 2016) over the columns of each row, and what is left of it behind a linear layer.
#include "cpu/kernels.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {
namespace {

constexpr float EPS = 1e-5f;

// Of a row; 1 where rows are centred alone.
EM_INLINE float scale_of(const em_tensor& rstd, int64_t r, int64_t row) { return rstd.buffer == nullptr ? 1.0f : data(rstd, r)[row]; }

}  // namespace

void layer_norm(Device& device, const em_layer_norm_args& a) {
    each_rows(device, a.replicas, a.rows, a.columns, [&](int64_t r, int64_t first, int64_t last) {
        const float* gamma = data(a.gamma, r);
        const float* beta = data(a.beta, r);
        const float n = static_cast<float>(a.columns);
        for (int64_t row = first; row < last; ++row) {
            const float* x = data(a.x, r) + row * a.columns;
            float* out = data(a.out, r) + row * a.columns;
            Floats total{};
            vectors(0, a.columns, [&](int64_t j, auto access) { total += access.load(x + j); });
            const float mean = sum(total) / n;
            // Two passes: the row lies in the first cache, and E x^2 - mean^2 would lose digits.
            Floats squares{};
            vectors(0, a.columns / LANES * LANES, [&](int64_t j, auto access) {
                const Floats d = access.load(x + j) - mean;
                squares += d * d;
            });
            float variance = sum(squares);
            for (int64_t j = a.columns / LANES * LANES; j < a.columns; ++j) {
                variance += (x[j] - mean) * (x[j] - mean);
            }
            data(a.mean, r)[row] = mean;
            if (a.rstd.buffer != nullptr) {
                data(a.rstd, r)[row] = 1.0f / __builtin_sqrtf(variance / n + EPS);
            }
            const float rstd = scale_of(a.rstd, r, row);
            vectors(0, a.columns, [&](int64_t j, auto access) {
                access.store(out + j, (access.load(x + j) - mean) * rstd * access.load(gamma + j) + access.load(beta + j));
            });
        }
    });
}

// With h = (x - mean) rstd and g = gamma dOut: dX = rstd (g - mean(g) - h mean(g h)).
void layer_norm_backward(Device& device, const em_layer_norm_backward_args& a) {
    const int64_t columns = a.columns;
    sum_rows(
        device, a.replicas, a.rows, 2 * columns,
        [&](int64_t r, int64_t row, float* sums, float* g) {
            const float* d_out = data(a.d_out, r) + row * columns;
            const float* x = data(a.x, r) + row * columns;
            const float* gamma = data(a.gamma, r);
            float* d_x = data(a.d_x, r) + row * columns;
            const float* added = a.added.buffer == nullptr ? nullptr : data(a.added, r) + row * columns;
            const float mean = data(a.mean, r)[row];
            const float rstd = scale_of(a.rstd, r, row);
            Floats total{};
            Floats product{};
            vectors(0, columns, [&](int64_t j, auto access) {
                const Floats d = access.load(d_out + j);
                const Floats h = (access.load(x + j) - mean) * rstd;
                const Floats scaled = access.load(gamma + j) * d;
                access.store(g + j, scaled);
                total += scaled;
                product += scaled * h;
                access.store(sums + j, access.load(sums + j) + d * h);
                access.store(sums + columns + j, access.load(sums + columns + j) + d);
            });
            const float n = static_cast<float>(columns);
            const float mean_g = sum(total) / n;
            const float mean_gh = a.rstd.buffer == nullptr ? 0.0f : sum(product) / n;
            vectors(0, columns, [&](int64_t j, auto access) {
                const Floats h = (access.load(x + j) - mean) * rstd;
                const Floats d = rstd * (access.load(g + j) - mean_g - h * mean_gh);
                access.store(d_x + j, added == nullptr ? d : access.load(added + j) + d);
            });
        },
        [&](int64_t r, const float* sums) {
            __builtin_memcpy(data(a.d_gamma, r), sums, columns * sizeof(float));
            __builtin_memcpy(data(a.d_beta, r), sums + columns, columns * sizeof(float));
        });
}

void norm_scale(Device& device, const em_norm_scale_args& a) {
    each_rows(device, a.replicas, a.rows, a.columns, [&](int64_t r, int64_t first, int64_t last) {
        const float* bias = data(a.bias, r);
        for (int64_t row = first; row < last; ++row) {
            const float rstd = data(a.rstd, r)[row];
            float* z = data(a.z, r) + row * a.columns;
            vectors(0, a.columns, [&](int64_t j, auto access) { access.store(z + j, rstd * access.load(z + j) + access.load(bias + j)); });
        }
    });
}

void norm_scale_backward(Device& device, const em_norm_scale_backward_args& a) {
    sum_rows(
        device, a.replicas, a.rows, a.columns,
        [&](int64_t r, int64_t row, float* sums, float*) {
            const float* d_out = data(a.d_out, r) + row * a.columns;
            const float* out = data(a.out, r) + row * a.columns;
            const float* bias = data(a.bias, r);
            float* d_z = data(a.d_z, r) + row * a.columns;
            const float mean = data(a.mean, r)[row];
            const float rstd = data(a.rstd, r)[row];
            Floats product{};
            vectors(0, a.columns, [&](int64_t j, auto access) {
                const Floats d = access.load(d_out + j);
                product += d * (access.load(out + j) - access.load(bias + j));
                access.store(sums + j, access.load(sums + j) + d);
                access.store(d_z + j, rstd * d);
            });
            const float along = rstd * rstd * sum(product) / static_cast<float>(a.width);
            const float* x = data(a.x, r) + row * a.width;
            float* d_x = data(a.d_x, r) + row * a.width;
            vectors(0, a.width,
                    [&](int64_t j, auto access) { access.store(d_x + j, access.load(d_x + j) - along * (access.load(x + j) - mean)); });
        },
        [&](int64_t r, const float* sums) { __builtin_memcpy(data(a.d_bias, r), sums, a.columns * sizeof(float)); });
}

}  // namespace em::EM_ISA

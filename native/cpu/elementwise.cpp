// Passes over elements and rows: one read and one write of each operand.
#include "cpu/kernels.h"
#include "cpu/mathematics.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {
namespace {

template <class Vector>
struct Activated {
    Vector value, slope;
};

template <class Vector>
EM_INLINE Activated<Vector> gelu(Vector z) {
    const Normal<Vector> n = normal(z);
    return {z * n.cumulative, z * n.density + n.cumulative};
}

// NaN passes through both.
EM_INLINE Activated<Floats> relu(Floats z) { return {z <= 0.0f ? Floats{} : z, z <= 0.0f ? Floats{} : (z == z ? splat(1.0f) : z)}; }
EM_INLINE Activated<Pair> relu(Pair z) {
    const Activated<Floats> a = relu(z.a);
    const Activated<Floats> b = relu(z.b);
    return {{a.value, b.value}, {a.slope, b.slope}};
}

template <class F>
EM_INLINE void activate(Device& device, const em_bias_activation_args& a, F&& activated) {
    each_rows(device, a.replicas, a.rows, a.columns, [&](int64_t r, int64_t first, int64_t last) {
        const float* bias = data(a.bias, r);
        for (int64_t row = first; row < last; ++row) {
            float* z = data(a.z, r) + row * a.columns;
            float* out = data(a.out, r) + row * a.columns;
            pairs(0, a.columns, [&](int64_t j, auto access) {
                const auto y = activated(access.load(z + j) + access.load(bias + j));
                access.store(z + j, y.slope);
                access.store(out + j, y.value);
            });
        }
    });
}

// Adds a row to sums.
EM_INLINE void add_row(const float* row, float* sums, int64_t columns) {
    vectors(0, columns, [&](int64_t j, auto access) { access.store(sums + j, access.load(sums + j) + access.load(row + j)); });
}

EM_INLINE void copy_floats(float* to, const float* from, int64_t count) { __builtin_memcpy(to, from, count * sizeof(float)); }

}  // namespace

void zero(Device& device, const em_zero_args& a) {
    each_chunk(device, a.replicas, a.elements,
               [&](int64_t r, int64_t first, int64_t last) { __builtin_memset(data(a.x, r) + first, 0, (last - first) * sizeof(float)); });
}

void copy(Device& device, const em_copy_args& a) {
    each_chunk(device, a.replicas, a.elements, [&](int64_t r, int64_t first, int64_t last) {
        __builtin_memmove(data(a.to, r) + first, data(a.from, r) + first, (last - first) * sizeof(float));
    });
}

void accumulate(Device& device, const em_accumulate_args& a) {
    each_chunk(device, a.replicas, a.elements,
               [&](int64_t r, int64_t first, int64_t last) { add_row(data(a.x, r) + first, data(a.y, r) + first, last - first); });
}

void bias_activation(Device& device, const em_bias_activation_args& a) {
    if (a.activation == EM_GELU) {
        activate(device, a, [](auto z) { return gelu(z); });
    } else {
        activate(device, a, [](auto z) { return relu(z); });
    }
}

void bias_activation_backward(Device& device, const em_bias_activation_backward_args& a) {
    sum_rows(
        device, a.replicas, a.rows, a.columns,
        [&](int64_t r, int64_t row, float* sums, float*) {
            const float* d_out = data(a.d_out, r) + row * a.columns;
            const float* slope = data(a.slope, r) + row * a.columns;
            float* d_z = data(a.d_z, r) + row * a.columns;
            vectors(0, a.columns, [&](int64_t j, auto access) {
                const Floats g = access.load(d_out + j) * access.load(slope + j);
                access.store(d_z + j, g);
                access.store(sums + j, access.load(sums + j) + g);
            });
        },
        [&](int64_t r, const float* sums) { copy_floats(data(a.d_bias, r), sums, a.columns); });
}

void bias_residual(Device& device, const em_bias_residual_args& a) {
    each_rows(device, a.replicas, a.rows, a.columns, [&](int64_t r, int64_t first, int64_t last) {
        const float* bias = data(a.bias, r);
        for (int64_t row = first; row < last; ++row) {
            const float* y = data(a.y, r) + row * a.columns;
            float* out = data(a.out, r) + row * a.columns;
            if (a.residual.buffer == nullptr) {
                vectors(0, a.columns, [&](int64_t j, auto access) { access.store(out + j, access.load(y + j) + access.load(bias + j)); });
                continue;
            }
            const float* residual = data(a.residual, r) + row * a.columns;
            vectors(0, a.columns, [&](int64_t j, auto access) {
                access.store(out + j, access.load(y + j) + access.load(bias + j) + access.load(residual + j));
            });
        }
    });
}

void bias_backward(Device& device, const em_bias_backward_args& a) {
    sum_rows(
        device, a.replicas, a.rows, a.columns,
        [&](int64_t r, int64_t row, float* sums, float*) { add_row(data(a.d_y, r) + row * a.columns, sums, a.columns); },
        [&](int64_t r, const float* sums) { copy_floats(data(a.d_bias, r), sums, a.columns); });
}

}  // namespace em::EM_ISA

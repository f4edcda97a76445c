// One pass over the elements: clearing, copying, adding, bias with activation, residual or layer norm's scale.
//
// Bytes an element: zero 4, copy 8, accumulate 12, bias_activation 12 (z in and out, out), bias_residual 12, norm_scale 8; all wait for
// memory.
#include "cuda/activation.h"
#include "cuda/joined.h"
#include "cuda/kernels.h"
#include "cuda/vectors.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 256;

// --- elements that know nothing of rows: body.element<V>(replica, first element) ---

// Grid (ceil_div(elements, V * THREADS), 1, replicas).
template <int V, class Body>
__global__ void __launch_bounds__(THREADS) elements_kernel(Body body, int64_t elements, int64_t replicas) {
    const int64_t i = (static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x) * V;
    if (i >= elements) {
        return;
    }
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        body.template element<V>(r, i);
    }
}

template <class Body>
void over_elements(Device& d, const Where& where, const Body& body, int64_t replicas, int64_t elements, bool fours) {
    const CudaDevice& device = cuda(d);
    const Shape shape{grid_of(ceil_div(elements, THREADS * (fours ? 4 : 1)), 1, replicas), dim3(THREADS)};
    launch(device, where, fours ? elements_kernel<4, Body> : elements_kernel<1, Body>, shape, body, elements, replicas);
}

struct Zero {
    View<float> x;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t i) const {
        store(x(r) + i, zeros<V>());
    }
};

struct Copy {
    View<float> from, to;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t i) const {
        store(to(r) + i, load<V>(from(r) + i));
    }
};

struct Accumulate {
    View<float> x, y;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t i) const {
        Vec<V> sum = load<V>(y(r) + i);
        add(sum, load<V>(x(r) + i));
        store(y(r) + i, sum);
    }
};

// --- rows with a value a column: body.element<V>(replica, element, column's values) ---

// A block of x columns by y rows; each thread keeps its columns of the bias and passes over ROWS rows.
constexpr int ROWS = 4;

// Grid (columns, rows, replicas) in blocks of (blockDim.x * V, blockDim.y * ROWS).
template <int V, class Body>
__global__ void __launch_bounds__(THREADS) rows_kernel(Body body, View<float> bias, int64_t rows, int64_t columns, int64_t replicas) {
    const int64_t column = (static_cast<int64_t>(blockIdx.y) * blockDim.x + threadIdx.x) * V;
    const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.y * ROWS + threadIdx.y;
    if (column >= columns) {
        return;
    }
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        const Vec<V> values = load<V>(bias(r) + column);
#pragma unroll
        for (int k = 0; k < ROWS; ++k) {
            const int64_t row = first + k * static_cast<int64_t>(blockDim.y);
            if (row < rows) {
                body.template element<V>(r, row * columns + column, values);
            }
        }
    }
}

template <class Body>
void over_rows(Device& d, const Where& where, const Body& body, const em_tensor& bias, int64_t replicas, int64_t rows, int64_t columns,
               bool fours) {
    const int64_t vectors = columns / (fours ? 4 : 1);
    unsigned x = 1;
    while (x < 32 && x < vectors) {
        x *= 2;
    }
    const unsigned y = THREADS / x;
    const Shape shape{grid_of(ceil_div(rows, y * ROWS), ceil_div(vectors, x), replicas), dim3(x, y)};
    launch(cuda(d), where, fours ? rows_kernel<4, Body> : rows_kernel<1, Body>, shape, body, view(bias), rows, columns, replicas);
}

struct BiasActivation {
    View<float> z, out;
    int32_t activation;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t i, const Vec<V>& bias) const {
        Vec<V> sum = load<V>(z(r) + i);
        add(sum, bias);
        Vec<V> slopes;
        activate(activation, sum, slopes);
        store(z(r) + i, slopes);
        store(out(r) + i, sum);
    }
};

struct BiasResidual {
    View<float> y, residual, out;

    template <int V>
    EM_DEVICE Vec<V> sum(int64_t r, int64_t i, const Vec<V>& bias) const {
        Vec<V> sum = load<V>(y(r) + i);
        add(sum, bias);
        if (residual.base != nullptr) {
            add(sum, load<V>(residual(r) + i));
        }
        return sum;
    }
    template <int V>
    EM_DEVICE void element(int64_t r, int64_t i, const Vec<V>& bias) const {
        store(out(r) + i, sum(r, i, bias));
    }
};

// With the vector of each row's position.
struct PlacedRow {
    BiasResidual plain;
    View<float> positions;
    int64_t length, width;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t i, const Vec<V>& bias) const {
        const int64_t row = quotient(i, width);
        Vec<V> sum = plain.sum(r, i, bias);
        add(sum, load<V>(positions(r) + (row - quotient(row, length) * length) * width + i - row * width));
        store(plain.out(r) + i, sum);
    }
};

// With copies of the rows of some tokens of each sequence.
struct TakenRow {
    BiasResidual plain;
    View<float> one, two;  // the second may be absent
    int64_t length, first, count, width;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t i, const Vec<V>& bias) const {
        const int64_t row = quotient(i, width);
        const int64_t sequence = quotient(row, length);
        const int64_t at = row - sequence * length - first;
        const Vec<V> sum = plain.sum(r, i, bias);
        store(plain.out(r) + i, sum);
        if (at >= 0 && at < count) {
            const int64_t to = (sequence * count + at) * width + i - row * width;
            store(one(r) + to, sum);
            if (two.base != nullptr) {
                store(two(r) + to, sum);
            }
        }
    }
};

struct NormScale {
    View<float> z, rstd;
    int64_t width;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t i, const Vec<V>& bias) const {
        const float scale = rstd(r)[quotient(i, width)];
        Vec<V> values = load<V>(z(r) + i);
#pragma unroll
        for (int k = 0; k < V; ++k) {
            values.at[k] = scale * values.at[k] + bias.at[k];
        }
        store(z(r) + i, values);
    }
};

}  // namespace

void zero(Device& d, const em_zero_args& a) {
    over_elements(d, {"zero", __FILE__, __LINE__}, Zero{view(a.x)}, a.replicas, a.elements, by_fours(a.replicas, a.elements, a.x));
}

void copy(Device& d, const em_copy_args& a) {
    over_elements(d, {"copy", __FILE__, __LINE__}, Copy{view(a.from), view(a.to)}, a.replicas, a.elements,
                  by_fours(a.replicas, a.elements, a.from, a.to));
}

void accumulate(Device& d, const em_accumulate_args& a) {
    over_elements(d, {"accumulate", __FILE__, __LINE__}, Accumulate{view(a.x), view(a.y)}, a.replicas, a.elements,
                  by_fours(a.replicas, a.elements, a.x, a.y));
}

void bias_activation(Device& d, const em_bias_activation_args& a) {
    const bool fours = by_fours(a.replicas, a.rows * a.columns, a.z, a.out) && by_fours(a.replicas, a.columns, a.bias);
    over_rows(d, {"bias_activation", __FILE__, __LINE__}, BiasActivation{view(a.z), view(a.out), a.activation}, a.bias, a.replicas, a.rows,
              a.columns, fours);
}

void bias_residual(Device& d, const em_bias_residual_args& a) {
    const bool fours = by_fours(a.replicas, a.rows * a.columns, a.y, a.residual, a.out) && by_fours(a.replicas, a.columns, a.bias);
    over_rows(d, {"bias_residual", __FILE__, __LINE__}, BiasResidual{view(a.y), view(a.residual), view(a.out)}, a.bias, a.replicas, a.rows,
              a.columns, fours);
}

void norm_scale(Device& d, const em_norm_scale_args& a) {
    const bool fours = by_fours(a.replicas, a.columns, a.z, a.bias);
    over_rows(d, {"norm_scale", __FILE__, __LINE__}, NormScale{view(a.z), view(a.rstd), a.columns}, a.bias, a.replicas, a.rows, a.columns,
              fours);
}

void taken_rows(Device& d, const em_bias_residual_args& a, const em_take_tokens_args& one, const em_take_tokens_args* two) {
    const em_tensor second = two == nullptr ? em_tensor{} : two->out;
    const bool fours = by_fours(a.replicas, a.columns, a.y, a.residual, a.out, a.bias, one.out, second);
    const TakenRow body{
        {view(a.y), view(a.residual), view(a.out)}, view(one.out), view(second), one.length, one.first, one.count, a.columns};
    over_rows(d, {"bias_residual, take_tokens", __FILE__, __LINE__}, body, a.bias, a.replicas, a.rows, a.columns, fours);
}

void placed_rows(Device& d, const em_bias_residual_args& a, const em_add_positions_args& positions) {
    const bool fours = by_fours(a.replicas, a.columns, a.y, a.residual, a.out, a.bias, positions.positions);
    const PlacedRow body{{view(a.y), view(a.residual), view(a.out)}, view(positions.positions), positions.length, a.columns};
    over_rows(d, {"bias_residual, add_positions", __FILE__, __LINE__}, body, a.bias, a.replicas, a.rows, a.columns, fours);
}

}  // namespace em::gpu

// Gradients of what is added to every row: biases, behind an activation or not, and positions. Bytes an element:
// bias_activation_backward 12 (dOut, slope, dZ), bias_backward and add_positions_backward 4; all wait for memory.
#include "cuda/columns.h"
#include "cuda/kernels.h"

namespace em::gpu {
namespace {

struct ActivationBackward {
    View<float> d_out, slope, d_z, d_bias;
    int64_t columns;

    static constexpr int AT_ONCE = 2;
    template <int V>
    struct Row {
        Vec<V> gradient, slopes;
    };

    template <int V>
    EM_DEVICE Row<V> read(int64_t r, int64_t row, int64_t column) const {
        const int64_t i = row * columns + column;
        return {load<V>(d_out(r) + i), load<V>(slope(r) + i)};
    }
    template <int V>
    EM_DEVICE void take(int64_t r, int64_t row, int64_t column, const Row<V>& from, Vec<V>* sums) const {
        Vec<V> gradient;
#pragma unroll
        for (int k = 0; k < V; ++k) {
            // The sum is that of what is stored, as where the product before stores it.
            gradient.at[k] = rounded_product(from.gradient.at[k], from.slopes.at[k]);
        }
        store(d_z(r) + row * columns + column, gradient);
        add(sums[0], gradient);
    }
    template <int V>
    EM_DEVICE void finish(int64_t r, int64_t column, const Vec<V>* sums) const {
        store(d_bias(r) + column, sums[0]);
    }
};

}  // namespace

void bias_backward(Device& d, const em_bias_backward_args& a) {
    over_columns<1>(cuda(d), {"bias_backward", __FILE__, __LINE__}, RowSums{view(a.d_y), view(a.d_bias), a.columns}, a.replicas, a.rows,
                    a.columns, by_fours(a.replicas, a.columns, a.d_y, a.d_bias));
}

void bias_activation_backward(Device& d, const em_bias_activation_backward_args& a) {
    const ActivationBackward body{view(a.d_out), view(a.slope), view(a.d_z), view(a.d_bias), a.columns};
    over_columns<1>(cuda(d), {"bias_activation_backward", __FILE__, __LINE__}, body, a.replicas, a.rows, a.columns,
                    by_fours(a.replicas, a.columns, a.d_out, a.slope, a.d_z, a.d_bias));
}

// The rows of dPositions are the columns of a matrix with a row a sequence.
void add_positions_backward(Device& d, const em_add_positions_backward_args& a) {
    const int64_t columns = a.length * a.width;
    over_columns<1>(cuda(d), {"add_positions_backward", __FILE__, __LINE__}, RowSums{view(a.d_x), view(a.d_positions), columns}, a.replicas,
                    a.batch, columns, by_fours(a.replicas, columns, a.d_x, a.d_positions));
}

}  // namespace em::gpu

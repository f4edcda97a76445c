// Gradients of what is left of layer norm behind a linear layer of centred rows (em/tokens.h). A warp takes a row. Bytes an element: 12 of
// dOut and 12 of dX, and 4 for the sums; all wait for memory.
#include "cuda/kernels.h"
#include "cuda/rows.h"

namespace em::gpu {
namespace {

struct ScaleBackward {
    View<float> d_out, out, bias, x, mean, rstd, d_z, d_x;
    int64_t rows, columns, width, replicas;
};

// Grid (ceil_div(rows, ROWS), 1, replicas). dZ may be dOut: each lane reads what it overwrites.
template <int V>
__global__ void __launch_bounds__(ROWS* WARP) norm_scale_backward_kernel(ScaleBackward a) {
    const int64_t row = static_cast<int64_t>(blockIdx.x) * ROWS + warp_index();
    if (row >= a.rows) {
        return;
    }
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const float rstd = a.rstd(r)[row];
        float along = 0.0f;
        each_column<V>(a.columns, [&](int64_t column) {
            Vec<V> gradient = load<V>(a.d_out(r) + row * a.columns + column);
            const Vec<V> out = load<V>(a.out(r) + row * a.columns + column);
            const Vec<V> bias = load<V>(a.bias(r) + column);
#pragma unroll
            for (int k = 0; k < V; ++k) {
                along += gradient.at[k] * (out.at[k] - bias.at[k]);
                gradient.at[k] *= rstd;
            }
            store(a.d_z(r) + row * a.columns + column, gradient);
        });
        const float mean = a.mean(r)[row];
        along = rstd * rstd * lanes_sum(along) / static_cast<float>(a.width);
        each_column<V>(a.width, [&](int64_t column) {
            const Vec<V> values = load<V>(a.x(r) + row * a.width + column);
            float* to = a.d_x(r) + row * a.width + column;
            Vec<V> d_x = load<V>(to);
#pragma unroll
            for (int k = 0; k < V; ++k) {
                d_x.at[k] -= along * (values.at[k] - mean);
            }
            store(to, d_x);
        });
    }
}

}  // namespace

// The sums come first: the second kernel may overwrite dOut.
void norm_scale_backward(Device& d, const em_norm_scale_backward_args& a) {
    bias_backward(d, {a.d_out, a.d_bias, a.replicas, a.rows, a.columns});
    const ScaleBackward backward{view(a.d_out), view(a.out), view(a.bias), view(a.x), view(a.mean), view(a.rstd),
                                 view(a.d_z),   view(a.d_x), a.rows,       a.columns, a.width,      a.replicas};
    const bool fours = by_fours(a.replicas, a.columns, a.d_out, a.out, a.bias, a.d_z) && by_fours(a.replicas, a.width, a.x, a.d_x);
    const Shape shape{grid_of(ceil_div(a.rows, ROWS), 1, a.replicas), dim3(ROWS * WARP)};
    EM_LAUNCH(cuda(d), fours ? norm_scale_backward_kernel<4> : norm_scale_backward_kernel<1>, shape, backward);
}

}  // namespace em::gpu

// The gradients of layer norm: with xhat = (x - mean) rstd and g = dOut gamma, dX = rstd (g - mean(g) - xhat mean(g xhat)),
// dGamma = sum dOut xhat, dBeta = sum dOut.
//
// For dX a warp takes a row and reads it from the L1 cache after the first time. Bytes an element: 12 (16 when dX is added to), and 8 for
// the sums (columns.h); both wait for memory.
#include "cuda/columns.h"
#include "cuda/joined.h"
#include "cuda/kernels.h"
#include "cuda/rows.h"

namespace em::gpu {
namespace {

// What is added to some rows of dOut before, and of dX after.
struct Given {
    View<float> to_d_out, to_d_x;  // absent: nothing
    TokenRows tokens;
};

struct Backward {
    View<float> d_out, x, gamma, mean, rstd, d_x, added;
    int64_t rows, columns, replicas;
    Given given;
};

// Grid (ceil_div(rows, ROWS), 1, replicas). dX may be dOut: each lane reads what it overwrites. g is rounded before it is summed and before
// the mean is taken from it: fused with that subtraction it would leave a rounding error where one column has the gradient zero.
template <int V, bool GIVES>
__global__ void __launch_bounds__(ROWS* WARP) layer_norm_backward_kernel(Backward a) {
    const int64_t row = static_cast<int64_t>(blockIdx.x) * ROWS + warp_index();
    if (row >= a.rows) {
        return;
    }
    const float inverse = 1.0f / static_cast<float>(a.columns);
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        float* d_out = a.d_out(r) + row * a.columns;
        const float* x = a.x(r) + row * a.columns;
        const float mean = a.mean(r)[row];
        const float rstd = scale_of(a.rstd, r, row);
        const int64_t place = GIVES ? a.given.tokens.place(row) : -1;
        float sum = 0.0f;
        float along = 0.0f;
        each_column<V>(a.columns, [&](int64_t column) {
            Vec<V> gradient = load<V>(d_out + column);
            if (place >= 0 && a.given.to_d_out.base != nullptr) {
                add(gradient, load<V>(a.given.to_d_out(r) + place * a.columns + column));
                store(d_out + column, gradient);
            }
            const Vec<V> values = load<V>(x + column);
            const Vec<V> gamma = load<V>(a.gamma(r) + column);
#pragma unroll
            for (int k = 0; k < V; ++k) {
                const float g = rounded_product(gradient.at[k], gamma.at[k]);
                sum += g;
                along += g * ((values.at[k] - mean) * rstd);
            }
        });
        sum = lanes_sum(sum) * inverse;
        along = a.rstd.base == nullptr ? 0.0f : lanes_sum(along) * inverse;
        each_column<V>(a.columns, [&](int64_t column) {
            const Vec<V> gradient = load<V>(d_out + column);
            const Vec<V> values = load<V>(x + column);
            const Vec<V> gamma = load<V>(a.gamma(r) + column);
            float* to = a.d_x(r) + row * a.columns + column;
            Vec<V> d_x = a.added.base != nullptr ? load<V>(a.added(r) + row * a.columns + column) : zeros<V>();
#pragma unroll
            for (int k = 0; k < V; ++k) {
                const float g = rounded_product(gradient.at[k], gamma.at[k]);
                d_x.at[k] += rstd * (g - sum - (values.at[k] - mean) * rstd * along);
            }
            if (place >= 0 && a.given.to_d_x.base != nullptr) {
                add(d_x, load<V>(a.given.to_d_x(r) + place * a.columns + column));
            }
            store(to, d_x);
        });
    }
}

void inputs(CudaDevice& device, const em_layer_norm_backward_args& a, const Given& given) {
    const Backward backward{view(a.d_out), view(a.x), view(a.gamma), view(a.mean), view(a.rstd), view(a.d_x),
                            view(a.added), a.rows,    a.columns,     a.replicas,   given};
    const Shape shape{grid_of(ceil_div(a.rows, ROWS), 1, a.replicas), dim3(ROWS * WARP)};
    const bool fours = norm_by_fours(a);
    const auto plain = fours ? layer_norm_backward_kernel<4, false> : layer_norm_backward_kernel<1, false>;
    const auto giving = fours ? layer_norm_backward_kernel<4, true> : layer_norm_backward_kernel<1, true>;
    EM_LAUNCH(device, (given.tokens.count > 0 ? giving : plain), shape, backward);
}

}  // namespace

void layer_norm_inputs(CudaDevice& device, const em_layer_norm_backward_args& a) { inputs(device, a, {}); }

void layer_norm_inputs(CudaDevice& device, const em_layer_norm_backward_args& a, const em_take_tokens_backward_args* before,
                       const em_take_tokens_backward_args* after) {
    Given given{};
    bool fits = true;
    if (before != nullptr) {
        given.to_d_out = view(before->d_out);
        given.tokens = token_rows_of(*before);
        fits = fits && by_fours(a.replicas, a.columns, before->d_out);
    }
    if (after != nullptr) {
        given.to_d_x = view(after->d_out);
        given.tokens = token_rows_of(*after);
        fits = fits && by_fours(a.replicas, a.columns, after->d_out);
    }
    if (fits || !norm_by_fours(a)) {
        inputs(device, a, given);
        return;
    }
    if (before != nullptr) {
        take_tokens_backward(device, *before);
    }
    inputs(device, a, {});
    if (after != nullptr) {
        take_tokens_backward(device, *after);
    }
}

// The sums come first: the second kernel may overwrite dOut.
void layer_norm_backward(Device& d, const em_layer_norm_backward_args& a) {
    over_columns<2>(cuda(d), {"layer_norm_backward sums", __FILE__, __LINE__}, norm_sums(a), a.replicas, a.rows, a.columns,
                    norm_by_fours(a));
    layer_norm_inputs(cuda(d), a);
}

}  // namespace em::gpu

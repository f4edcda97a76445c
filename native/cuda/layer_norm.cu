// Layer norm (Ba et al. 2016) and its gradients: out = gamma xhat + beta, xhat = (x - mean) rstd; with g = dOut gamma,
// dX = rstd (g - mean(g) - xhat mean(g xhat)), dGamma = sum dOut xhat, dBeta = sum dOut.
//
// A warp takes a row and reads it from the L1 cache after the first time. Bytes an element: forward 8, backward 12 (16 when dX is
// added to) and 8 for the sums; all wait for memory.
#include "cuda/columns.h"
#include "cuda/embedding.h"
#include "cuda/joined.h"
#include "cuda/kernels.h"
#include "cuda/rows.h"

namespace em::gpu {
namespace {

constexpr float EPS = 1e-5f;

// Rows that stand for some tokens of each sequence.
struct Tokens {
    int64_t length, first, count;

    // The row's place among those tokens, or -1.
    EM_DEVICE int64_t place(int64_t row) const {
        const int64_t sequence = quotient(row, length);
        const int64_t at = row - sequence * length - first;
        return at < 0 || at >= count ? -1 : sequence * count + at;
    }
};

// Copies of some rows of what is normed, or of what comes out.
struct Taken {
    View<float> of_x, of_out;  // absent: none
    Tokens tokens;
};

struct Forward {
    View<float> x, gamma, beta, out, mean, rstd;
    int64_t rows, columns, replicas;
    Taken taken;
};

// What is normed lies there.
struct Laid {
    template <int V>
    EM_DEVICE void make(const Forward&, int64_t, int64_t) const {}
};

// What is normed is y + bias + residual, which is kept in x. A lane later reads what it wrote itself.
struct Summed {
    View<float> y, bias, residual;

    template <int V>
    EM_DEVICE void make(const Forward& a, int64_t r, int64_t row) const {
        const float* from = y(r) + row * a.columns;
        const float* more = residual.base == nullptr ? nullptr : residual(r) + row * a.columns;
        float* to = a.x(r) + row * a.columns;
        each_column<V>(a.columns, [&](int64_t column) {
            Vec<V> sum = load<V>(from + column);
            add(sum, load<V>(bias(r) + column));
            if (more != nullptr) {
                add(sum, load<V>(more + column));
            }
            store(to + column, sum);
        });
    }
};

// What is normed is a token's vector and its position's, which is kept in x.
struct Embedded {
    PlacedToken placed;

    template <int V>
    EM_DEVICE void make(const Forward& a, int64_t r, int64_t row) const {
        each_column<V>(a.columns, [&](int64_t column) { placed.element<V>(r, row, column); });
    }
};

// Grid (ceil_div(rows, ROWS), 1, replicas).
template <int V, bool TAKES, class Source>
__global__ void __launch_bounds__(ROWS* WARP) layer_norm_kernel(Forward a, Source source) {
    const int64_t row = static_cast<int64_t>(blockIdx.x) * ROWS + warp_index();
    if (row >= a.rows) {
        return;
    }
    const float inverse = 1.0f / static_cast<float>(a.columns);
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        source.template make<V>(a, r, row);
        const float* x = a.x(r) + row * a.columns;
        float sum = 0.0f;
        each_column<V>(a.columns, [&](int64_t column) {
            const Vec<V> values = load<V>(x + column);
#pragma unroll
            for (int k = 0; k < V; ++k) {
                sum += values.at[k];
            }
        });
        const float mean = lanes_sum(sum) * inverse;
        float squares = 0.0f;
        each_column<V>(a.columns, [&](int64_t column) {
            const Vec<V> values = load<V>(x + column);
#pragma unroll
            for (int k = 0; k < V; ++k) {
                squares += (values.at[k] - mean) * (values.at[k] - mean);
            }
        });
        const float rstd = a.rstd.base == nullptr ? 1.0f : 1.0f / sqrtf(lanes_sum(squares) * inverse + EPS);
        const int64_t place = TAKES ? a.taken.tokens.place(row) : -1;
        each_column<V>(a.columns, [&](int64_t column) {
            Vec<V> values = load<V>(x + column);
            if (place >= 0 && a.taken.of_x.base != nullptr) {
                store(a.taken.of_x(r) + place * a.columns + column, values);
            }
            const Vec<V> gamma = load<V>(a.gamma(r) + column);
            const Vec<V> beta = load<V>(a.beta(r) + column);
#pragma unroll
            for (int k = 0; k < V; ++k) {
                values.at[k] = gamma.at[k] * ((values.at[k] - mean) * rstd) + beta.at[k];
            }
            store(a.out(r) + row * a.columns + column, values);
            if (place >= 0 && a.taken.of_out.base != nullptr) {
                store(a.taken.of_out(r) + place * a.columns + column, values);
            }
        });
        if (lane_index() == 0) {
            a.mean(r)[row] = mean;
            if (a.rstd.base != nullptr) {
                a.rstd(r)[row] = rstd;
            }
        }
    }
}

// What is added to some rows of dOut before, and of dX after.
struct Given {
    View<float> to_d_out, to_d_x;  // absent: nothing
    Tokens tokens;
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

template <class Source>
void normed(Device& d, const Where& where, const em_layer_norm_args& a, const Taken& taken, const Source& source, bool fours) {
    const Forward forward{view(a.x),    view(a.gamma), view(a.beta), view(a.out), view(a.mean),
                          view(a.rstd), a.rows,        a.columns,    a.replicas,  taken};
    const Shape shape{grid_of(ceil_div(a.rows, ROWS), 1, a.replicas), dim3(ROWS * WARP)};
    const bool takes = taken.tokens.count > 0;
    const auto plain = fours ? layer_norm_kernel<4, false, Source> : layer_norm_kernel<1, false, Source>;
    const auto taking = fours ? layer_norm_kernel<4, true, Source> : layer_norm_kernel<1, true, Source>;
    launch(cuda(d), where, takes ? taking : plain, shape, forward, source);
}

bool rows_by_fours(const em_layer_norm_args& a) { return by_fours(a.replicas, a.columns, a.x, a.gamma, a.beta, a.out); }

bool same(const em_tensor& a, const em_tensor& b) { return a.buffer == b.buffer && a.offset == b.offset; }

template <class Args>
Tokens tokens_of(const Args& a) {
    return {a.length, a.first, a.count};
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

void layer_norm(Device& d, const em_layer_norm_args& a) { normed(d, {"layer_norm", __FILE__, __LINE__}, a, {}, Laid{}, rows_by_fours(a)); }

// Where the others cannot be read by fours, but layer norm can, they are done one after the other: its sums over a row are then in the
// order of fours.
void normed_rows(Device& d, const NormedRows& rows) {
    const em_layer_norm_args& norm = *rows.norm;
    const bool fours = rows_by_fours(norm);
    bool fits = rows.sum == nullptr || by_fours(norm.replicas, norm.columns, rows.sum->y, rows.sum->bias, rows.sum->residual);
    Taken taken{};
    for (const em_take_tokens_args* take : rows.taken) {
        if (take != nullptr) {
            fits = fits && by_fours(norm.replicas, norm.columns, take->out);
            (same(take->x, norm.x) ? taken.of_x : taken.of_out) = view(take->out);
            taken.tokens = tokens_of(*take);
        }
    }
    if (fours && !fits) {
        if (rows.sum != nullptr) {
            bias_residual(d, *rows.sum);
        }
        layer_norm(d, norm);
        for (const em_take_tokens_args* take : rows.taken) {
            if (take != nullptr) {
                take_tokens(d, *take);
            }
        }
    } else if (rows.sum != nullptr) {
        const Summed sum{view(rows.sum->y), view(rows.sum->bias), view(rows.sum->residual)};
        normed(d, {"bias_residual, layer_norm", __FILE__, __LINE__}, norm, taken, sum, fours);
    } else {
        normed(d, {"layer_norm, take_tokens", __FILE__, __LINE__}, norm, taken, Laid{}, fours);
    }
}

void normed_tokens(Device& d, const em_embed_args& a, const em_add_positions_args& positions, const em_layer_norm_args& norm) {
    const bool fours = rows_by_fours(norm);
    if (fours && !by_fours(norm.replicas, norm.columns, a.table, positions.positions)) {
        placed_tokens(d, a, positions);
        layer_norm(d, norm);
    } else {
        const Embedded source{placed_token_of(d, a, positions)};
        normed(d, {"embed, add_positions, layer_norm", __FILE__, __LINE__}, norm, {}, source, fours);
    }
}

void layer_norm_inputs(CudaDevice& device, const em_layer_norm_backward_args& a) { inputs(device, a, {}); }

void layer_norm_inputs(CudaDevice& device, const em_layer_norm_backward_args& a, const em_take_tokens_backward_args* before,
                       const em_take_tokens_backward_args* after) {
    Given given{};
    bool fits = true;
    if (before != nullptr) {
        given.to_d_out = view(before->d_out);
        given.tokens = tokens_of(*before);
        fits = fits && by_fours(a.replicas, a.columns, before->d_out);
    }
    if (after != nullptr) {
        given.to_d_x = view(after->d_out);
        given.tokens = tokens_of(*after);
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

// Layer norm (Ba et al. 2016): out = gamma xhat + beta, xhat = (x - mean) rstd; and what comes before it or is taken of it, in one launch.
//
// A warp takes a row and reads it from the L1 cache after the first time. 8 bytes an element, which wait for memory.
#include "cuda/embedding.h"
#include "cuda/joined.h"
#include "cuda/kernels.h"
#include "cuda/rows.h"

namespace em::gpu {
namespace {

constexpr float EPS = 1e-5f;

// Copies of some rows of what is normed, or of what comes out.
struct Taken {
    View<float> of_x, of_out;  // absent: none
    TokenRows tokens;
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
            taken.tokens = token_rows_of(*take);
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

}  // namespace em::gpu

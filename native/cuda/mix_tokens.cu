// A weight over tokens for each group of channels, causal. A block takes 32 rows by 32 channels, or of the weight's gradient 32 by 32
// elements, through shared memory, and leaves out tiles in which nothing is seen; groups narrower than a tile share it, each channel
// reading the weight of its own group from the cache. About rows columns width operations a sequence forward, twice that backward.
#include "cuda/kernels.h"
#include "cuda/reduce.h"

namespace em::gpu {
namespace {

constexpr int TILE = 32;
constexpr int LINES = 8;  // threads of a column; each thread makes TILE / LINES rows
constexpr int EACH = TILE / LINES;

struct Mix {
    View<float> weight, in, out;  // in, out: x and y, or d_y and d_x
    int64_t replicas, batch, length, groups, rows, columns, width, channels;
    bool backward, accumulate;

    // Rows of the output and of the input, and whether output row i has a part of input row k.
    EM_DEVICE int64_t outputs() const { return backward ? columns : rows; }
    EM_DEVICE int64_t inputs() const { return backward ? rows : columns; }
    EM_DEVICE bool sees(int64_t i, int64_t k) const {
        const int64_t row = backward ? k : i;
        const int64_t column = backward ? i : k;
        return row < rows && column < columns && quotient(column * length, columns) <= quotient(row * length, rows);
    }
    EM_DEVICE int64_t element(int64_t i, int64_t k) const { return backward ? k * columns + i : i * columns + k; }
};

// Grid (channel tiles * row tiles, batch up to 65535, replicas).
template <bool ONE_GROUP>
__global__ void __launch_bounds__(TILE* LINES) mix_tokens_kernel(Mix a) {
    EM_SHARED(float, weights, [TILE][TILE + 1]);
    EM_SHARED(float, tokens, [TILE][TILE]);
    const int64_t tiles = ceil_div(a.width, TILE);
    const int64_t row_tile = quotient(blockIdx.x, tiles);
    const int64_t channel = (blockIdx.x - row_tile * tiles) * TILE + threadIdx.x;
    const int64_t first = row_tile * TILE;
    const int64_t last = first + TILE < a.outputs() ? first + TILE : a.outputs();
    const bool inside = channel < a.width;
    const int64_t group = quotient(inside ? channel : a.width - 1, a.channels);
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const float* weight = a.weight(r) + group * a.rows * a.columns;
        for (int64_t b = blockIdx.y; b < a.batch; b += gridDim.y) {
            const float* in = a.in(r) + b * a.inputs() * a.width;
            float sums[EACH] = {};
            for (int64_t k0 = 0; k0 < a.inputs(); k0 += TILE) {
                // Of a causal weight, the last output row sees the first input row of a tile or none does; backward the other way round.
                const int64_t k_last = k0 + TILE < a.inputs() ? k0 + TILE - 1 : a.inputs() - 1;
                if (!(a.backward ? a.sees(first, k_last) : a.sees(last - 1, k0))) {
                    continue;
                }
                for (int line = threadIdx.y; line < TILE; line += LINES) {
                    const int64_t k = k0 + line;
                    tokens[line][threadIdx.x] = inside && k < a.inputs() ? in[k * a.width + channel] : 0.0f;
                    if (ONE_GROUP) {
                        const int64_t i = first + (a.backward ? static_cast<int>(threadIdx.x) : line);
                        const int64_t from = k0 + (a.backward ? line : static_cast<int>(threadIdx.x));
                        const float value = a.sees(i, from) ? weight[a.element(i, from)] : 0.0f;
                        weights[i - first][from - k0] = value;
                    }
                }
                __syncthreads();
                for (int k = 0; k < TILE; ++k) {
                    const float x = tokens[k][threadIdx.x];
#pragma unroll
                    for (int e = 0; e < EACH; ++e) {
                        const int line = static_cast<int>(threadIdx.y) + e * LINES;
                        if (ONE_GROUP) {
                            sums[e] = fmaf(weights[line][k], x, sums[e]);
                        } else if (a.sees(first + line, k0 + k)) {
                            sums[e] = fmaf(weight[a.element(first + line, k0 + k)], x, sums[e]);
                        }
                    }
                }
                __syncthreads();
            }
            for (int e = 0; e < EACH; ++e) {
                const int64_t i = first + threadIdx.y + e * LINES;
                if (inside && i < last) {
                    float* out = a.out(r) + (b * a.outputs() + i) * a.width + channel;
                    *out = a.accumulate ? *out + sums[e] : sums[e];
                }
            }
        }
    }
}

struct Outer {
    View<float> x, d_y, d_weight;
    int64_t replicas, batch, length, groups, rows, columns, width, channels;
    int64_t pieces, a_piece;  // of the batch
    float* sums;
    unsigned* tickets;
};

// d_weight of 32 rows and 32 columns: sums over a piece of the batch, and by the last block over the pieces. Grid (groups * tiles, pieces,
// replicas).
__global__ void __launch_bounds__(TILE* LINES) mix_tokens_weight_kernel(Outer a) {
    EM_SHARED(float, left, [TILE][TILE + 1]);
    EM_SHARED(float, right, [TILE][TILE + 1]);
    EM_SHARED(int, is_last, [1]);
    const int64_t across = ceil_div(a.columns, TILE);
    const int64_t tiles = across * ceil_div(a.rows, TILE);
    const int64_t group = quotient(blockIdx.x, tiles);
    const int64_t tile = blockIdx.x - group * tiles;
    const int64_t row = quotient(tile, across) * TILE;
    const int64_t column = (tile - quotient(tile, across) * across) * TILE;
    const int64_t begin = blockIdx.y * a.a_piece;
    const int64_t end = begin + a.a_piece < a.batch ? begin + a.a_piece : a.batch;
    const int64_t u = column + threadIdx.x;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        float sums[EACH] = {};
        for (int64_t b = begin; b < end; ++b) {
            for (int64_t c0 = 0; c0 < a.channels; c0 += TILE) {
                const int64_t c = c0 + threadIdx.x;
                for (int line = threadIdx.y; line < TILE; line += LINES) {
                    const int64_t m = row + line;
                    const int64_t k = column + line;
                    const int64_t at = group * a.channels + c;
                    const bool inside = c < a.channels;
                    left[line][threadIdx.x] = inside && m < a.rows ? a.d_y(r)[(b * a.rows + m) * a.width + at] : 0.0f;
                    right[line][threadIdx.x] = inside && k < a.columns ? a.x(r)[(b * a.columns + k) * a.width + at] : 0.0f;
                }
                __syncthreads();
                for (int k = 0; k < TILE; ++k) {
                    const float x = right[threadIdx.x][k];
#pragma unroll
                    for (int e = 0; e < EACH; ++e) {
                        sums[e] = fmaf(left[threadIdx.y + e * LINES][k], x, sums[e]);
                    }
                }
                __syncthreads();
            }
        }
        const int64_t block = r * gridDim.x + blockIdx.x;
        bool finishes = true;
        if (a.pieces > 1) {
            float* pieces = a.sums + block * a.pieces * TILE * TILE;
            for (int e = 0; e < EACH; ++e) {
                pieces[(blockIdx.y * TILE + threadIdx.y + e * LINES) * TILE + threadIdx.x] = sums[e];
            }
            finishes = last_block(a.tickets + block, static_cast<unsigned>(a.pieces), is_last);
            for (int e = 0; e < EACH && finishes; ++e) {
                sums[e] = 0.0f;
                for (int64_t piece = 0; piece < a.pieces; ++piece) {
                    sums[e] += pieces[(piece * TILE + threadIdx.y + e * LINES) * TILE + threadIdx.x];
                }
            }
        }
        for (int e = 0; e < EACH && finishes; ++e) {
            const int64_t m = row + threadIdx.y + e * LINES;
            if (m < a.rows && u < a.columns) {
                const bool seen = quotient(u * a.length, a.columns) <= quotient(m * a.length, a.rows);
                a.d_weight(r)[(group * a.rows + m) * a.columns + u] = seen ? sums[e] : 0.0f;
            }
        }
        __syncthreads();
    }
}

void mix(Device& d, const Mix& a, int64_t outputs) {
    const int64_t batch = a.batch < MAX_GRID_TASKS ? a.batch : MAX_GRID_TASKS;
    const Shape shape{grid_of(ceil_div(a.width, TILE) * ceil_div(outputs, TILE), batch, a.replicas), dim3(TILE, LINES)};
    if (a.groups == 1 || a.channels % TILE == 0) {
        EM_LAUNCH(cuda(d), mix_tokens_kernel<true>, shape, a);
    } else {
        EM_LAUNCH(cuda(d), mix_tokens_kernel<false>, shape, a);
    }
}

Mix mix_of(const em_mix_tokens_args& a) {
    return {view(a.weight), view(a.x), view(a.y), a.replicas,         a.batch, a.length, a.groups,
            a.rows,         a.columns, a.width,   a.width / a.groups, false,   false};
}

}  // namespace

void mix_tokens(Device& d, const em_mix_tokens_args& a) { mix(d, mix_of(a), a.rows); }

void mix_tokens_backward(Device& d, const em_mix_tokens_backward_args& b) {
    const em_mix_tokens_args& a = b.forward;
    Mix gradient = mix_of(a);
    gradient.in = view(b.d_y);
    gradient.out = view(b.d_x);
    gradient.backward = true;
    gradient.accumulate = b.accumulate != 0;
    constexpr int64_t most_pieces = 64;
    const int64_t a_piece = ceil_div(a.batch, a.batch < most_pieces ? a.batch : most_pieces);
    const int64_t tiles = a.groups * ceil_div(a.rows, TILE) * ceil_div(a.columns, TILE);
    Outer outer{view(a.x), view(b.d_y),        view(b.d_weight),           a.replicas, a.batch, a.length, a.groups, a.rows, a.columns,
                a.width,   a.width / a.groups, ceil_div(a.batch, a_piece), a_piece,    nullptr, nullptr};
    if (outer.pieces > 1) {
        outer.sums = cuda(d).workspace(a.replicas * tiles * outer.pieces * TILE * TILE);
        outer.tickets = cuda(d).tickets(a.replicas * tiles);
    }
    EM_LAUNCH(cuda(d), mix_tokens_weight_kernel, (Shape{grid_of(tiles, outer.pieces, a.replicas), dim3(TILE, LINES)}), outer);
    mix(d, gradient, a.columns);
}

}  // namespace em::gpu

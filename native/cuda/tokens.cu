// Embedding, positions and the way from tokens to the read-out. Bytes an output element: embed 8, add_positions 8 (positions stay in
// the cache), take_tokens 8, repeat_tokens 4, mean_tokens 4 an input element; embed_backward reads dOut once and every token once a
// vocabulary entry (from the cache). All wait for memory.
#include "cuda/embedding.h"
#include "cuda/joined.h"
#include "cuda/kernels.h"
#include "cuda/token_sums.h"
#include "cuda/vectors.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 256;

// Rows of `width` values, one after another: body.element<V>(replica, row, column). Grid (ceil_div(rows * width, V * THREADS), 1,
// replicas).
template <int V, class Body>
__global__ void __launch_bounds__(THREADS) token_kernel(Body body, int64_t rows, int64_t width, int64_t replicas) {
    const int64_t i = (static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x) * V;
    if (i >= rows * width) {
        return;
    }
    const int64_t row = quotient(i, width);
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        body.template element<V>(r, row, i - row * width);
    }
}

template <class Body>
void over_tokens(Device& d, const Where& where, const Body& body, int64_t replicas, int64_t rows, int64_t width, bool fours) {
    const Shape shape{grid_of(ceil_div(rows * width, THREADS * (fours ? 4 : 1)), 1, replicas), dim3(THREADS)};
    launch(cuda(d), where, fours ? token_kernel<4, Body> : token_kernel<1, Body>, shape, body, rows, width, replicas);
}

struct AddPositions {
    View<float> x, positions;
    int64_t length, width;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t row, int64_t column) const {
        float* to = x(r) + row * width + column;
        Vec<V> sum = load<V>(to);
        add(sum, load<V>(positions(r) + (row - quotient(row, length) * length) * width + column));
        store(to, sum);
    }
};

// One after the other; each thread looks at the same element of both.
template <class First, class Second>
struct Both {
    First first;
    Second second;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t row, int64_t column) const {
        first.template element<V>(r, row, column);
        second.template element<V>(r, row, column);
    }
};

struct TakeTokens {
    View<float> x, out;
    int64_t length, width, first, count;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t row, int64_t column) const {
        const int64_t b = quotient(row, count);
        store(out(r) + row * width + column, load<V>(x(r) + (b * length + first + row - b * count) * width + column));
    }
};

struct TakeTokensBackward {
    View<float> d_out, d_x;
    int64_t length, width, first, count;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t row, int64_t column) const {
        const int64_t b = quotient(row, count);
        float* to = d_x(r) + (b * length + first + row - b * count) * width + column;
        Vec<V> sum = load<V>(to);
        add(sum, load<V>(d_out(r) + row * width + column));
        store(to, sum);
    }
};

struct MeanTokensBackward {
    View<float> d_out, d_x;
    int64_t length, width;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t row, int64_t column) const {
        Vec<V> share = load<V>(d_out(r) + quotient(row, length) * width + column);
#pragma unroll
        for (int k = 0; k < V; ++k) {
            share.at[k] /= static_cast<float>(length);
        }
        store(d_x(r) + row * width + column, share);
    }
};

struct RepeatTokens {
    View<float> x, out;
    int64_t length, width;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t row, int64_t column) const {
        store(out(r) + row * width + column, load<V>(x(r) + quotient(row, length) * width + column));
    }
};

// out[b] = mean over l of x[b, l]. A block takes one sequence and 32 columns; its 8 warps take every eighth token. Grid (batch,
// ceil_div(width, 32), replicas).
constexpr int MEAN_WARPS = 8;

__global__ void __launch_bounds__(WARP* MEAN_WARPS)
    mean_tokens_kernel(View<float> x, View<float> out, int64_t length, int64_t width, int64_t replicas) {
    EM_SHARED(float, partial, [MEAN_WARPS][WARP]);
    const int64_t column = static_cast<int64_t>(blockIdx.y) * WARP + threadIdx.x;
    const int64_t b = blockIdx.x;
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        const float* sequence = x(r) + b * length * width;
        float sum = 0.0f;
        for (int64_t l = threadIdx.y; l < length && column < width; l += MEAN_WARPS) {
            sum += sequence[l * width + column];
        }
        partial[threadIdx.y][threadIdx.x] = sum;
        __syncthreads();
        if (threadIdx.y == 0 && column < width) {
            for (int warp = 1; warp < MEAN_WARPS; ++warp) {
                sum += partial[warp][threadIdx.x];
            }
            out(r)[b * width + column] = sum / static_cast<float>(length);
        }
        __syncthreads();
    }
}

struct ListMarks {
    View<int32_t> marks, list;
    int64_t rows, columns, width, replicas;
    int32_t* complaints;
};

// A warp takes a row, 32 columns at a time. Grid (ceil_div(rows, MEAN_WARPS), 1, replicas).
__global__ void __launch_bounds__(WARP* MEAN_WARPS) list_marks_kernel(ListMarks a) {
    const int64_t row = static_cast<int64_t>(blockIdx.x) * MEAN_WARPS + warp_index();
    if (row >= a.rows) {
        return;
    }
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const int32_t* const marks = a.marks(r) + row * a.columns;
        int32_t* const list = a.list(r) + row * a.width;
        int64_t count = 0;
        for (int64_t first = 0; first < a.columns; first += WARP) {
            const int64_t column = first + lane_index();
            const bool marked = column < a.columns && marks[column] != 0;
            const uint32_t ballot = __ballot_sync(ALL_LANES, marked);
            const int64_t at = count + __popc(ballot & ((1u << lane_index()) - 1));
            if (marked && at < a.width) {
                list[at] = static_cast<int32_t>(column);
            }
            count += __popc(ballot);
        }
        if (count > a.width) {
            complain(a.complaints, TOO_MANY_MARKS);
        }
        for (int64_t at = count + lane_index(); at < a.width; at += WARP) {
            list[at] = -1;
        }
    }
}

// Grid (vocabulary * ceil_div(width, 128), 1, replicas).
__global__ void __launch_bounds__(WARP* SCAN_WARPS) embed_backward_kernel(TokenSums a, int64_t replicas) {
    EM_SHARED(float, partial, [SCAN_FLOATS]);
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        sum_tokens(a, r, blockIdx.x, partial);
    }
}

TakeTokens take_of(const em_take_tokens_args& a) { return {view(a.x), view(a.out), a.length, a.width, a.first, a.count}; }

TakeTokensBackward give_of(const em_take_tokens_backward_args& a) {
    return {view(a.d_out), view(a.d_x), a.length, a.width, a.first, a.count};
}

}  // namespace

void embed(Device& d, const em_embed_args& a) {
    over_tokens(d, {"embed", __FILE__, __LINE__}, embed_of(d, a), a.replicas, a.rows, a.width,
                by_fours(a.replicas, a.width, a.table, a.out));
}

void placed_tokens(Device& d, const em_embed_args& a, const em_add_positions_args& positions) {
    over_tokens(d, {"embed, add_positions", __FILE__, __LINE__}, placed_token_of(d, a, positions), a.replicas, a.rows, a.width,
                by_fours(a.replicas, a.width, a.table, a.out, positions.positions));
}

void embed_backward(Device& d, const em_embed_backward_args& a) {
    const TokenSums body = token_sums_of(a);
    EM_LAUNCH(cuda(d), embed_backward_kernel, Shape{grid_of(body.blocks(), 1, a.replicas), dim3(WARP * SCAN_WARPS)}, body, a.replicas);
}

void add_positions(Device& d, const em_add_positions_args& a) {
    over_tokens(d, {"add_positions", __FILE__, __LINE__}, AddPositions{view(a.x), view(a.positions), a.length, a.width}, a.replicas,
                a.batch * a.length, a.width, by_fours(a.replicas, a.width, a.x, a.positions));
}

void take_tokens(Device& d, const em_take_tokens_args& a) {
    over_tokens(d, {"take_tokens", __FILE__, __LINE__}, take_of(a), a.replicas, a.batch * a.count, a.width,
                by_fours(a.replicas, a.width, a.x, a.out));
}

void take_tokens_backward(Device& d, const em_take_tokens_backward_args& a) {
    over_tokens(d, {"take_tokens_backward", __FILE__, __LINE__}, give_of(a), a.replicas, a.batch * a.count, a.width,
                by_fours(a.replicas, a.width, a.d_out, a.d_x));
}

void taken_twice(Device& d, const em_take_tokens_args& a, const em_take_tokens_args& b) {
    const Both<TakeTokens, TakeTokens> body{take_of(a), take_of(b)};
    over_tokens(d, {"take_tokens twice", __FILE__, __LINE__}, body, a.replicas, a.batch * a.count, a.width,
                by_fours(a.replicas, a.width, a.x, a.out, b.x, b.out));
}

void given_twice(Device& d, const em_take_tokens_backward_args& a, const em_take_tokens_backward_args& b) {
    const Both<TakeTokensBackward, TakeTokensBackward> body{give_of(a), give_of(b)};
    over_tokens(d, {"take_tokens_backward twice", __FILE__, __LINE__}, body, a.replicas, a.batch * a.count, a.width,
                by_fours(a.replicas, a.width, a.d_out, a.d_x, b.d_out));
}

void mean_tokens(Device& d, const em_mean_tokens_args& a) {
    const Shape shape{grid_of(a.batch, ceil_div(a.width, WARP), a.replicas), dim3(WARP, MEAN_WARPS)};
    EM_LAUNCH(cuda(d), mean_tokens_kernel, shape, view(a.x), view(a.out), a.length, a.width, a.replicas);
}

void mean_tokens_backward(Device& d, const em_mean_tokens_backward_args& a) {
    over_tokens(d, {"mean_tokens_backward", __FILE__, __LINE__}, MeanTokensBackward{view(a.d_out), view(a.d_x), a.length, a.width},
                a.replicas, a.batch * a.length, a.width, by_fours(a.replicas, a.width, a.d_out, a.d_x));
}

void repeat_tokens(Device& d, const em_repeat_tokens_args& a) {
    over_tokens(d, {"repeat_tokens", __FILE__, __LINE__}, RepeatTokens{view(a.x), view(a.out), a.length, a.width}, a.replicas,
                a.batch * a.length, a.width, by_fours(a.replicas, a.width, a.x, a.out));
}

void list_marks(Device& d, const em_list_marks_args& a) {
    const ListMarks body{view<int32_t>(a.marks), view<int32_t>(a.list), a.rows, a.columns, a.width, a.replicas, cuda(d).complaints()};
    EM_LAUNCH(cuda(d), list_marks_kernel, Shape{grid_of(ceil_div(a.rows, MEAN_WARPS), 1, a.replicas), dim3(WARP * MEAN_WARPS)}, body);
}

}  // namespace em::gpu

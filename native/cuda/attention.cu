// Attention: which form a shape and an arithmetic take; and the probabilities themselves, unfused.
#include "cuda/attention_tiles.h"

namespace em::gpu {
namespace {

// p = 2^(log2 weight - lse). A block takes 64 queries by 64 keys of a head; the head's parts are read 32 columns at a time, so that any
// width fits. Grid (tiles of queries * tiles of keys, 1, heads of all sequences and replicas).
constexpr int I = 8;
constexpr int J = 4;
constexpr int PART = 32;
constexpr int ROWS = TILE_Y * I;
constexpr int KEYS = TILE_X * J;

// to[row][0..PART) = columns from `first` of a head, zero where there are none.
EM_DEVICE void load_part(float* to, const float* from, int64_t stride, int64_t rows, int first, const AttentionView& a) {
    for (int i = static_cast<int>(threadIdx.x); i < ROWS * PART; i += TILE_THREADS) {
        const int row = i / PART;
        const int column = first + i % PART;
        to[row * HEAD_ROW<PART> + i % PART] = row < rows && column < a.head_dim ? from[row * stride + column] : 0.0f;
    }
}

__global__ void __launch_bounds__(TILE_THREADS) attention_probabilities_kernel(AttentionView a, View<float> p) {
    static_assert(ROWS == KEYS);
    EM_SHARED(float, q, [ROWS * HEAD_ROW<PART>]);
    EM_SHARED(float, k, [KEYS * HEAD_ROW<PART>]);
    const int64_t key_tiles = ceil_div(a.keys, KEYS);
    const int64_t row_tile = quotient(blockIdx.x, key_tiles);
    const int64_t row0 = row_tile * ROWS;
    const int64_t key0 = (blockIdx.x - row_tile * key_tiles) * KEYS;
    for (int64_t task = blockIdx.z; task < a.replicas * a.batch * a.heads; task += gridDim.z) {
        const int64_t r = quotient(task, a.batch * a.heads);
        const Head head(a, r, task - r * a.batch * a.heads);
        float s[I][J] = {};
        for (int first = 0; first < a.head_dim; first += PART) {
            load_part(q, head.query(a.q, a, row0), a.query_stride, a.queries - row0, first, a);
            load_part(k, head.key(a.k, a, key0), a.key_stride, a.keys - key0, first, a);
            __syncthreads();
            add_dots<PART>(q, k, PART, s);
            __syncthreads();
        }
#pragma unroll
        for (int i = 0; i < I; ++i) {
            const int64_t row = row0 + tile_y() + TILE_Y * i;
            const float lse = row < a.queries ? log2_sum(*head.row(a.lse, a, row)) : 0.0f;
            const int seen = visible_keys(a, row, key0, KEYS);
            float* to = p(r) + ((task - r * a.batch * a.heads) * a.queries + row) * a.keys;
#pragma unroll
            for (int j = 0; j < J; ++j) {
                const int key = tile_x() + TILE_X * j;
                s[i][j] = key < seen ? log2_weight(s[i][j], a, head, row, key0 + key) : MINUS_INFINITY;
            }
            add_listed<TILE_X>(a, head, row, key0 + tile_x(), s[i]);
#pragma unroll
            for (int j = 0; j < J; ++j) {
                const int key = tile_x() + TILE_X * j;
                if (row < a.queries && key0 + key < a.keys) {
                    to[key0 + key] = probability(s[i][j], lse);
                }
            }
        }
    }
}

}  // namespace

void attention(Device& d, const em_attention_args& a) {
    const AttentionView all = listed_view(cuda(d), a);
    if (a.queries == 1) {
        attention_single(cuda(d), all);
    } else if (on_tensor_cores(cuda(d), a)) {
        attention_mma(cuda(d), all);
    } else {
        attention_tiled(cuda(d), all);
    }
}

void attention_backward(Device& d, const em_attention_backward_args& a) {
    AttentionView forward = listed_view(cuda(d), a.forward);
    const AttentionGradients gradients{view(a.d_out), view(a.d_q), view(a.d_k), view(a.d_v), view(a.delta)};
    forward.fours &= by_fours(a.forward.replicas, a.forward.head_dim, a.d_out, a.d_q, a.d_k, a.d_v);
    if (a.forward.queries == 1) {
        attention_single_backward(cuda(d), forward, gradients);
    } else if (on_tensor_cores(cuda(d), a.forward) && joins_gradients(cuda(d), forward)) {
        attention_mma_joint_gradient(cuda(d), forward, gradients);
    } else if (on_tensor_cores(cuda(d), a.forward)) {
        attention_mma_query_gradient(cuda(d), forward, gradients);
        attention_mma_key_gradient(cuda(d), forward, gradients);
    } else {
        (head_by_head(forward) ? attention_head_backward : attention_tiled_backward)(cuda(d), forward, gradients);
    }
}

void attention_probabilities(Device& d, const em_attention_probabilities_args& a) {
    const AttentionView forward = listed_view(cuda(d), a.forward);
    if (on_tensor_cores(cuda(d), a.forward)) {
        attention_mma_probabilities(cuda(d), forward, view(a.p));
        return;
    }
    const int64_t tiles = ceil_div(forward.queries, ROWS) * ceil_div(forward.keys, KEYS);
    const Shape shape{grid_of(tiles, 1, forward.replicas * forward.batch * forward.heads), dim3(TILE_THREADS)};
    EM_LAUNCH(cuda(d), attention_probabilities_kernel, shape, forward, view(a.p));
}

}  // namespace em::gpu

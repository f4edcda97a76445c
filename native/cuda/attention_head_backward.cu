// Gradients of attention as in attention_backward.cu, of short sequences in one launch: a block takes all of a head, so that P is computed
// once: 10 Lq Lk Dh operations a head in place of 14, and each tensor passes through memory once.
//
// Tiles of keys pass over tiles of queries. dK and dV of a tile of keys add up in registers. dQ of a tile of queries is complete after one
// tile of keys where there is no other; else each adds its part to memory, in order, and every number of it belongs to one thread.
// Scores lie in shared memory twice, one after the other: a row for each key (dV, dK), then a row for each query (dQ).
#include "cuda/attention_tiles.h"

namespace em {
namespace {

// Floats between rows of scores that are written by columns: two lanes a bank at most.
template <int COLUMNS>
constexpr int ACROSS_ROW = COLUMNS + 4;

// Of a multiprocessor, for which registers are kept; shared memory leaves room for no more of the large tiles.
template <int DH, int I>
constexpr int BLOCKS = I == 2 ? 4 : (I == 8 || DH == 128 ? 2 : 3);

template <int DH, int I, int J>
struct HeadTiles {
    static constexpr int KEYS = TILE_Y * I;
    static constexpr int ROWS = TILE_X * J;
    // Scores take the place of the rows of O, which are read first.
    static constexpr int64_t SCORES = larger(ROWS * HEAD_ROW<DH>, larger(KEYS* SCORE_ROW<ROWS>, ROWS* ACROSS_ROW<KEYS>));
    static constexpr int64_t FLOATS = 2 * (KEYS + ROWS) * HEAD_ROW<DH> + SCORES;
};

// Of the first tile of keys delta is computed, in the order of add_dots: where one weight is 1, dO V^T - delta is 0 and not a rounding
// error, which a large score would multiply. The same thread reads it for the others.
template <int DH, int ROWS>
EM_DEVICE void keep_row_numbers(RowNumbers<ROWS>& numbers, const float* d_out, const float* out, bool first, const AttentionView& a,
                                const AttentionGradients& g, const Head& head, int64_t row0) {
    const int row = static_cast<int>(threadIdx.x);
    if (row >= ROWS) {
        return;
    }
    const bool present = row0 + row < a.queries;
    float delta = 0.0f;
    if (present && first) {
#pragma unroll 4
        for (int d = 0; d < a.head_dim; d += 4) {
            const float4 left = *reinterpret_cast<const float4*>(d_out + row * HEAD_ROW<DH> + d);
            const float4 right = *reinterpret_cast<const float4*>(out + row * HEAD_ROW<DH> + d);
            delta = fmaf(left.x, right.x, delta);
            delta = fmaf(left.y, right.y, delta);
            delta = fmaf(left.z, right.z, delta);
            delta = fmaf(left.w, right.w, delta);
        }
        *head.row(g.delta, a, row0 + row) = delta;
    } else if (present) {
        delta = *head.row(g.delta, a, row0 + row);
    }
    numbers.lse[row] = present ? log2_sum(*head.row(a.lse, a, row0 + row)) : 0.0f;
    numbers.delta[row] = delta;
}

// keep_scores with a row for each query.
template <int KEYS, int I, int J>
EM_DEVICE void keep_scores_across(float* to, const float (&values)[I][J]) {
#pragma unroll
    for (int i = 0; i < I; ++i) {
#pragma unroll
        for (int j = 0; j < J; ++j) {
            to[(tile_x() + TILE_X * j) * ACROSS_ROW<KEYS> + tile_y() + TILE_Y * i] = values[i][j];
        }
    }
}

// dQ of a tile of queries from the scores of `count` keys, more where other keys came before.
template <int DH, int KEYS, int J>
EM_DEVICE void add_query_gradients(const float* scores, const float* k, int count, bool first, const AttentionView& a,
                                   const AttentionGradients& g, const Head& head, int64_t row0) {
    float d_q[2 * J][HeadColumns<DH>::COUNT] = {};
    weigh_rows<DH, ACROSS_ROW<KEYS>, true>(scores, k, count, d_q);
#pragma unroll
    for (int i = 0; i < 2 * J; ++i) {
        const int64_t row = row0 + tile_y() + TILE_Y * i;
        if (row < a.queries) {
            float* const to = head.query(g.d_q, a, row);
            float before[HeadColumns<DH>::COUNT] = {};
            if (!first) {
                load_head_row<DH>(to, before, a);
            }
#pragma unroll
            for (int c = 0; c < HeadColumns<DH>::COUNT; ++c) {
                before[c] = fmaf(a.scale, d_q[i][c], before[c]);
            }
            store_head_row<DH>(to, before, 1.0f, a);
        }
    }
}

// Grid (batch * heads, 1, replicas).
template <int DH, int I, int J>
__global__ void __launch_bounds__(TILE_THREADS, (BLOCKS<DH, I>)) attention_head_gradient_kernel(AttentionView a, AttentionGradients g) {
    using Tiles = HeadTiles<DH, I, J>;
    constexpr int KEYS = Tiles::KEYS;
    constexpr int ROWS = Tiles::ROWS;
    EM_DYNAMIC_SHARED(float, shared);
    float* const k = shared;
    float* const v = k + KEYS * HEAD_ROW<DH>;
    float* const q = v + KEYS * HEAD_ROW<DH>;
    float* const d_out = q + ROWS * HEAD_ROW<DH>;
    float* const scores = d_out + ROWS * HEAD_ROW<DH>;
    EM_SHARED(RowNumbers<ROWS>, numbers, [1]);
    const int dims = static_cast<int>(a.head_dim + 3) / 4 * 4;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, blockIdx.x);
        for (int64_t key0 = 0; key0 < a.keys; key0 += KEYS) {
            const bool first = key0 == 0;
            load_head_rows<DH, KEYS>(k, head.key(a.k, a, key0), a.key_stride, a.keys - key0, a);
            load_head_rows<DH, KEYS>(v, head.key(a.v, a, key0), a.key_stride, a.keys - key0, a);
            float d_k[I][HeadColumns<DH>::COUNT] = {};
            float d_v[I][HeadColumns<DH>::COUNT] = {};
            // Every row gets its dQ with the first keys, though it may see none of them.
            const int64_t hidden = a.causal && !first ? key0 - (a.keys - a.queries) : 0;
            for (int64_t row0 = hidden > 0 ? hidden / ROWS * ROWS : 0; row0 < a.queries; row0 += ROWS) {
                load_head_rows<DH, ROWS>(q, head.query(a.q, a, row0), a.query_stride, a.queries - row0, a);
                load_head_rows<DH, ROWS>(d_out, head.output(g.d_out, a, row0), a.output_stride, a.queries - row0, a);
                if (first) {
                    load_head_rows<DH, ROWS>(scores, head.output(a.out, a, row0), a.output_stride, a.queries - row0, a);
                }
                __syncthreads();
                keep_row_numbers<DH, ROWS>(numbers[0], d_out, scores, first, a, g, head, row0);
                float p[I][J] = {};
                add_dots<DH>(k, q, dims, p);
                __syncthreads();
                float lse[J];
#pragma unroll
                for (int j = 0; j < J; ++j) {
                    lse[j] = numbers[0].lse[tile_x() + TILE_X * j];
                }
                weigh_keys(a, head, row0, key0, lse, p);
                keep_scores<ROWS>(scores, p);
                __syncwarp();
                const int queries = static_cast<int>(a.queries - row0 < ROWS ? a.queries - row0 : ROWS);
                weigh_rows<DH, SCORE_ROW<ROWS>, true>(scores, d_out, queries, d_v);
                float d_p[I][J] = {};
                add_dots<DH>(v, d_out, dims, d_p);
#pragma unroll
                for (int i = 0; i < I; ++i) {
#pragma unroll
                    for (int j = 0; j < J; ++j) {
                        p[i][j] = p[i][j] == 0.0f ? 0.0f : p[i][j] * (d_p[i][j] - numbers[0].delta[tile_x() + TILE_X * j]);
                    }
                }
                __syncwarp();
                keep_scores<ROWS>(scores, p);
                __syncwarp();
                weigh_rows<DH, SCORE_ROW<ROWS>, true>(scores, q, queries, d_k);
                __syncthreads();
                keep_scores_across<KEYS>(scores, p);
                __syncthreads();
                // The last query of the tile sees most keys.
                const int64_t last = (row0 + ROWS < a.queries ? row0 + ROWS : a.queries) - 1;
                add_query_gradients<DH, KEYS, J>(scores, k, visible_keys(a, last, key0, KEYS), first, a, g, head, row0);
                __syncthreads();
            }
#pragma unroll
            for (int i = 0; i < I; ++i) {
                const int64_t key = key0 + tile_y() + TILE_Y * i;
                if (key < a.keys) {
                    store_head_row<DH>(head.key(g.d_k, a, key), d_k[i], a.scale, a);
                    store_head_row<DH>(head.key(g.d_v, a, key), d_v[i], 1.0f, a);
                }
            }
        }
    }
}

template <int DH, int I, int J>
void launch_head(const CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    EM_LAUNCH(device, (attention_head_gradient_kernel<DH, I, J>),
              Shape{grid_of(a.batch * a.heads, 1, a.replicas), dim3(TILE_THREADS), 4 * HeadTiles<DH, I, J>::FLOATS}, a, g);
}

}  // namespace

void attention_head_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    dispatch_head_dim(a.head_dim, [&](auto width) {
        constexpr int DH = decltype(width)::value;
        const int64_t tokens = longest(a);
        if (tokens <= 16) {
            launch_head<DH, 2, 1>(device, a, g);
        } else if (DH == 128 || tokens <= 32) {
            launch_head<DH, 4, 2>(device, a, g);
        } else if constexpr (DH < 128) {
            // Pairs and a query make 2 p + 1 tokens: 33 and 65 fit tiles of 40 by 48.
            if (tokens <= 40 || (tokens > 64 && tokens <= 80)) {
                launch_head<DH, 5, 3>(device, a, g);
            } else {
                launch_head<DH, 8, 4>(device, a, g);
            }
        }
    });
}

}  // namespace em

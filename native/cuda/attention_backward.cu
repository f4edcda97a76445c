// Gradients of attention from q, k, v, out, lse and dOut, without atomics: with P = exp(scale Q K^T + bias - lse) and delta = rowsum(dO O),
// dS = P (dO V^T - delta), dQ = scale dS K, dK = scale dS^T Q, dV = P^T dO (Dao et al. 2022, algorithm 4).
//
// Two launches, each summing over what it loops over: dQ takes tiles of queries and passes over the keys, then dK and dV take tiles of
// keys and pass over the queries. P is computed twice: 14 Lq Lk Dh operations a head where atomics on dQ would need 10, and equal bits in
// every run. delta is computed by the first launch and read by the second.
#include "cuda/attention_tiles.h"

namespace em {
namespace {

// Of a multiprocessor, for which registers are kept; shared memory leaves room for no more of the large tiles.
template <int I>
constexpr int BLOCKS = I == 4 ? 3 : 2;

// delta of a tile of queries, in the order of add_dots: where one weight is 1, dO V^T - delta is 0 and not a rounding error, which a
// large score would multiply.
template <int DH, int ROWS>
EM_DEVICE void keep_delta(const float* d_out, float* deltas, const AttentionView& a, const AttentionGradients& g, const Head& head,
                          int64_t row0) {
    const int row = static_cast<int>(threadIdx.x);
    if (row >= ROWS) {
        return;
    }
    float sum = 0.0f;
    if (row0 + row < a.queries) {
        const float* out = head.output(a.out, a, row0 + row);
        // Each thread reads a row of its own, so that the loads must be few and ahead of the chain of sums.
#pragma unroll 4
        for (int d = 0; d < a.head_dim && a.fours; d += 4) {
            const float4 left = *reinterpret_cast<const float4*>(d_out + row * HEAD_ROW<DH> + d);
            const float4 right = *reinterpret_cast<const float4*>(out + d);
            sum = fmaf(left.x, right.x, sum);
            sum = fmaf(left.y, right.y, sum);
            sum = fmaf(left.z, right.z, sum);
            sum = fmaf(left.w, right.w, sum);
        }
        for (int d = 0; d < a.head_dim && !a.fours; ++d) {
            sum = fmaf(d_out[row * HEAD_ROW<DH> + d], out[d], sum);
        }
        *head.row(g.delta, a, row0 + row) = sum;
    }
    deltas[row] = sum;
}

// dQ of 8 I queries, and their delta. Grid (tiles of queries * batch * heads, 1, replicas).
template <int DH, int I, int J>
__global__ void __launch_bounds__(TILE_THREADS, BLOCKS<I>) attention_query_gradient_kernel(AttentionView a, AttentionGradients g) {
    constexpr int ROWS = TILE_Y * I;
    constexpr int KEYS = TILE_X * J;
    EM_DYNAMIC_SHARED(float, shared);
    float* const q = shared;
    float* const d_out = q + ROWS * HEAD_ROW<DH>;
    float* const k = d_out + ROWS * HEAD_ROW<DH>;
    float* const v = k + KEYS * HEAD_ROW<DH>;
    float* const d_s = v + KEYS * HEAD_ROW<DH>;
    EM_SHARED(float, deltas, [ROWS]);
    const int dims = static_cast<int>(a.head_dim + 3) / 4 * 4;
    const int64_t tiles = ceil_div(a.queries, ROWS);
    const int64_t head_index = quotient(blockIdx.x, tiles);
    const int64_t row0 = (tiles - 1 - (blockIdx.x - head_index * tiles)) * ROWS;
    const int64_t seen = a.causal && row0 + ROWS + a.keys - a.queries < a.keys ? row0 + ROWS + a.keys - a.queries : a.keys;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, head_index);
        load_head_rows<DH, ROWS>(q, head.query(a.q, a, row0), a.query_stride, a.queries - row0, a);
        load_head_rows<DH, ROWS>(d_out, head.output(g.d_out, a, row0), a.output_stride, a.queries - row0, a);
        __syncthreads();
        keep_delta<DH, ROWS>(d_out, deltas, a, g, head, row0);
        __syncthreads();
        float lse[I];
        float delta[I];
        float d_q[I][HeadColumns<DH>::COUNT] = {};
#pragma unroll
        for (int i = 0; i < I; ++i) {
            const int64_t row = row0 + tile_y() + TILE_Y * i;
            delta[i] = deltas[tile_y() + TILE_Y * i];
            lse[i] = row < a.queries ? log2_sum(*head.row(a.lse, a, row)) : 0.0f;
        }
        for (int64_t key0 = 0; key0 < seen; key0 += KEYS) {
            load_head_rows<DH, KEYS>(k, head.key(a.k, a, key0), a.key_stride, a.keys - key0, a);
            load_head_rows<DH, KEYS>(v, head.key(a.v, a, key0), a.key_stride, a.keys - key0, a);
            __syncthreads();
            float s[I][J] = {};
            float d_p[I][J] = {};
            add_dots<DH>(q, k, dims, s);
            add_dots<DH>(d_out, v, dims, d_p);
#pragma unroll
            for (int i = 0; i < I; ++i) {
                const int64_t row = row0 + tile_y() + TILE_Y * i;
                const int seen = visible_keys(a, row, key0, KEYS);
#pragma unroll
                for (int j = 0; j < J; ++j) {
                    const int key = tile_x() + TILE_X * j;
                    s[i][j] = key < seen ? log2_weight(s[i][j], a, head, row, key0 + key) : MINUS_INFINITY;
                }
                add_listed<TILE_X>(a, head, row, key0 + tile_x(), s[i]);
#pragma unroll
                for (int j = 0; j < J; ++j) {
                    const float p = probability(s[i][j], lse[i]);
                    s[i][j] = p == 0.0f ? 0.0f : p * (d_p[i][j] - delta[i]);
                }
            }
            keep_scores<KEYS>(d_s, s);
            __syncwarp();
            const int count = static_cast<int>(a.keys - key0 < KEYS ? a.keys - key0 : KEYS);
            if (a.causal && key0 + KEYS - 1 > row0 + a.keys - a.queries) {
                weigh_rows<DH, SCORE_ROW<KEYS>, true>(d_s, k, count, d_q);
            } else {
                weigh_rows<DH, SCORE_ROW<KEYS>, false>(d_s, k, count, d_q);
            }
            __syncthreads();
        }
#pragma unroll
        for (int i = 0; i < I; ++i) {
            const int64_t row = row0 + tile_y() + TILE_Y * i;
            if (row < a.queries) {
                store_head_row<DH>(head.query(g.d_q, a, row), d_q[i], a.scale, a);
            }
        }
    }
}

// dK and dV of 8 I keys, which stand where the queries stood. Grid (tiles of keys * batch * heads, 1, replicas).
template <int DH, int I, int J>
__global__ void __launch_bounds__(TILE_THREADS, BLOCKS<I>) attention_key_gradient_kernel(AttentionView a, AttentionGradients g) {
    constexpr int KEYS = TILE_Y * I;
    constexpr int ROWS = TILE_X * J;
    EM_DYNAMIC_SHARED(float, shared);
    float* const k = shared;
    float* const v = k + KEYS * HEAD_ROW<DH>;
    float* const q = v + KEYS * HEAD_ROW<DH>;
    float* const d_out = q + ROWS * HEAD_ROW<DH>;
    float* const weights = d_out + ROWS * HEAD_ROW<DH>;
    const int dims = static_cast<int>(a.head_dim + 3) / 4 * 4;
    const int64_t tiles = ceil_div(a.keys, KEYS);
    const int64_t head_index = quotient(blockIdx.x, tiles);
    // The first keys first: under a causal mask most queries see them.
    const int64_t key0 = (blockIdx.x - head_index * tiles) * KEYS;
    const int64_t first = a.causal && key0 > a.keys - a.queries ? (key0 - (a.keys - a.queries)) / ROWS * ROWS : 0;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, head_index);
        load_head_rows<DH, KEYS>(k, head.key(a.k, a, key0), a.key_stride, a.keys - key0, a);
        load_head_rows<DH, KEYS>(v, head.key(a.v, a, key0), a.key_stride, a.keys - key0, a);
        float d_k[I][HeadColumns<DH>::COUNT] = {};
        float d_v[I][HeadColumns<DH>::COUNT] = {};
        for (int64_t row0 = first; row0 < a.queries; row0 += ROWS) {
            load_head_rows<DH, ROWS>(q, head.query(a.q, a, row0), a.query_stride, a.queries - row0, a);
            load_head_rows<DH, ROWS>(d_out, head.output(g.d_out, a, row0), a.output_stride, a.queries - row0, a);
            __syncthreads();
            float p[I][J] = {};
            add_dots<DH>(k, q, dims, p);
            float lse[J];
            float delta[J];
#pragma unroll
            for (int j = 0; j < J; ++j) {
                const int64_t row = row0 + tile_x() + TILE_X * j;
                lse[j] = row < a.queries ? log2_sum(*head.row(a.lse, a, row)) : 0.0f;
                delta[j] = row < a.queries ? *head.row(g.delta, a, row) : 0.0f;
            }
            weigh_keys(a, head, row0, key0, lse, p);
            keep_scores<ROWS>(weights, p);
            __syncwarp();
            const int count = static_cast<int>(a.queries - row0 < ROWS ? a.queries - row0 : ROWS);
            weigh_rows<DH, SCORE_ROW<ROWS>, true>(weights, d_out, count, d_v);
            float d_p[I][J] = {};
            add_dots<DH>(v, d_out, dims, d_p);
#pragma unroll
            for (int i = 0; i < I; ++i) {
#pragma unroll
                for (int j = 0; j < J; ++j) {
                    p[i][j] = p[i][j] == 0.0f ? 0.0f : p[i][j] * (d_p[i][j] - delta[j]);
                }
            }
            __syncwarp();
            keep_scores<ROWS>(weights, p);
            __syncwarp();
            weigh_rows<DH, SCORE_ROW<ROWS>, true>(weights, q, count, d_k);
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
        __syncthreads();
    }
}

template <int DH, int I, int J>
void launch_backward(const CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    constexpr int64_t floats = 2 * (TILE_Y * I + TILE_X * J) * HEAD_ROW<DH> + TILE_Y * I * SCORE_ROW<TILE_X * J>;
    const int64_t heads = a.batch * a.heads;
    const auto shape = [&](int64_t rows) {
        return Shape{grid_of(ceil_div(rows, TILE_Y * I) * heads, 1, a.replicas), dim3(TILE_THREADS), 4 * floats};
    };
    EM_LAUNCH(device, (attention_query_gradient_kernel<DH, I, J>), shape(a.queries), a, g);
    EM_LAUNCH(device, (attention_key_gradient_kernel<DH, I, J>), shape(a.keys), a, g);
}

}  // namespace

// Of shorter sequences one block takes a head.
void attention_tiled_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    dispatch_head_dim(a.head_dim, [&](auto width) {
        constexpr int DH = decltype(width)::value;
        // Twice the tiles of the forward pass must fit.
        launch_backward<DH, DH == 128 ? 4 : 8, DH == 128 ? 2 : 4>(device, a, g);
    });
}

}  // namespace em

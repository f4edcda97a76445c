// O = softmax(scale Q K^T + bias) V in one pass over the keys, with a running row maximum and sum (Milakov & Gimelshein 2018,
// algorithm 3; Dao et al. 2022): no (Lq, Lk) matrix in memory. lse: natural log of the sum of exponentials.
//
// A block takes 8 I queries of a head; it loads 16 J keys and values at a time. Where all keys of a head fit in one tile (up to 16, 32
// or 64), they stay in shared memory: the short form is the same kernel with smaller tiles and one turn of the loop.
// Operations: 4 Lq Lk Dh a head; bytes: 4 Dh (2 Lq + 2 Lk ceil(Lq / 8 I)) + 4 Lq, the second reading of K and V mostly from L2.
// A query that sees no key: out 0, lse -inf. A key that is not seen counts for nothing, not even when its value is NaN.
#include "cuda/attention_tiles.h"

namespace em {
namespace {

// Of a multiprocessor, for which registers are kept; shared memory leaves room for no more of the large tiles.
template <int DH, int I>
constexpr int BLOCKS = I == 2 ? 4 : (I == 8 && DH == 128 ? 2 : 3);

// Dot products become log2 weights; those of keys that are not seen -inf.
template <int I, int J>
EM_DEVICE void finish_scores(float (&s)[I][J], const AttentionView& a, const Head& head, int64_t row0, int64_t key0) {
#pragma unroll
    for (int i = 0; i < I; ++i) {
        const int64_t row = row0 + tile_y() + TILE_Y * i;
        const int seen = visible_keys(a, row, key0, TILE_X * J);
#pragma unroll
        for (int j = 0; j < J; ++j) {
            const int key = tile_x() + TILE_X * j;
            s[i][j] = key < seen ? log2_weight(s[i][j], a, head, row, key0 + key) : MINUS_INFINITY;
        }
        add_listed<TILE_X>(a, head, row, key0 + tile_x(), s[i]);
    }
}

// Weights 2^(s - largest), with sums and outputs so far brought to the new largest score of each row.
template <int I, int J, int COLUMNS>
EM_DEVICE void advance_rows(float (&s)[I][J], float (&largest)[I], float (&sum)[I], float (&o)[I][COLUMNS]) {
#pragma unroll
    for (int i = 0; i < I; ++i) {
        float highest = largest[i];
#pragma unroll
        for (int j = 0; j < J; ++j) {
            highest = fmaxf(highest, s[i][j]);
        }
#pragma unroll
        for (int distance = TILE_X / 2; distance > 0; distance /= 2) {
            highest = fmaxf(highest, __shfl_xor_sync(ALL_LANES, highest, distance));
        }
        // A row that has seen nothing yet: all weights 0, and nothing to bring along.
        const float base = highest == MINUS_INFINITY ? 0.0f : highest;
        const float shrink = exp2f(largest[i] - base);
        largest[i] = highest;
        sum[i] *= shrink;
#pragma unroll
        for (int c = 0; c < COLUMNS; ++c) {
            o[i][c] *= shrink;
        }
#pragma unroll
        for (int j = 0; j < J; ++j) {
            s[i][j] = exp2f(s[i][j] - base);
            sum[i] += s[i][j];
        }
    }
}

// Grid (tiles of queries * batch * heads, 1, replicas).
template <int DH, int I, int J>
__global__ void __launch_bounds__(TILE_THREADS, BLOCKS<DH, I>) attention_forward_kernel(AttentionView a) {
    constexpr int ROWS = TILE_Y * I;
    constexpr int KEYS = TILE_X * J;
    EM_DYNAMIC_SHARED(float, shared);
    float* const q = shared;
    float* const k = q + ROWS * HEAD_ROW<DH>;
    float* const v = k + KEYS * HEAD_ROW<DH>;
    float* const p = v + KEYS * HEAD_ROW<DH>;
    const int dims = static_cast<int>(a.head_dim + 3) / 4 * 4;
    const int64_t tiles = ceil_div(a.queries, ROWS);
    const int64_t head_index = quotient(blockIdx.x, tiles);
    // The last queries first: under a causal mask they have most keys to see.
    const int64_t row0 = (tiles - 1 - (blockIdx.x - head_index * tiles)) * ROWS;
    const int64_t seen = a.causal && row0 + ROWS + a.keys - a.queries < a.keys ? row0 + ROWS + a.keys - a.queries : a.keys;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, head_index);
        float largest[I];
        float sum[I];
        float o[I][HeadColumns<DH>::COUNT];
#pragma unroll
        for (int i = 0; i < I; ++i) {
            largest[i] = MINUS_INFINITY;
            sum[i] = 0.0f;
#pragma unroll
            for (int c = 0; c < HeadColumns<DH>::COUNT; ++c) {
                o[i][c] = 0.0f;
            }
        }
        load_head_rows<DH, ROWS>(q, head.query(a.q, a, row0), a.query_stride, a.queries - row0, a);
        for (int64_t key0 = 0; key0 < seen; key0 += KEYS) {
            load_head_rows<DH, KEYS>(k, head.key(a.k, a, key0), a.key_stride, a.keys - key0, a);
            load_head_rows<DH, KEYS>(v, head.key(a.v, a, key0), a.key_stride, a.keys - key0, a);
            __syncthreads();
            float s[I][J] = {};
            add_dots<DH>(q, k, dims, s);
            const bool masked =
                key0 + KEYS > a.keys || row0 + ROWS > a.queries || (a.causal && key0 + KEYS - 1 > row0 + a.keys - a.queries);
            finish_scores(s, a, head, row0, key0);
            advance_rows(s, largest, sum, o);
            keep_scores<KEYS>(p, s);
            __syncwarp();
            const int count = static_cast<int>(a.keys - key0 < KEYS ? a.keys - key0 : KEYS);
            if (masked) {
                weigh_rows<DH, SCORE_ROW<KEYS>, true>(p, v, count, o);
            } else {
                weigh_rows<DH, SCORE_ROW<KEYS>, false>(p, v, count, o);
            }
            __syncthreads();
        }
#pragma unroll
        for (int i = 0; i < I; ++i) {
            const int64_t row = row0 + tile_y() + TILE_Y * i;
            const float total = lanes_sum<TILE_X>(sum[i]);
            if (row < a.queries) {
                store_head_row<DH>(head.output(a.out, a, row), o[i], total == 0.0f ? 0.0f : 1.0f / total, a);
                if (tile_x() == 0) {
                    *head.row(a.lse, a, row) = total == 0.0f ? MINUS_INFINITY : (largest[i] + log2f(total)) * LN_2;
                }
            }
        }
        __syncthreads();
    }
}

template <int DH, int I, int J>
void launch_forward(const CudaDevice& device, const AttentionView& a) {
    constexpr int64_t floats = (TILE_Y * I + 2 * TILE_X * J) * HEAD_ROW<DH> + TILE_Y * I * SCORE_ROW<TILE_X * J>;
    const int64_t tiles = ceil_div(a.queries, TILE_Y * I);
    EM_LAUNCH(device, (attention_forward_kernel<DH, I, J>),
              Shape{grid_of(tiles * a.batch * a.heads, 1, a.replicas), dim3(TILE_THREADS), 4 * floats}, a);
}

}  // namespace

void attention_tiled(CudaDevice& device, const AttentionView& a) {
    dispatch_head_dim(a.head_dim, [&](auto width) {
        constexpr int DH = decltype(width)::value;
        const int64_t longest = a.keys > a.queries ? a.keys : a.queries;
        if (longest <= 16) {
            launch_forward<DH, 2, 1>(device, a);
        } else if (longest <= 32) {
            launch_forward<DH, 4, 2>(device, a);
        } else {
            launch_forward<DH, 8, DH == 128 ? 2 : 4>(device, a);
        }
    });
}

}  // namespace em

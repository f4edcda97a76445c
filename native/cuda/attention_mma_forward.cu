// attention_forward.cu on tensor cores: O = softmax(scale Q K^T + bias) V with Q, K, V and the weights before normalisation rounded to
// tf32 or bf16, products summed and all else computed in float32.
//
// A block takes 16 queries a warp and 16, 32 or 64 keys at a time; where all keys of a head fit in one tile they stay in shared memory,
// and the loop turns once. Operations: 4 Lq Lk Dh a head, all on tensor cores; bytes as in attention_forward.cu. Bound by shared memory:
// each product of 16 by 8 (tf32: by 8, bf16: by 16) reads 256 bytes of it.
// A query that sees no key: out 0, lse -inf. A NaN among the values of a key that a query does not see reaches it all the same when the
// tile holds a query that does: 0 times NaN.
#include "cuda/attention_mma.h"

namespace em {
namespace {

// Dot products become log2 weights; those of keys that are not seen -inf.
template <int N>
EM_DEVICE void finish_scores(FragmentC (&s)[N], const AttentionView& a, const Head& head, int64_t row0, int64_t key0) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        const int64_t row = row0 + lane_row() + 8 * half;
        const int seen = visible_keys(a, row, key0, N * MMA_COLUMNS);
        weigh_row(a, head, row, key0, half, seen, s);
    }
}

// Weights 2^(s - largest), with sums and outputs so far brought to the new largest score of each row.
template <int N, int D>
EM_DEVICE void advance_rows(FragmentC (&s)[N], float (&largest)[2], float (&sum)[2], FragmentC (&o)[D]) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        float highest = largest[half];
#pragma unroll
        for (int n = 0; n < N; ++n) {
            highest = fmaxf(highest, fmaxf(s[n][2 * half], s[n][2 * half + 1]));
        }
        highest = fmaxf(highest, __shfl_xor_sync(ALL_LANES, highest, 1));
        highest = fmaxf(highest, __shfl_xor_sync(ALL_LANES, highest, 2));
        // A row that has seen nothing yet: all weights 0, and nothing to bring along.
        const float base = highest == MINUS_INFINITY ? 0.0f : highest;
        const float shrink = exp2f(largest[half] - base);
        largest[half] = highest;
        sum[half] *= shrink;
#pragma unroll
        for (int d = 0; d < D; ++d) {
            o[d][2 * half] *= shrink;
            o[d][2 * half + 1] *= shrink;
        }
#pragma unroll
        for (int n = 0; n < N; ++n) {
#pragma unroll
            for (int e = 2 * half; e < 2 * half + 2; ++e) {
                s[n][e] = exp2f(s[n][e] - base);
                sum[half] += s[n][e];
            }
        }
    }
}

// 512 threads of a multiprocessor: 128 registers each, which all forms make do with.
template <class Tiles>
constexpr int BLOCKS = 512 / Tiles::THREADS;

// Grid (tiles of queries * batch * heads, 1, replicas).
template <class P, int DH, class Tiles>
__global__ void __launch_bounds__(Tiles::THREADS, BLOCKS<Tiles>) attention_mma_forward_kernel(AttentionView a) {
    constexpr int ROWS = Tiles::ROWS;
    constexpr int KEYS = Tiles::TILE;
    EM_DYNAMIC_SHARED(uint32_t, shared);
    uint32_t* const q = shared;
    uint32_t* const k = q + BY_COLUMNS<P, DH, ROWS>;
    uint32_t* const v = k + BY_COLUMNS<P, DH, KEYS>;
    const int64_t tiles = ceil_div(a.queries, ROWS);
    const int64_t head_index = quotient(blockIdx.x, tiles);
    // The last queries first: under a causal mask they have most keys to see.
    const int64_t row0 = (tiles - 1 - (blockIdx.x - head_index * tiles)) * ROWS;
    const int64_t seen = a.causal && row0 + ROWS + a.keys - a.queries < a.keys ? row0 + ROWS + a.keys - a.queries : a.keys;
    const int64_t mine = row0 + warp_index() * MMA_ROWS;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, head_index);
        float largest[2] = {MINUS_INFINITY, MINUS_INFINITY};
        float sum[2] = {};
        FragmentC o[DH / MMA_COLUMNS] = {};
        load_tile<P, DH, ROWS, Tiles::THREADS>(q, nullptr, head.query(a.q, a, row0), a.query_stride, a.queries - row0, a);
        for (int64_t key0 = 0; key0 < seen; key0 += KEYS) {
            uint32_t* const by_columns = P::PER_WORD == 1 ? v : nullptr;
            load_tile<P, DH, KEYS, Tiles::THREADS>(k, nullptr, head.key(a.k, a, key0), a.key_stride, a.keys - key0, a);
            load_tile<P, DH, KEYS, Tiles::THREADS>(by_columns, v, head.key(a.v, a, key0), a.key_stride, a.keys - key0, a);
            __syncthreads();
            FragmentC s[KEYS / MMA_COLUMNS] = {};
            add_mma_dots<P, DH>(q + warp_index() * MMA_ROWS * COLUMN_STRIDE<P, DH>, k, a, s);
            finish_scores(s, a, head, mine, key0);
            advance_rows(s, largest, sum, o);
            weigh_mma_rows<P, DH>(s, v, a, o);
            __syncthreads();
        }
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int64_t row = mine + lane_row() + 8 * half;
            const float total = lanes_sum<4>(sum[half]);
            if (row < a.queries) {
                store_mma_row<DH>(head.output(a.out, a, row), o, half, total == 0.0f ? 0.0f : 1.0f / total, a);
                if (lane_word() == 0) {
                    *head.row(a.lse, a, row) = total == 0.0f ? MINUS_INFINITY : (largest[half] + log2f(total)) * LN_2;
                }
            }
        }
        __syncthreads();
    }
}

// p = 2^(log2 weight - lse), from scores that are those of the forward pass bit by bit: scores of more precision would not fit its lse. A
// block takes 64 queries by 64 keys. Grid (tiles of queries * tiles of keys, 1, heads of all sequences and replicas).
template <class P, int DH, class Tiles>
__global__ void __launch_bounds__(Tiles::THREADS) attention_mma_probabilities_kernel(AttentionView a, View<float> p) {
    constexpr int ROWS = Tiles::ROWS;
    constexpr int KEYS = Tiles::TILE;
    EM_DYNAMIC_SHARED(uint32_t, shared);
    uint32_t* const q = shared;
    uint32_t* const k = q + BY_COLUMNS<P, DH, ROWS>;
    const int64_t key_tiles = ceil_div(a.keys, KEYS);
    const int64_t row_tile = quotient(blockIdx.x, key_tiles);
    const int64_t row0 = row_tile * ROWS;
    const int64_t key0 = (blockIdx.x - row_tile * key_tiles) * KEYS;
    for (int64_t task = blockIdx.z; task < a.replicas * a.batch * a.heads; task += gridDim.z) {
        const int64_t r = quotient(task, a.batch * a.heads);
        const int64_t head_index = task - r * a.batch * a.heads;
        const Head head(a, r, head_index);
        load_tile<P, DH, ROWS, Tiles::THREADS>(q, nullptr, head.query(a.q, a, row0), a.query_stride, a.queries - row0, a);
        load_tile<P, DH, KEYS, Tiles::THREADS>(k, nullptr, head.key(a.k, a, key0), a.key_stride, a.keys - key0, a);
        __syncthreads();
        FragmentC s[KEYS / MMA_COLUMNS] = {};
        add_mma_dots<P, DH>(q + warp_index() * MMA_ROWS * COLUMN_STRIDE<P, DH>, k, a, s);
        __syncthreads();
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int64_t row = row0 + warp_index() * MMA_ROWS + lane_row() + 8 * half;
            const float lse = row < a.queries ? *head.row(a.lse, a, row) * LOG2_E : 0.0f;
            const int seen = visible_keys(a, row, key0, KEYS);
            float* const to = p(r) + (head_index * a.queries + row) * a.keys + key0;
            weigh_row(a, head, row, key0, half, seen, s);
#pragma unroll
            for (int i = 0; i < KEYS / 4; ++i) {
                const int key = i / 2 * MMA_COLUMNS + 2 * lane_word() + i % 2;
                if (row < a.queries && key0 + key < a.keys) {
                    to[key] = probability(s[i / 2][2 * half + i % 2], lse);
                }
            }
        }
    }
}

template <class P, int DH, class Tiles>
void launch_forward(const CudaDevice& device, const AttentionView& a) {
    constexpr int v_words = P::PER_WORD == 1 ? BY_COLUMNS<P, DH, Tiles::TILE> : BY_ROWS<P, DH, Tiles::TILE>;
    constexpr int64_t words = BY_COLUMNS<P, DH, Tiles::ROWS> + BY_COLUMNS<P, DH, Tiles::TILE> + v_words;
    const int64_t tiles = ceil_div(a.queries, Tiles::ROWS);
    EM_LAUNCH(device, (attention_mma_forward_kernel<P, DH, Tiles>),
              Shape{grid_of(tiles * a.batch * a.heads, 1, a.replicas), dim3(Tiles::THREADS), 4 * words}, a);
}

}  // namespace

void attention_mma(CudaDevice& device, const AttentionView& a) {
    dispatch_mma(device, a.head_dim, [&](auto precision, auto width) {
        using P = decltype(precision);
        constexpr int DH = decltype(width)::value;
        const int64_t longest = a.keys > a.queries ? a.keys : a.queries;
        if (longest <= 16) {
            launch_forward<P, DH, MmaTiles<1, 16>>(device, a);
        } else if (longest <= 32) {
            launch_forward<P, DH, MmaTiles<2, 32>>(device, a);
        } else {
            launch_forward<P, DH, MmaTiles<4, DH == 128 ? 32 : 64>>(device, a);
        }
    });
}

void attention_mma_probabilities(CudaDevice& device, const AttentionView& a, const View<float>& p) {
    dispatch_mma(device, a.head_dim, [&](auto precision, auto width) {
        using P = decltype(precision);
        constexpr int DH = decltype(width)::value;
        using Tiles = MmaTiles<4, 64>;
        constexpr int64_t words = BY_COLUMNS<P, DH, Tiles::ROWS> + BY_COLUMNS<P, DH, Tiles::TILE>;
        const int64_t tiles = ceil_div(a.queries, Tiles::ROWS) * ceil_div(a.keys, Tiles::TILE);
        EM_LAUNCH(device, (attention_mma_probabilities_kernel<P, DH, Tiles>),
                  Shape{grid_of(tiles, 1, a.replicas * a.batch * a.heads), dim3(Tiles::THREADS), 4 * words}, a, p);
    });
}

}  // namespace em

// attention_backward.cu on tensor cores: dS = P (dO V^T - delta), dQ = scale dS K, dK = scale dS^T Q, dV = P^T dO with Q, K, V, O, dO, P
// and dS rounded to tf32 or bf16, products summed and all else computed in float32. Two launches without atomics, as there: 14 Lq Lk Dh
// operations a head, and 2 Lq Dh 16 for delta, which comes from the tensor cores too: where one weight is 1, O is that key's value as
// rounded, and dO V^T - delta is 0 rather than a rounding error, which a large score would multiply.
#include "cuda/attention_mma.h"

namespace em {
namespace {

// dQ of 16 queries a warp, and their delta. Grid (tiles of queries * batch * heads, 1, replicas).
template <class P, int DH, class Tiles>
__global__ void __launch_bounds__(Tiles::THREADS) attention_mma_query_gradient_kernel(AttentionView a, AttentionGradients g) {
    constexpr int ROWS = Tiles::ROWS;
    constexpr int KEYS = Tiles::TILE;
    constexpr int N = KEYS / MMA_COLUMNS;
    static_assert(ROWS <= 2 * KEYS, "the rows of O pass through the tiles of K and V");
    EM_DYNAMIC_SHARED(uint32_t, shared);
    uint32_t* const q = shared;
    uint32_t* const d_out = q + BY_COLUMNS<P, DH, ROWS>;
    uint32_t* const k = d_out + BY_COLUMNS<P, DH, ROWS>;
    uint32_t* const v = k + BY_COLUMNS<P, DH, KEYS>;
    uint32_t* const k_rows = P::PER_WORD == 1 ? k : v + BY_COLUMNS<P, DH, KEYS>;
    const int warp_rows = warp_index() * MMA_ROWS * COLUMN_STRIDE<P, DH>;
    const int64_t tiles = ceil_div(a.queries, ROWS);
    const int64_t head_index = quotient(blockIdx.x, tiles);
    const int64_t row0 = (tiles - 1 - (blockIdx.x - head_index * tiles)) * ROWS;
    const int64_t seen = a.causal && row0 + ROWS + a.keys - a.queries < a.keys ? row0 + ROWS + a.keys - a.queries : a.keys;
    const int64_t mine = row0 + warp_index() * MMA_ROWS + lane_row();
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, head_index);
        const int64_t queries = a.queries - row0;
        load_tile<P, DH, ROWS, Tiles::THREADS>(q, nullptr, head.query(a.q, a, row0), a.query_stride, queries, a);
        load_tile<P, DH, ROWS, Tiles::THREADS>(d_out, nullptr, head.output(g.d_out, a, row0), a.output_stride, queries, a);
        load_tile<P, DH, ROWS, Tiles::THREADS>(k, nullptr, head.output(a.out, a, row0), a.output_stride, queries, a);
        __syncthreads();
        float delta[2];
        row_deltas<P, DH>(d_out + warp_rows, k + warp_rows, a, delta);
        float lse[2];
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int64_t row = mine + 8 * half;
            lse[half] = row < a.queries ? *head.row(a.lse, a, row) * LOG2_E : 0.0f;
            if (row < a.queries && lane_word() == 0) {
                *head.row(g.delta, a, row) = delta[half];
            }
        }
        __syncthreads();
        FragmentC d_q[DH / MMA_COLUMNS] = {};
        for (int64_t key0 = 0; key0 < seen; key0 += KEYS) {
            load_tile<P, DH, KEYS, Tiles::THREADS>(k, k_rows, head.key(a.k, a, key0), a.key_stride, a.keys - key0, a);
            load_tile<P, DH, KEYS, Tiles::THREADS>(v, nullptr, head.key(a.v, a, key0), a.key_stride, a.keys - key0, a);
            __syncthreads();
            FragmentC s[N] = {};
            FragmentC d_p[N] = {};
            add_mma_dots<P, DH>(q + warp_rows, k, a, s);
            add_mma_dots<P, DH>(d_out + warp_rows, v, a, d_p);
#pragma unroll
            for (int half = 0; half < 2; ++half) {
                const int64_t row = mine + 8 * half;
                weigh_row(a, head, row, key0, half, visible_keys(a, row, key0, KEYS), s);
#pragma unroll
                for (int i = 0; i < 2 * N; ++i) {
                    float& x = s[i / 2][2 * half + i % 2];
                    const float p = probability(x, lse[half]);
                    x = p == 0.0f ? 0.0f : p * (d_p[i / 2][2 * half + i % 2] - delta[half]);
                }
            }
            weigh_mma_rows<P, DH>(s, k_rows, a, d_q);
            __syncthreads();
        }
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            if (mine + 8 * half < a.queries) {
                store_mma_row<DH>(head.query(g.d_q, a, mine + 8 * half), d_q, half, a.scale, a);
            }
        }
        __syncthreads();
    }
}

// Fills lse (in units of ln 2) and delta of a tile of queries; zeros where there are none.
template <int ROWS, int THREADS>
EM_DEVICE void load_rows(float* lse, float* delta, const AttentionView& a, const AttentionGradients& g, const Head& head, int64_t row0) {
    for (int i = static_cast<int>(threadIdx.x); i < ROWS; i += THREADS) {
        const bool present = row0 + i < a.queries;
        lse[i] = present ? *head.row(a.lse, a, row0 + i) * LOG2_E : 0.0f;
        delta[i] = present ? *head.row(g.delta, a, row0 + i) : 0.0f;
    }
}

// dK and dV of 16 keys a warp, which stand where the queries stood. Grid (tiles of keys * batch * heads, 1, replicas).
template <class P, int DH, class Tiles>
__global__ void __launch_bounds__(Tiles::THREADS) attention_mma_key_gradient_kernel(AttentionView a, AttentionGradients g) {
    constexpr int KEYS = Tiles::ROWS;
    constexpr int ROWS = Tiles::TILE;
    constexpr int N = ROWS / MMA_COLUMNS;
    EM_DYNAMIC_SHARED(uint32_t, shared);
    uint32_t* const k = shared;
    uint32_t* const v = k + BY_COLUMNS<P, DH, KEYS>;
    uint32_t* const q = v + BY_COLUMNS<P, DH, KEYS>;
    uint32_t* const d_out = q + BY_COLUMNS<P, DH, ROWS>;
    uint32_t* const q_rows = P::PER_WORD == 1 ? q : d_out + BY_COLUMNS<P, DH, ROWS>;
    uint32_t* const d_out_rows = P::PER_WORD == 1 ? d_out : q_rows + BY_ROWS<P, DH, ROWS>;
    EM_SHARED(float, lse, [ROWS]);
    EM_SHARED(float, delta, [ROWS]);
    const int warp_rows = warp_index() * MMA_ROWS * COLUMN_STRIDE<P, DH>;
    const int64_t tiles = ceil_div(a.keys, KEYS);
    const int64_t head_index = quotient(blockIdx.x, tiles);
    // The first keys first: under a causal mask most queries see them.
    const int64_t key0 = (blockIdx.x - head_index * tiles) * KEYS;
    const int64_t first = a.causal && key0 > a.keys - a.queries ? (key0 - (a.keys - a.queries)) / ROWS * ROWS : 0;
    const int mine = warp_index() * MMA_ROWS + lane_row();
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, head_index);
        load_tile<P, DH, KEYS, Tiles::THREADS>(k, nullptr, head.key(a.k, a, key0), a.key_stride, a.keys - key0, a);
        load_tile<P, DH, KEYS, Tiles::THREADS>(v, nullptr, head.key(a.v, a, key0), a.key_stride, a.keys - key0, a);
        FragmentC d_k[DH / MMA_COLUMNS] = {};
        FragmentC d_v[DH / MMA_COLUMNS] = {};
        for (int64_t row0 = first; row0 < a.queries; row0 += ROWS) {
            const int64_t queries = a.queries - row0;
            load_tile<P, DH, ROWS, Tiles::THREADS>(q, q_rows, head.query(a.q, a, row0), a.query_stride, queries, a);
            load_tile<P, DH, ROWS, Tiles::THREADS>(d_out, d_out_rows, head.output(g.d_out, a, row0), a.output_stride, queries, a);
            load_rows<ROWS, Tiles::THREADS>(lse, delta, a, g, head, row0);
            __syncthreads();
            FragmentC p[N] = {};
            add_mma_dots<P, DH>(k + warp_rows, q, a, p);
            weigh_keys<KEYS>(a, head, row0, key0, mine, lse, p);
            weigh_mma_rows<P, DH>(p, d_out_rows, a, d_v);
            FragmentC d_p[N] = {};
            add_mma_dots<P, DH>(v + warp_rows, d_out, a, d_p);
            score_gradients(delta, d_p, p);
            weigh_mma_rows<P, DH>(p, q_rows, a, d_k);
            __syncthreads();
        }
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int64_t key = key0 + mine + 8 * half;
            if (key < a.keys) {
                store_mma_row<DH>(head.key(g.d_k, a, key), d_k, half, a.scale, a);
                store_mma_row<DH>(head.key(g.d_v, a, key), d_v, half, 1.0f, a);
            }
        }
        __syncthreads();
    }
}

template <class P, int DH, class Tiles>
void launch_backward(const CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    constexpr int64_t both = 2 * (BY_COLUMNS<P, DH, Tiles::ROWS> + BY_COLUMNS<P, DH, Tiles::TILE>);
    constexpr int64_t other = BY_ROWS<P, DH, Tiles::TILE>;
    const auto shape = [&](int64_t rows, int64_t words) {
        return Shape{grid_of(ceil_div(rows, Tiles::ROWS) * a.batch * a.heads, 1, a.replicas), dim3(Tiles::THREADS), 4 * words};
    };
    EM_LAUNCH(device, (attention_mma_query_gradient_kernel<P, DH, Tiles>), shape(a.queries, both + other), a, g);
    EM_LAUNCH(device, (attention_mma_key_gradient_kernel<P, DH, Tiles>), shape(a.keys, both + 2 * other), a, g);
}

}  // namespace

// Of shorter sequences one block takes a head.
void attention_mma_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    dispatch_mma(device, a.head_dim, [&](auto precision, auto width) {
        using P = decltype(precision);
        constexpr int DH = decltype(width)::value;
        // Four tiles of tf32 by 128 columns must fit in the 99 KiB of compute capability 8.6.
        constexpr bool WIDE = DH == 128 && P::PER_WORD == 1;
        launch_backward<P, DH, MmaTiles<WIDE ? 2 : 4, DH == 128 ? 32 : 64>>(device, a, g);
    });
}

}  // namespace em

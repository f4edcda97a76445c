// attention_head_backward.cu on tensor cores: the gradients of attention of short sequences in one launch, a block for all of a head, with
// operands rounded as in attention_mma_backward.h. 10 Lq Lk Dh operations a head in place of 14.
//
// A warp takes 16 keys of a tile; its P and dS stay in registers for dV and dK. For dQ the warps leave dS in shared memory, a row for each
// query, and each takes 16 queries of the tile.
#include "cuda/attention_mma.h"

namespace em {
namespace {

// Of a multiprocessor, for which registers are kept.
constexpr int BLOCKS = 3;

template <class P, int DH, int W>
struct HeadTiles {
    static constexpr int THREADS = W * WARP;
    static constexpr int TILE = W * MMA_ROWS;  // keys, and queries
    static constexpr int64_t COLUMNS = BY_COLUMNS<P, DH, TILE>;
    static constexpr int64_t ROWS = BY_ROWS<P, DH, TILE>;
    // dS takes the place of the rows of O, which are read first.
    static constexpr int64_t SCORES = larger(COLUMNS, BY_COLUMNS<P, TILE, TILE>);
    static constexpr int64_t WORDS = 4 * COLUMNS + 3 * ROWS + SCORES;
};

// Writes what a warp holds of 16 keys and all queries of a tile to a tile of queries by columns, in the order in which weigh_mma_words
// contracts them. `to`: the first query's, the warp's first key.
template <class P, int TILE>
EM_DEVICE void keep_across(uint32_t* to, const FragmentC (&values)[TILE / MMA_COLUMNS]) {
    constexpr int STRIDE = COLUMN_STRIDE<P, TILE>;
#pragma unroll
    for (int n = 0; n < TILE / MMA_COLUMNS; ++n) {
        uint32_t* const first = to + (n * MMA_COLUMNS + 2 * lane_word()) * STRIDE;
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            if constexpr (P::PER_WORD == 1) {
                const int at = half * MMA_ROWS / 2 + lane_row() / 2 + 4 * (lane_row() % 2);
                first[at] = P::word(values[n][2 * half]);
                first[STRIDE + at] = P::word(values[n][2 * half + 1]);
            } else {
                const uint32_t both = P::word(values[n][2 * half], values[n][2 * half + 1]);
                const int at = half * MMA_ROWS / 2 + lane_row();
                reinterpret_cast<uint16_t*>(first)[at] = static_cast<uint16_t>(both);
                reinterpret_cast<uint16_t*>(first + STRIDE)[at] = static_cast<uint16_t>(both >> 16);
            }
        }
    }
}

// lse and delta of the warp's 16 queries. delta comes with the first tile of keys; the same lane reads it for the others.
template <class P, int DH, int TILE>
EM_DEVICE void keep_row_numbers(RowNumbers<TILE>& numbers, const uint32_t* d_out, const uint32_t* out, bool first, const AttentionView& a,
                                const AttentionGradients& g, const Head& head, int64_t row0) {
    float delta[2] = {};
    if (first) {
        row_deltas<P, DH>(d_out, out, a, delta);
    }
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        const int at = warp_index() * MMA_ROWS + lane_row() + 8 * half;
        const int64_t row = row0 + at;
        if (lane_word() == 0) {
            const bool present = row < a.queries;
            if (present && first) {
                *head.row(g.delta, a, row) = delta[half];
            } else if (present) {
                delta[half] = *head.row(g.delta, a, row);
            }
            numbers.lse[at] = present ? *head.row(a.lse, a, row) * LOG2_E : 0.0f;
            numbers.delta[at] = delta[half];
        }
    }
}

// dQ of the warp's 16 queries from their dS of `count` keys, more where other keys came before.
template <class P, int DH, int TILE>
EM_DEVICE void add_query_gradients(const uint32_t* d_s, const uint32_t* k_rows, int count, bool first, const AttentionView& a,
                                   const AttentionGradients& g, const Head& head, int64_t row0) {
    constexpr int STRIDE = COLUMN_STRIDE<P, TILE>;
    FragmentC d_q[DH / MMA_COLUMNS] = {};
    const uint32_t* const from = d_s + lane_row() * STRIDE + lane_word();
#pragma unroll
    for (int word = 0; word < TILE / P::PER_WORD; word += MMA_WORDS) {
        if (word * P::PER_WORD >= count) {
            break;
        }
        const FragmentA left = {from[word], from[8 * STRIDE + word], from[word + 4], from[8 * STRIDE + word + 4]};
        weigh_mma_words<P, DH>(left, k_rows + word * ROW_STRIDE<P, DH>, a, d_q);
    }
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        const int64_t row = row0 + lane_row() + 8 * half;
        if (row < a.queries) {
            float* const to = head.query(g.d_q, a, row);
#pragma unroll
            for (int i = 0; i < DH / 4; ++i) {
                const int column = i / 2 * MMA_COLUMNS + 2 * lane_word() + i % 2;
                float& x = d_q[i / 2][2 * half + i % 2];
                x = a.scale * x + (!first && column < a.head_dim ? to[column] : 0.0f);
            }
            store_mma_row<DH>(to, d_q, half, 1.0f, a);
        }
    }
}

// Grid (batch * heads, 1, replicas).
template <class P, int DH, int W>
__global__ void __launch_bounds__(W* WARP, BLOCKS) attention_mma_head_gradient_kernel(AttentionView a, AttentionGradients g) {
    using Tiles = HeadTiles<P, DH, W>;
    constexpr int TILE = Tiles::TILE;
    constexpr int THREADS = Tiles::THREADS;
    constexpr int N = TILE / MMA_COLUMNS;
    EM_DYNAMIC_SHARED(uint32_t, shared);
    uint32_t* const k = shared;
    uint32_t* const v = k + Tiles::COLUMNS;
    uint32_t* const q = v + Tiles::COLUMNS;
    uint32_t* const d_out = q + Tiles::COLUMNS;
    uint32_t* const scores = d_out + Tiles::COLUMNS;
    uint32_t* const k_rows = P::PER_WORD == 1 ? k : scores + Tiles::SCORES;
    uint32_t* const q_rows = P::PER_WORD == 1 ? q : k_rows + Tiles::ROWS;
    uint32_t* const d_out_rows = P::PER_WORD == 1 ? d_out : q_rows + Tiles::ROWS;
    EM_SHARED(RowNumbers<TILE>, numbers, [1]);
    const int warp_rows = warp_index() * MMA_ROWS * COLUMN_STRIDE<P, DH>;
    const int mine = warp_index() * MMA_ROWS + lane_row();
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, blockIdx.x);
        for (int key0 = 0; key0 < a.keys; key0 += TILE) {
            const bool first = key0 == 0;
            load_tile<P, DH, TILE, THREADS>(k, k_rows, head.key(a.k, a, key0), a.key_stride, a.keys - key0, a);
            load_tile<P, DH, TILE, THREADS>(v, nullptr, head.key(a.v, a, key0), a.key_stride, a.keys - key0, a);
            FragmentC d_k[DH / MMA_COLUMNS] = {};
            FragmentC d_v[DH / MMA_COLUMNS] = {};
            // Every row gets its dQ with the first keys, though it may see none of them.
            const int hidden = a.causal && !first ? key0 - static_cast<int>(a.keys - a.queries) : 0;
            for (int row0 = hidden > 0 ? hidden / TILE * TILE : 0; row0 < a.queries; row0 += TILE) {
                const int64_t queries = a.queries - row0;
                load_tile<P, DH, TILE, THREADS>(q, q_rows, head.query(a.q, a, row0), a.query_stride, queries, a);
                load_tile<P, DH, TILE, THREADS>(d_out, d_out_rows, head.output(g.d_out, a, row0), a.output_stride, queries, a);
                if (first) {
                    load_tile<P, DH, TILE, THREADS>(scores, nullptr, head.output(a.out, a, row0), a.output_stride, queries, a);
                }
                __syncthreads();
                keep_row_numbers<P, DH>(numbers[0], d_out + warp_rows, scores + warp_rows, first, a, g, head, row0);
                FragmentC p[N] = {};
                add_mma_dots<P, DH>(k + warp_rows, q, a, p);
                __syncthreads();
                weigh_keys<TILE>(a, head, row0, key0, mine, numbers[0].lse, p);
                weigh_mma_rows<P, DH>(p, d_out_rows, a, d_v);
                FragmentC d_p[N] = {};
                add_mma_dots<P, DH>(v + warp_rows, d_out, a, d_p);
                score_gradients(numbers[0].delta, d_p, p);
                keep_across<P, TILE>(scores + warp_index() * MMA_ROWS / P::PER_WORD, p);
                weigh_mma_rows<P, DH>(p, q_rows, a, d_k);
                __syncthreads();
                // The last query of the tile sees most keys.
                const int64_t last = (queries < TILE ? a.queries : row0 + TILE) - 1;
                add_query_gradients<P, DH, TILE>(scores + warp_index() * MMA_ROWS * COLUMN_STRIDE<P, TILE>, k_rows,
                                                 visible_keys(a, last, key0, TILE), first, a, g, head, row0 + warp_index() * MMA_ROWS);
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
        }
    }
}

template <class P, int DH, int W>
void launch_head(const CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    using Tiles = HeadTiles<P, DH, W>;
    EM_LAUNCH(device, (attention_mma_head_gradient_kernel<P, DH, W>),
              Shape{grid_of(a.batch * a.heads, 1, a.replicas), dim3(Tiles::THREADS), 4 * Tiles::WORDS}, a, g);
}

}  // namespace

void attention_mma_head_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    dispatch_mma(device, a.head_dim, [&](auto precision, auto width) {
        using P = decltype(precision);
        constexpr int DH = decltype(width)::value;
        if (longest(a) <= 16) {
            launch_head<P, DH, 1>(device, a, g);
        } else {
            launch_head<P, DH, 2>(device, a, g);
        }
    });
}

}  // namespace em

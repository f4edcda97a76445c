// What the attention kernels on tensor cores share. A warp takes 16 rows (queries, or keys in the gradients of keys and values); scores
// stay in its registers, where the result of one product is the left operand of the next.
//
// Tiles in shared memory hold words of P, Tf32 or Bf16, in two forms. By columns: [row][word of the head], for products that contract
// over the head. By rows: for products that contract over the rows; of bf16 [pair of rows][column], of tf32 the same tile as by columns.
// The paddings let the 32 words of a fragment lie in 32 banks.
#pragma once
#include "cuda/attention.h"
#include "cuda/tensor_core.h"

namespace em {

template <class P, int DH>
constexpr int COLUMN_STRIDE = DH / P::PER_WORD + 4;
template <class P, int DH>
constexpr int ROW_STRIDE = P::PER_WORD == 1 ? COLUMN_STRIDE<P, DH> : DH + 8;

// Words of a tile of ROWS; by rows besides, where that is another tile.
template <class P, int DH, int ROWS>
constexpr int BY_COLUMNS = ROWS* COLUMN_STRIDE<P, DH>;
template <class P, int DH, int ROWS>
constexpr int BY_ROWS = P::PER_WORD == 1 ? 0 : ROWS / 2 * ROW_STRIDE<P, DH>;

EM_DEVICE int lane_row() { return lane_index() / 4; }
EM_DEVICE int lane_word() { return lane_index() % 4; }

// Columns column .. column + 3 of a row of a head; zero where there are none.
EM_DEVICE float4 head_four(const float* row, int column, bool present, const AttentionView& a) {
    float4 four = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    if (present && a.fours && column < a.head_dim) {
        four = *reinterpret_cast<const float4*>(row + column);
    } else if (present && !a.fours) {
        four.x = column < a.head_dim ? row[column] : 0.0f;
        four.y = column + 1 < a.head_dim ? row[column + 1] : 0.0f;
        four.z = column + 2 < a.head_dim ? row[column + 2] : 0.0f;
        four.w = column + 3 < a.head_dim ? row[column + 3] : 0.0f;
    }
    return four;
}

template <class P>
EM_DEVICE void keep_by_columns(uint32_t* row, int column, const float4& four) {
    if constexpr (P::PER_WORD == 1) {
        *reinterpret_cast<uint4*>(row + column) = make_uint4(P::word(four.x), P::word(four.y), P::word(four.z), P::word(four.w));
    } else {
        *reinterpret_cast<uint2*>(row + column / 2) = make_uint2(P::word(four.x, four.y), P::word(four.z, four.w));
    }
}

// Fills tiles of ROWS rows by DH columns from rows 0 .. count - 1 of a head; null: that form is not wanted.
template <class P, int DH, int ROWS, int THREADS>
EM_DEVICE void load_tile(uint32_t* by_columns, uint32_t* by_rows, const float* from, int64_t stride, int64_t count,
                         const AttentionView& a) {
    constexpr int FOURS = DH / 4;
    for (int i = static_cast<int>(threadIdx.x); i < ROWS / 2 * FOURS; i += THREADS) {
        const int row = i / FOURS * 2;
        const int column = i % FOURS * 4;
        const float4 first = head_four(from + row * stride, column, row < count, a);
        const float4 second = head_four(from + (row + 1) * stride, column, row + 1 < count, a);
        if (by_columns != nullptr) {
            keep_by_columns<P>(by_columns + row * COLUMN_STRIDE<P, DH>, column, first);
            keep_by_columns<P>(by_columns + (row + 1) * COLUMN_STRIDE<P, DH>, column, second);
        }
        if constexpr (P::PER_WORD == 2) {
            if (by_rows != nullptr) {
                *reinterpret_cast<uint4*>(by_rows + row / 2 * ROW_STRIDE<P, DH> + column) = make_uint4(
                    P::word(first.x, second.x), P::word(first.y, second.y), P::word(first.z, second.z), P::word(first.w, second.w));
            }
        }
    }
}

// dots[n] += the 16 rows of a tile at `left` times rows 8 n .. 8 n + 7 of a tile at `right`, over the columns of the head; both by
// columns. Every dot product adds up in the same order.
template <class P, int DH, int N>
EM_DEVICE void add_mma_dots(const uint32_t* left, const uint32_t* right, const AttentionView& a, FragmentC (&dots)[N]) {
    const uint32_t* const from_a = left + lane_row() * COLUMN_STRIDE<P, DH> + lane_word();
    const uint32_t* const from_b = right + lane_row() * COLUMN_STRIDE<P, DH> + lane_word();
#pragma unroll
    for (int word = 0; word < DH / P::PER_WORD; word += MMA_WORDS) {
        if (word * P::PER_WORD >= a.head_dim) {
            break;
        }
        const FragmentA rows = {from_a[word], from_a[8 * COLUMN_STRIDE<P, DH> + word], from_a[word + 4],
                                from_a[8 * COLUMN_STRIDE<P, DH> + word + 4]};
#pragma unroll
        for (int n = 0; n < N; ++n) {
            const uint32_t* const at = from_b + n * MMA_COLUMNS * COLUMN_STRIDE<P, DH> + word;
            const FragmentB columns = {at[0], at[4]};
            P::multiply(dots[n], rows, columns);
        }
    }
}

// sums[d] += weights (16, 8 words) times columns 8 d .. 8 d + 7 of those rows of a tile by rows. Of tf32 the rows are contracted in the
// order 0 2 4 6 1 3 5 7: so the weights lie as results of products do, and no lane needs another's.
template <class P, int DH>
EM_DEVICE void weigh_mma_words(const FragmentA& weights, const uint32_t* rows, const AttentionView& a, FragmentC (&sums)[DH / 8]) {
    const uint32_t* const from = rows + (P::PER_WORD == 1 ? 2 : 1) * lane_word() * ROW_STRIDE<P, DH> + lane_row();
    constexpr int SECOND = (P::PER_WORD == 1 ? 1 : 4) * ROW_STRIDE<P, DH>;
#pragma unroll
    for (int d = 0; d < DH / MMA_COLUMNS; ++d) {
        if (d * MMA_COLUMNS >= a.head_dim) {
            break;
        }
        const FragmentB right = {from[d * MMA_COLUMNS], from[d * MMA_COLUMNS + SECOND]};
        P::multiply(sums[d], weights, right);
    }
}

// Columns 8 n .. 8 n + 7 of results of products, of bf16 8 n .. 8 n + 15, as the left operand of the next product. OPERAND: by P::operand
// of tf32, else by P::word.
template <class P, bool OPERAND, int N>
EM_DEVICE void left_of(const FragmentC (&results)[N], int n, FragmentA& left) {
    if constexpr (P::PER_WORD == 1) {
        const auto word = [](float x) { return OPERAND ? P::operand(x) : P::word(x); };
        left[0] = word(results[n][0]);
        left[1] = word(results[n][2]);
        left[2] = word(results[n][1]);
        left[3] = word(results[n][3]);
    } else {
        left[0] = P::word(results[n][0], results[n][1]);
        left[1] = P::word(results[n][2], results[n][3]);
        left[2] = P::word(results[n + 1][0], results[n + 1][1]);
        left[3] = P::word(results[n + 1][2], results[n + 1][3]);
    }
}

// sums[d] += weights (16, 8 N), which lie as results of products do, times columns 8 d .. 8 d + 7 of the 8 N rows of a tile by rows.
template <class P, int DH, int N>
EM_DEVICE void weigh_mma_rows(const FragmentC (&weights)[N], const uint32_t* rows, const AttentionView& a, FragmentC (&sums)[DH / 8]) {
#pragma unroll
    for (int step = 0; step < N / P::PER_WORD; ++step) {
        FragmentA left;
        left_of<P, false>(weights, step * P::PER_WORD, left);
        weigh_mma_words<P, DH>(left, rows + step * MMA_WORDS * ROW_STRIDE<P, DH>, a, sums);
    }
}

// dO O of the lane's two rows. d_out, out: the warp's 16 rows, by columns.
template <class P, int DH>
EM_DEVICE void row_deltas(const uint32_t* d_out, const uint32_t* out, const AttentionView& a, float (&delta)[2]) {
    FragmentC dots[2] = {};
    add_mma_dots<P, DH>(d_out, out, a, dots);
    // Of dots[half] the lane with row g and column 2 t or 2 t + 1 equal to g holds the diagonal.
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        const float own = lane_row() % 2 == 0 ? dots[half][2 * half] : dots[half][2 * half + 1];
        delta[half] = __shfl_sync(ALL_LANES, own, 4 * lane_row() + lane_row() / 2);
    }
}

// Dot products of query `row`, which are the lane's of one half, become log2 weights; those of keys from `seen` on -inf.
template <int N>
EM_DEVICE void weigh_row(const AttentionView& a, const Head& head, int64_t row, int64_t key0, int half, int seen, FragmentC (&s)[N]) {
#pragma unroll
    for (int i = 0; i < 2 * N; ++i) {
        const int key = i / 2 * MMA_COLUMNS + 2 * lane_word() + i % 2;
        float& score = s[i / 2][2 * half + i % 2];
        score = key < seen ? log2_weight(score, a, head, row, key0 + key) : MINUS_INFINITY;
    }
    if (a.listed_count == 0 || row >= a.queries) {
        return;
    }
    each_listed(a, head, row, [&](int32_t key, float strength) {
        const int64_t mine = key - key0 - 2 * lane_word();
#pragma unroll
        for (int i = 0; i < 2 * N; ++i) {
            s[i / 2][2 * half + i % 2] += mine == i / 2 * MMA_COLUMNS + i % 2 ? strength : 0.0f;
        }
    });
}

// P of dot products of keys, of which the lane's first is `mine` of the tile, and queries, whose lse is in units of ln 2.
template <int KEYS, int N>
EM_DEVICE void weigh_keys(const AttentionView& a, const Head& head, int64_t row0, int64_t key0, int mine, const float* lse,
                          FragmentC (&p)[N]) {
#pragma unroll
    for (int i = 0; i < 2 * N; ++i) {
        const int column = i / 2 * MMA_COLUMNS + 2 * lane_word() + i % 2;
        const int64_t row = row0 + column;
        const int visible = visible_keys(a, row, key0, KEYS);
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            float& x = p[i / 2][2 * half + i % 2];
            const int key = mine + 8 * half;
            x = key < visible ? log2_weight(x, a, head, row, key0 + key) : MINUS_INFINITY;
        }
        if (a.listed_count > 0 && row < a.queries) {
            each_listed(a, head, row, [&](int32_t key, float strength) {
                p[i / 2][i % 2] += key - key0 == mine ? strength : 0.0f;
                p[i / 2][2 + i % 2] += key - key0 == mine + 8 ? strength : 0.0f;
            });
        }
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            float& x = p[i / 2][2 * half + i % 2];
            x = probability(x, lse[column]);
        }
    }
}

// P, of keys and queries, becomes dS = P (dots - delta), with dots V dO^T.
template <int N>
EM_DEVICE void score_gradients(const float* delta, const FragmentC (&dots)[N], FragmentC (&p)[N]) {
#pragma unroll
    for (int n = 0; n < N; ++n) {
#pragma unroll
        for (int e = 0; e < 4; ++e) {
            p[n][e] = p[n][e] == 0.0f ? 0.0f : p[n][e] * (dots[n][e] - delta[n * MMA_COLUMNS + 2 * lane_word() + e % 2]);
        }
    }
}

// to[column] = factor values for the columns that the head has; `half` 0: the lane's first row, 1: its second.
template <int DH>
EM_DEVICE void store_mma_row(float* to, const FragmentC (&values)[DH / 8], int half, float factor, const AttentionView& a) {
#pragma unroll
    for (int d = 0; d < DH / MMA_COLUMNS; ++d) {
        const int column = d * MMA_COLUMNS + 2 * lane_word();
        const float first = factor * values[d][2 * half];
        const float second = factor * values[d][2 * half + 1];
        if (a.fours && column < a.head_dim) {
            store_wide(to + column, make_float2(first, second));
        } else if (!a.fours) {
            if (column < a.head_dim) {
                to[column] = first;
            }
            if (column + 1 < a.head_dim) {
                to[column + 1] = second;
            }
        }
    }
}

// The sizes of tiles. A block has WARPS warps, each with 16 rows, and passes over tiles of TILE others.
template <int W, int T>
struct MmaTiles {
    static constexpr int WARPS = W;
    static constexpr int THREADS = W * WARP;
    static constexpr int ROWS = W * MMA_ROWS;
    static constexpr int TILE = T;
};

// Calls body with the precision and the head's width.
template <class Body>
void dispatch_mma(const CudaDevice& device, int64_t head_dim, Body&& body) {
    dispatch_head_dim(head_dim, [&](auto width) {
        if (device.arithmetic() == EM_TF32) {
            body(Tf32(), width);
        } else {
            body(Bf16(), width);
        }
    });
}

}  // namespace em

// The tiles of attention by fused multiply-adds: rows of heads and scores in shared memory, and the products of two tiles.
//
// A block has 128 threads, seen as 8 by 16 (ty, tx). Of a tile of 8 I rows by 16 J columns thread (ty, tx) holds rows ty + 8 i and
// columns tx + 16 j. Rows of a warp are its own: what a warp writes of them to shared memory only its lanes read.
#pragma once
#include "cuda/attention.h"

namespace em {

constexpr int TILE_THREADS = 128;
constexpr int TILE_Y = 8;
constexpr int TILE_X = 16;

// Floats between rows of a tile of head parts: 16-byte reads of 8 neighbouring rows touch all banks once.
template <int DH>
constexpr int HEAD_ROW = DH + 4;
// Floats between rows of a tile of scores: the two rows that a warp writes at once lie in different halves of the banks.
template <int COLUMNS>
constexpr int SCORE_ROW = COLUMNS + 16;

EM_DEVICE int tile_x() { return static_cast<int>(threadIdx.x) % TILE_X; }
EM_DEVICE int tile_y() { return static_cast<int>(threadIdx.x) / TILE_X; }

// to[row][0..DH) = from[row * stride + 0..head_dim) for row < rows, zero elsewhere in ROWS by DH.
template <int DH, int ROWS>
EM_DEVICE void load_head_rows(float* to, const float* from, int64_t stride, int64_t rows, const AttentionView& a) {
    const int head_dim = static_cast<int>(a.head_dim);
    if (a.fours) {
        for (int i = static_cast<int>(threadIdx.x); i < ROWS * (DH / 4); i += TILE_THREADS) {
            const int row = i / (DH / 4);
            const int column = i % (DH / 4) * 4;
            float4 four = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
            if (row < rows && column < head_dim) {
                four = *reinterpret_cast<const float4*>(from + row * stride + column);
            }
            *reinterpret_cast<float4*>(to + row * HEAD_ROW<DH> + column) = four;
        }
    } else {
        for (int i = static_cast<int>(threadIdx.x); i < ROWS * DH; i += TILE_THREADS) {
            const int row = i / DH;
            const int column = i % DH;
            to[row * HEAD_ROW<DH> + column] = row < rows && column < head_dim ? from[row * stride + column] : 0.0f;
        }
    }
}

// products[i][j] += sum over d < dims of a[ty + 8 i][d] b[tx + 16 j][d]; dims a multiple of 4.
template <int DH, int I, int J>
EM_DEVICE void add_dots(const float* a, const float* b, int dims, float (&products)[I][J]) {
#pragma unroll 1
    for (int d = 0; d < dims; d += 4) {
        float4 right[J];
#pragma unroll
        for (int j = 0; j < J; ++j) {
            right[j] = *reinterpret_cast<const float4*>(b + (tile_x() + TILE_X * j) * HEAD_ROW<DH> + d);
        }
#pragma unroll
        for (int i = 0; i < I; ++i) {
            const float4 left = *reinterpret_cast<const float4*>(a + (tile_y() + TILE_Y * i) * HEAD_ROW<DH> + d);
#pragma unroll
            for (int j = 0; j < J; ++j) {
                products[i][j] = fmaf(left.x, right[j].x, products[i][j]);
                products[i][j] = fmaf(left.y, right[j].y, products[i][j]);
                products[i][j] = fmaf(left.z, right[j].z, products[i][j]);
                products[i][j] = fmaf(left.w, right[j].w, products[i][j]);
            }
        }
    }
}

// Columns of a head that a thread holds: 2 neighbours from 2 tx for 32, 4 from 4 tx for 64, and 4 from 64 + 4 tx besides for 128.
template <int DH>
struct HeadColumns {
    static constexpr int COUNT = DH / TILE_X;
    static constexpr int NEIGHBOURS = COUNT < 4 ? COUNT : 4;

    EM_DEVICE static int column(int c) { return c / NEIGHBOURS * (TILE_X * NEIGHBOURS) + tile_x() * NEIGHBOURS + c % NEIGHBOURS; }
    EM_DEVICE static void load(const float* row, float (&values)[COUNT]) {
#pragma unroll
        for (int c = 0; c < COUNT; c += NEIGHBOURS) {
            const float* from = row + column(c);
            if constexpr (NEIGHBOURS == 4) {
                const float4 four = *reinterpret_cast<const float4*>(from);
                values[c] = four.x;
                values[c + 1] = four.y;
                values[c + 2] = four.z;
                values[c + 3] = four.w;
            } else {
                static_assert(NEIGHBOURS == 2);
                const float2 two = *reinterpret_cast<const float2*>(from);
                values[c] = two.x;
                values[c + 1] = two.y;
            }
        }
    }
};

// sums[i][c] += sum over k < count of weights[ty + 8 i][k] rows[k][column c]; weights beyond count are 0 up to a multiple of 4, and rows
// of them STRIDE apart. GUARDED: a weight of 0 takes nothing of its row, not even NaN.
template <int DH, int STRIDE, bool GUARDED, int I>
EM_DEVICE void weigh_rows(const float* weights, const float* rows, int count, float (&sums)[I][HeadColumns<DH>::COUNT]) {
    using Columns = HeadColumns<DH>;
    for (int k = 0; k < count; k += 4) {
        float right[4][Columns::COUNT];
#pragma unroll
        for (int step = 0; step < 4; ++step) {
            Columns::load(rows + (k + step) * HEAD_ROW<DH>, right[step]);
        }
#pragma unroll
        for (int i = 0; i < I; ++i) {
            const float4 four = *reinterpret_cast<const float4*>(weights + (tile_y() + TILE_Y * i) * STRIDE + k);
            const float left[4] = {four.x, four.y, four.z, four.w};
#pragma unroll
            for (int step = 0; step < 4; ++step) {
#pragma unroll
                for (int c = 0; c < Columns::COUNT; ++c) {
                    if (!GUARDED || left[step] != 0.0f) {
                        sums[i][c] = fmaf(left[step], right[step][c], sums[i][c]);
                    }
                }
            }
        }
    }
}

// Writes a thread's values of a tile, so that its warp can read whole rows.
template <int COLUMNS, int I, int J>
EM_DEVICE void keep_scores(float* to, const float (&values)[I][J]) {
#pragma unroll
    for (int i = 0; i < I; ++i) {
#pragma unroll
        for (int j = 0; j < J; ++j) {
            to[(tile_y() + TILE_Y * i) * SCORE_ROW<COLUMNS> + tile_x() + TILE_X * j] = values[i][j];
        }
    }
}

// values[c] = from[column c], 0 for columns that the head has not.
template <int DH>
EM_DEVICE void load_head_row(const float* from, float (&values)[HeadColumns<DH>::COUNT], const AttentionView& a) {
    using Columns = HeadColumns<DH>;
#pragma unroll
    for (int c = 0; c < Columns::COUNT; ++c) {
        values[c] = Columns::column(c) < a.head_dim ? from[Columns::column(c)] : 0.0f;
    }
}

// to[column c] = factor values[c] for the columns that the head has.
template <int DH>
EM_DEVICE void store_head_row(float* to, const float (&values)[HeadColumns<DH>::COUNT], float factor, const AttentionView& a) {
    using Columns = HeadColumns<DH>;
#pragma unroll
    for (int c = 0; c < Columns::COUNT; c += Columns::NEIGHBOURS) {
        const int column = Columns::column(c);
        if (Columns::NEIGHBOURS == 4 && a.fours) {
            if (column < a.head_dim) {
                store_wide(to + column, make_float4(factor * values[c], factor * values[c + 1 < Columns::COUNT ? c + 1 : c],
                                                    factor * values[c + 2 < Columns::COUNT ? c + 2 : c],
                                                    factor * values[c + 3 < Columns::COUNT ? c + 3 : c]));
            }
        } else {
#pragma unroll
            for (int n = 0; n < Columns::NEIGHBOURS; ++n) {
                if (column + n < a.head_dim) {
                    to[column + n] = factor * values[c + n];
                }
            }
        }
    }
}

// P of dot products of keys ty + 8 i and queries tx + 16 j, whose lse is in units of ln 2.
template <int I, int J>
EM_DEVICE void weigh_keys(const AttentionView& a, const Head& head, int64_t row0, int64_t key0, const float (&lse)[J], float (&p)[I][J]) {
#pragma unroll
    for (int j = 0; j < J; ++j) {
        const int64_t row = row0 + tile_x() + TILE_X * j;
        const int seen = visible_keys(a, row, key0, TILE_Y * I);
#pragma unroll
        for (int i = 0; i < I; ++i) {
            const int key = tile_y() + TILE_Y * i;
            p[i][j] = key < seen ? log2_weight(p[i][j], a, head, row, key0 + key) : MINUS_INFINITY;
        }
        if (a.listed_count > 0 && row < a.queries) {
            each_listed(a, head, row, [&](int32_t key, float strength) {
                const int64_t mine = key - key0 - tile_y();
#pragma unroll
                for (int i = 0; i < I; ++i) {
                    p[i][j] += mine == TILE_Y * i ? strength : 0.0f;
                }
            });
        }
#pragma unroll
        for (int i = 0; i < I; ++i) {
            p[i][j] = probability(p[i][j], lse[j]);
        }
    }
}

}  // namespace em

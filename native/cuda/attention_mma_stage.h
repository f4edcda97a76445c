// How attention on tensor cores brings tiles to shared memory: as float32 rows, by asynchronous copies, which run beside the products of
// the tile before.
//
// A row of a tile is a key or a value. Which of 8 rows is which row of an operand is free: operand row g is row place(g), so that in rows
// of DH + 4 floats the lanes that are served together meet all banks, also where they read 16 bytes at once. A lane's scores of 8 keys are
// then those of keys t and t + 4, with t = lane % 4.
#pragma once
#include "cuda/async_copy.h"
#include "cuda/attention_mma.h"

namespace em {

// Floats between rows of keys, and of values.
template <int DH>
constexpr int KEY_STRIDE = DH + 4;
template <int DH>
constexpr int VALUE_STRIDE = DH == 16 ? DH + 8 : DH + 4;

EM_DEVICE int place(int row) { return row / 2 + row % 2 * 4; }

// Of the lane's columns of 8 scores: the key of the first (element 0) or second.
EM_DEVICE int score_key(int n, int element) { return n * MMA_COLUMNS + lane_word() + 4 * element; }

// Where rows of a head go to, in rows of STRIDE floats, and where they come from.
template <int STRIDE>
struct RowsOf {
    float* to;
    const float* from;
    int64_t stride;

    template <int FLOATS>
    EM_DEVICE void bring(AsyncCopies& copies, int row, int column, bool inside) const {
        copies.copy<FLOATS>(to + row * STRIDE + column, inside ? from + row * stride + column : from, inside);
    }
};

// Copies rows 0 .. count - 1 of a head to tiles of ROWS, and zeros behind them. WHOLE: the head is DH wide and can be read by fours.
template <int FLOATS, int DH, int ROWS, bool WHOLE, class... Tiles>
EM_DEVICE void bring_rows_by(AsyncCopies& copies, int count, const AttentionView& a, const Tiles&... tiles) {
    constexpr int ACROSS = DH / FLOATS;
    const int threads = static_cast<int>(blockDim.x);
#pragma unroll 1
    for (int i = static_cast<int>(threadIdx.x); i < ROWS * ACROSS; i += threads) {
        const int row = i / ACROSS;
        const int column = i % ACROSS * FLOATS;
        const bool inside = row < count && (WHOLE || column < a.head_dim);
        (tiles.template bring<FLOATS>(copies, row, column, inside), ...);
    }
}

template <int DH, int ROWS, bool WHOLE, class... Tiles>
EM_DEVICE void bring_rows(AsyncCopies& copies, int64_t count, const AttentionView& a, const Tiles&... tiles) {
    const int some = static_cast<int>(count < ROWS ? count : ROWS);
    if (WHOLE || a.fours) {
        bring_rows_by<4, DH, ROWS, WHOLE>(copies, some, a, tiles...);
    } else {
        bring_rows_by<1, DH, ROWS, WHOLE>(copies, some, a, tiles...);
    }
}

}  // namespace em

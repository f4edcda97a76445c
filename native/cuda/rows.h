// Kernels of which a warp takes a row, and rows that are some of all.
#pragma once
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em {

constexpr int ROWS = 8;  // warps of a block

// Calls body(column) for the columns of a lane, V at a time.
template <int V, class Body>
EM_DEVICE void each_column(int64_t columns, Body&& body) {
    for (int64_t column = lane_index() * V; column < columns; column += WARP * V) {
        body(column);
    }
}

// Rows that stand for some tokens of each sequence.
struct TokenRows {
    int64_t length, first, count;

    // The row's place among those tokens, or -1.
    EM_DEVICE int64_t place(int64_t row) const {
        const int64_t sequence = quotient(row, length);
        const int64_t at = row - sequence * length - first;
        return at < 0 || at >= count ? -1 : sequence * count + at;
    }
};

template <class Args>
TokenRows token_rows_of(const Args& a) {
    return {a.length, a.first, a.count};
}

}  // namespace em

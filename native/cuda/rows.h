// Kernels of which a warp takes a row.
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

}  // namespace em

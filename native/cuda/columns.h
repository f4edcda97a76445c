// Sums over the rows of a matrix, in one launch and without atomics on results: blocks sum pieces of the rows into scratch, the last
// block to finish adds the pieces in order. How rows are cut depends on the matrix alone, so equal inputs give equal bits on every
// GPU, whatever the replicas are.
#pragma once
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em {

constexpr int COLUMN_THREADS = 256;

// How a matrix is cut: blocks of x columns (times V) and y rows at once, `pieces` of the rows.
struct ColumnCut {
    unsigned x, y;
    int64_t blocks, pieces, rows_a_piece;
};

inline ColumnCut column_cut(int64_t rows, int64_t columns, int vector) {
    constexpr int64_t rows_a_thread = 4;
    constexpr int64_t most_pieces = 64;
    const int64_t vectors = columns / vector;
    unsigned x = 1;
    while (x < 32 && x < vectors) {
        x *= 2;
    }
    const unsigned y = COLUMN_THREADS / x;
    const int64_t wanted = ceil_div(rows, y * rows_a_thread);
    const int64_t rows_a_piece = ceil_div(rows, wanted < most_pieces ? wanted : most_pieces);
    return {x, y, ceil_div(vectors, x), ceil_div(rows, rows_a_piece), rows_a_piece};
}

// Where a launch keeps its pieces.
struct ColumnScratch {
    float* pieces;
    unsigned* tickets;
};

// SUMS sums of each column at once: body.row<V>(replica, row, column, sums) adds a row's values to sums[SUMS]. Grid (blocks, pieces,
// replicas).
template <int V, int SUMS, class Body>
__global__ void __launch_bounds__(COLUMN_THREADS, 3)
    columns_kernel(Body body, ColumnCut cut, ColumnScratch scratch, int64_t rows, int64_t columns, int64_t replicas) {
    EM_SHARED(float, partial, [SUMS][COLUMN_THREADS][V]);
    EM_SHARED(int, is_last, [1]);
    const int64_t column = (static_cast<int64_t>(blockIdx.x) * cut.x + threadIdx.x) * V;
    const int64_t begin = static_cast<int64_t>(blockIdx.y) * cut.rows_a_piece;
    const int64_t end = begin + cut.rows_a_piece < rows ? begin + cut.rows_a_piece : rows;
    const int me = static_cast<int>(threadIdx.y * cut.x + threadIdx.x);
    const bool adds = threadIdx.y == 0 && column < columns;
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        Vec<V> sums[SUMS];
#pragma unroll
        for (int s = 0; s < SUMS; ++s) {
            sums[s] = zeros<V>();
        }
        for (int64_t row = begin + threadIdx.y; row < end && column < columns; row += cut.y) {
            body.template row<V>(r, row, column, sums);
        }
#pragma unroll
        for (int s = 0; s < SUMS; ++s) {
#pragma unroll
            for (int k = 0; k < V; ++k) {
                partial[s][me][k] = sums[s].at[k];
            }
        }
        __syncthreads();
        if (adds) {
#pragma unroll
            for (int s = 0; s < SUMS; ++s) {
                for (int y = 1; y < static_cast<int>(cut.y); ++y) {
#pragma unroll
                    for (int k = 0; k < V; ++k) {
                        sums[s].at[k] += partial[s][y * static_cast<int>(cut.x) + me][k];
                    }
                }
            }
        }
        bool finishes = true;
        if (cut.pieces > 1) {
            float* pieces = scratch.pieces + r * SUMS * cut.pieces * columns;
            if (adds) {
#pragma unroll
                for (int s = 0; s < SUMS; ++s) {
                    store(pieces + (s * cut.pieces + blockIdx.y) * columns + column, sums[s]);
                }
            }
            finishes = last_block(scratch.tickets + r * gridDim.x + blockIdx.x, static_cast<unsigned>(cut.pieces), is_last);
            for (int s = 0; s < SUMS && finishes && adds; ++s) {
                Vec<V> total = zeros<V>();
                for (int64_t piece = 0; piece < cut.pieces; ++piece) {
                    add(total, load<V>(pieces + (s * cut.pieces + piece) * columns + column));
                }
                sums[s] = total;
            }
        }
        if (finishes && adds) {
            body.template finish<V>(r, column, sums);
        }
        __syncthreads();
    }
}

template <int SUMS, class Body>
void over_columns(CudaDevice& device, const Where& where, const Body& body, int64_t replicas, int64_t rows, int64_t columns, bool fours) {
    const ColumnCut cut = column_cut(rows, columns, fours ? 4 : 1);
    ColumnScratch scratch{nullptr, nullptr};
    if (cut.pieces > 1) {
        scratch = {device.workspace(replicas * SUMS * cut.pieces * columns), device.tickets(replicas * cut.blocks)};
    }
    const Shape shape{grid_of(cut.blocks, cut.pieces, replicas), dim3(cut.x, cut.y)};
    launch(device, where, fours ? columns_kernel<4, SUMS, Body> : columns_kernel<1, SUMS, Body>, shape, body, cut, scratch, rows, columns,
           replicas);
}

}  // namespace em

// Sums over the rows of a matrix, in one launch and without atomics on results: blocks sum pieces of the rows into scratch, the last
// block to finish adds the pieces in order. How rows are cut depends on the matrix alone, so equal inputs give equal bits on every
// GPU, whatever the replicas are.
//
// The order of a sum: a piece of the rows, for each i < y the sum of its rows i, i + y, i + 2 y and so on, these added in the order of i;
// then the pieces, in y equal shares that follow each other, the shares added in order. A matrix product that has the rows at hand keeps to
// it too (gradient_sums.h).
#pragma once
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em {

constexpr int COLUMN_THREADS = 256;
constexpr int ROWS_A_THREAD = 4;  // of a piece of up to 256

// How a matrix is cut: blocks of x columns (times V) and y rows at once, `pieces` of the rows.
struct ColumnCut {
    unsigned x, y;
    int64_t blocks, pieces, rows_a_piece;

    EM_DEVICE int pieces_a_share() const { return (static_cast<int>(pieces + y) - 1) / static_cast<int>(y); }
};

inline ColumnCut column_cut(int64_t rows, int64_t columns, int vector) {
    constexpr int64_t most_pieces = 256;
    const int64_t vectors = columns / vector;
    unsigned x = 1;
    while (x < 32 && x < vectors) {
        x *= 2;
    }
    const unsigned y = COLUMN_THREADS / x;
    const int64_t rows_a_block = int64_t{ROWS_A_THREAD} * y;
    const int64_t rows_a_piece = ceil_div(ceil_div(rows, rows_a_block), most_pieces) * rows_a_block;
    return {x, y, ceil_div(vectors, x), ceil_div(rows, rows_a_piece), rows_a_piece};
}

// Where a launch keeps its pieces.
struct ColumnScratch {
    float* pieces;
    unsigned* tickets;
};

// A matrix and where sums over its rows are kept.
struct ColumnSums {
    ColumnCut cut;
    ColumnScratch scratch;
    int64_t rows, columns, replicas;
};

// Of the threads of a column the first adds what they have, in order.
template <int V, int SUMS>
EM_DEVICE void add_down(const ColumnCut& cut, int me, bool adds, float* partial, Vec<V> (&sums)[SUMS]) {
    const int x = static_cast<int>(cut.x);
#pragma unroll
    for (int s = 0; s < SUMS; ++s) {
#pragma unroll
        for (int k = 0; k < V; ++k) {
            partial[(s * COLUMN_THREADS + me) * V + k] = sums[s].at[k];
        }
    }
    __syncthreads();
#pragma unroll
    for (int s = 0; s < SUMS && adds; ++s) {
#pragma unroll 1
        for (int y = 1; y < static_cast<int>(cut.y); ++y) {
#pragma unroll
            for (int k = 0; k < V; ++k) {
                sums[s].at[k] += partial[(s * COLUMN_THREADS + y * x + me) * V + k];
            }
        }
    }
}

// What a block does for a replica: the columns of `block` over the rows of `piece`, by its thread `me`. AT_ONCE rows are read before the
// first of them is added: memory answers late. All threads come; ends in a barrier.
template <int V, int SUMS, int AT_ONCE, class Body>
EM_DEVICE void sum_columns(const Body& body, const ColumnSums& m, int64_t r, int64_t block, int64_t piece, int me, float* partial,
                           int* is_last) {
    const ColumnCut& cut = m.cut;
    const int x = static_cast<int>(cut.x);
    const int down = me / x;
    const int64_t column = (block * x + me - down * x) * V;
    const int64_t begin = piece * cut.rows_a_piece;
    const int64_t end = begin + cut.rows_a_piece < m.rows ? begin + cut.rows_a_piece : m.rows;
    const bool adds = down == 0 && column < m.columns;
    Vec<V> sums[SUMS];
#pragma unroll
    for (int s = 0; s < SUMS; ++s) {
        sums[s] = zeros<V>();
    }
    for (int64_t first = begin + down; first < end && column < m.columns; first += AT_ONCE * cut.y) {
        typename Body::template Row<V> rows[AT_ONCE];
#pragma unroll
        for (int i = 0; i < AT_ONCE; ++i) {
            if (first + i * cut.y < end) {
                rows[i] = body.template read<V>(r, first + i * cut.y, column);
            }
        }
#pragma unroll
        for (int i = 0; i < AT_ONCE; ++i) {
            if (first + i * cut.y < end) {
                body.template take<V>(r, first + i * cut.y, column, rows[i], sums);
            }
        }
    }
    add_down(cut, me, adds, partial, sums);
    bool finishes = true;
    if (cut.pieces > 1) {
        if (adds) {
            float* to = m.scratch.pieces + (r * SUMS * cut.pieces + piece) * m.columns + column;
#pragma unroll
            for (int s = 0; s < SUMS; ++s) {
                store(to + s * cut.pieces * m.columns, sums[s]);
            }
        }
        finishes = last_block(m.scratch.tickets + r * cut.blocks + block, static_cast<unsigned>(cut.pieces), is_last);
        if (finishes) {
            const int share = cut.pieces_a_share();
            const int left = static_cast<int>(cut.pieces) - down * share;
            int count = column >= m.columns ? 0 : left < share ? left : share;
#pragma unroll
            for (int s = 0; s < SUMS; ++s) {
                sums[s] = zeros<V>();
            }
            const float* from = m.scratch.pieces + (r * SUMS * cut.pieces + down * share) * m.columns + column;
#pragma unroll 1
            for (; count > 0; --count, from += m.columns) {
#pragma unroll
                for (int s = 0; s < SUMS; ++s) {
                    add(sums[s], load<V>(from + s * cut.pieces * m.columns));
                }
            }
            add_down(cut, me, adds, partial, sums);
        }
    }
    if (finishes && adds) {
        body.template finish<V>(r, column, sums);
    }
    __syncthreads();
}

// SUMS sums of each column at once: body.read<V>(replica, row, column) reads what is needed of a row, body.take<V>(replica, row, column,
// read, sums) adds it to sums[SUMS]. A thread reads Body::AT_ONCE rows before it takes them. Grid (blocks, pieces, replicas).
template <int V, int SUMS, class Body>
__global__ void __launch_bounds__(COLUMN_THREADS, SUMS == 1 ? 4 : 2) columns_kernel(Body body, ColumnSums m) {
    EM_SHARED(float, partial, [SUMS * COLUMN_THREADS * V]);
    EM_SHARED(int, is_last, [1]);
    for (int64_t r = blockIdx.z; r < m.replicas; r += gridDim.z) {
        sum_columns<V, SUMS, Body::AT_ONCE>(body, m, r, blockIdx.x, blockIdx.y, static_cast<int>(threadIdx.x), partial, is_last);
    }
}

template <int SUMS, class Body>
void over_columns(CudaDevice& device, const Where& where, const Body& body, int64_t replicas, int64_t rows, int64_t columns, bool fours) {
    const ColumnCut cut = column_cut(rows, columns, fours ? 4 : 1);
    ColumnSums sums{cut, {nullptr, nullptr}, rows, columns, replicas};
    if (cut.pieces > 1) {
        sums.scratch = {device.workspace(replicas * SUMS * cut.pieces * columns), device.tickets(replicas * cut.blocks)};
    }
    const Shape shape{grid_of(cut.blocks, cut.pieces, replicas), dim3(COLUMN_THREADS)};
    launch(device, where, fours ? columns_kernel<4, SUMS, Body> : columns_kernel<1, SUMS, Body>, shape, body, sums);
}

// Of a row; 1 where rows are centred alone.
EM_DEVICE float scale_of(const View<float>& rstd, int64_t r, int64_t row) { return rstd.base == nullptr ? 1.0f : rstd(r)[row]; }

// Gradients of a layer norm's parameters: sums of dOut xhat and of dOut.
struct NormSums {
    View<float> d_out, x, mean, rstd, d_gamma, d_beta;
    int64_t columns;

    static constexpr int AT_ONCE = 2;
    template <int V>
    struct Row {
        float center, scale;
        Vec<V> gradient, values;
    };

    template <int V>
    EM_DEVICE Row<V> read(int64_t r, int64_t row, int64_t column) const {
        return {mean(r)[row], scale_of(rstd, r, row), load<V>(d_out(r) + row * columns + column), load<V>(x(r) + row * columns + column)};
    }
    template <int V>
    EM_DEVICE void take(int64_t, int64_t, int64_t, const Row<V>& from, Vec<V>* sums) const {
#pragma unroll
        for (int k = 0; k < V; ++k) {
            sums[0].at[k] += from.gradient.at[k] * ((from.values.at[k] - from.center) * from.scale);
            sums[1].at[k] += from.gradient.at[k];
        }
    }
    template <int V>
    EM_DEVICE void finish(int64_t r, int64_t column, const Vec<V>* sums) const {
        store(d_gamma(r) + column, sums[0]);
        store(d_beta(r) + column, sums[1]);
    }
};

inline NormSums norm_sums(const em_layer_norm_backward_args& a) {
    return {view(a.d_out), view(a.x), view(a.mean), view(a.rstd), view(a.d_gamma), view(a.d_beta), a.columns};
}

inline bool norm_by_fours(const em_layer_norm_backward_args& a) {
    return by_fours(a.replicas, a.columns, a.d_out, a.x, a.gamma, a.d_x, a.added, a.d_gamma, a.d_beta);
}

// Sums of the rows of one tensor.
struct RowSums {
    View<float> d_y, d_bias;
    int64_t columns;

    static constexpr int AT_ONCE = 4;
    template <int V>
    using Row = Vec<V>;

    template <int V>
    EM_DEVICE Row<V> read(int64_t r, int64_t row, int64_t column) const {
        return load<V>(d_y(r) + row * columns + column);
    }
    template <int V>
    EM_DEVICE void take(int64_t, int64_t, int64_t, const Row<V>& from, Vec<V>* sums) const {
        add(sums[0], from);
    }
    template <int V>
    EM_DEVICE void finish(int64_t r, int64_t column, const Vec<V>* sums) const {
        store(d_bias(r) + column, sums[0]);
    }
};

}  // namespace em

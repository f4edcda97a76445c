// The gradient of a bias beside that of its weight: both read dY, the product brings its rows to shared memory, and there they are summed.
// So dY, the largest of what gradients of parameters read, is read once. The order of a sum is that of columns.h, so that its bits are the
// same as in a launch of its own.
#pragma once
#include "cuda/columns.h"
#include "cuda/product.h"

namespace em::gpu {

namespace product {

// Of a layer norm; or of rows alone: from d_out to d_beta, without x.
struct Sum {
    NormSums of;
    ColumnSums sums;
    bool fours;

    EM_DEVICE bool of_norm() const { return of.x.base != nullptr; }
    EM_DEVICE RowSums rows() const { return {of.d_out, of.d_beta, of.columns}; }
};

// Rows of a piece of a sum whose threads take so many rows at once.
constexpr int SUM_DOWN = 8;
constexpr int SUM_ROWS = ROWS_A_THREAD * SUM_DOWN;

// Whether a product has the rows of a sum at hand, whole pieces of them in each stage.
inline bool has_rows_of(const Product& p, const Sum& s) {
    const ColumnCut& cut = s.sums.cut;
    const bool same = p.a.base == s.of.d_out.base && p.a.stride == s.of.d_out.stride && p.m == s.sums.columns && p.k == s.sums.rows;
    return same && s.of.x.base == nullptr && cut.y == SUM_DOWN && cut.rows_a_piece == SUM_ROWS && cut.pieces > 1;
}

// What the blocks of the first column of tiles sum: a thread a row of op(A), which is a column of dY.
template <class T>
class SumBeside {
public:
    static_assert(!T::A::BY_K && T::THREADS >= T::SIDE && T::DEPTH == SUM_ROWS);

    // Of replica r, from a row on; without a sum where it is null.
    EM_DEVICE SumBeside(const Sum* sum, int64_t r, const Tile& tile, int64_t begin) : sum_(sum) {
        if (has_column(tile)) {
            next_ = pieces(r, tile) + begin / SUM_ROWS * sum_->sums.columns;
        }
    }

    // The rows of a stage, zeros beyond the last.
    EM_DEVICE void take(const float* stage) {
        if (next_ == nullptr) {
            return;
        }
        float sum = 0.0f;
#pragma unroll
        for (int down = 0; down < SUM_DOWN; ++down) {
            float some = at(stage, down);
#pragma unroll
            for (int row = down + SUM_DOWN; row < SUM_ROWS; row += SUM_DOWN) {
                some += at(stage, row);
            }
            sum += some;
        }
        *next_ = sum;
        next_ += sum_->sums.columns;
    }

    // In the last block of the tile, when all pieces have been left.
    EM_DEVICE void finish(int64_t r, const Tile& tile) const {
        if (!has_column(tile)) {
            return;
        }
        const ColumnSums& s = sum_->sums;
        const float* from = pieces(r, tile);
        const int share = s.cut.pieces_a_share();
        float shares[SUM_DOWN] = {};
#pragma unroll 1
        for (int i = 0; i < share; ++i) {
#pragma unroll
            for (int down = 0; down < SUM_DOWN; ++down) {
                const int piece = down * share + i;
                shares[down] += piece < s.cut.pieces ? from[piece * s.columns] : 0.0f;
            }
        }
        float total = 0.0f;
#pragma unroll
        for (int down = 0; down < SUM_DOWN; ++down) {
            total += shares[down];
        }
        sum_->of.d_beta(r)[tile.row + threadIdx.x] = total;
    }

private:
    EM_DEVICE bool has_column(const Tile& tile) const {
        return sum_ != nullptr && tile.column == 0 && threadIdx.x < T::SIDE && tile.row + threadIdx.x < sum_->sums.columns;
    }
    EM_DEVICE static float at(const float* stage, int row) { return stage[T::A::place(static_cast<int>(threadIdx.x), row)]; }
    // Of the thread's column.
    EM_DEVICE float* pieces(int64_t r, const Tile& tile) const {
        const ColumnSums& s = sum_->sums;
        return s.scratch.pieces + r * s.cut.pieces * s.columns + tile.row + threadIdx.x;
    }

    const Sum* sum_;
    float* next_ = nullptr;  // where the sum of the next rows is left
};

}  // namespace product
}  // namespace em::gpu

// Gradients of parameters that need nothing of each other, in one launch or, of several replicas, in two: products dW = dY^T X, sums of
// rows for biases, positions and layer norms, sums of the rows of equal tokens, and short gradients that are added to others or set to
// zero. Alone each of them has too few blocks to fill a GPU, or is over before the next can begin. A block finds the piece that is its own
// by its number; it computes what it would compute in a launch for that one alone, so that the bits are the same. Products come first: they
// take longest.
#pragma once
#include "common/touched.h"
#include "cuda/gradient_sums.h"
#include "cuda/token_sums.h"

namespace em::gpu::gradient_parts {

using product::Product;
using product::Sum;

constexpr int THREADS = COLUMN_THREADS;
static_assert(THREADS == SCAN_WARPS * WARP);

// to += from; without one, to = 0.
struct Elements {
    View<float> from, to;
    int64_t count;
    bool fours;

    static constexpr int64_t OF_BLOCK = int64_t{THREADS} * 16;

    template <int V>
    EM_DEVICE void compute(int64_t r, int64_t block) const {
        const int64_t begin = block * OF_BLOCK;
        const int64_t end = begin + OF_BLOCK < count ? begin + OF_BLOCK : count;
        for (int64_t i = begin + threadIdx.x * V; i < end; i += THREADS * V) {
            Vec<V> sum = zeros<V>();
            if (from.base != nullptr) {
                sum = load<V>(to(r) + i);
                add(sum, load<V>(from(r) + i));
            }
            store(to(r) + i, sum);
        }
    }
};

// All of a kind. `ends`: blocks of all up to this one.
template <class T, size_t MOST>
struct Several {
    T of[MOST];
    int32_t ends[MOST];
    int32_t count;

    EM_DEVICE int32_t blocks() const { return count == 0 ? 0 : ends[count - 1]; }
    // Which of them has this block.
    EM_DEVICE int holder(int32_t block) const {
        int i = 0;
        while (block >= ends[i]) {
            ++i;
        }
        return i;
    }
    EM_DEVICE int64_t first(int i) const { return i == 0 ? 0 : ends[i - 1]; }
};

// What a launch is told: less than the 4 KiB that arguments may have.
struct Gradients {
    Several<Product, PRODUCTS> products;
    Several<Sum, SUMS> sums;
    Several<TokenSums, TOKEN_SUMS> tokens;
    Several<Elements, ELEMENTS> elements;
    int64_t replicas;
};
static_assert(sizeof(Gradients) <= 4096);

constexpr int SUM_FLOATS = COLUMN_THREADS * 4 * 2;
static_assert(SCAN_FLOATS <= SUM_FLOATS);

// Rows are read before others are added, as many as there are registers for: AHEAD has more.
template <bool AHEAD>
EM_DEVICE void sum_block(const Sum& s, int64_t r, int64_t block, float* memory, int* is_last) {
    constexpr int NORMS = AHEAD ? NormSums::AT_ONCE : 1;
    constexpr int ROWS = AHEAD ? RowSums::AT_ONCE : 2;
    const int64_t column = quotient(block, s.sums.cut.pieces);
    const int64_t piece = block - column * s.sums.cut.pieces;
    const auto me = static_cast<int>(threadIdx.x);
    if (s.of_norm() && s.fours) {
        sum_columns<4, 2, NORMS>(s.of, s.sums, r, column, piece, me, memory, is_last);
    } else if (s.of_norm()) {
        sum_columns<1, 2, NORMS>(s.of, s.sums, r, column, piece, me, memory, is_last);
    } else if (s.fours) {
        sum_columns<4, 1, ROWS>(s.rows(), s.sums, r, column, piece, me, memory, is_last);
    } else {
        sum_columns<1, 1, ROWS>(s.rows(), s.sums, r, column, piece, me, memory, is_last);
    }
}

// What a block does of the others than products; `block` counts from their first.
template <bool AHEAD>
EM_DEVICE void other_block(const Gradients& g, int64_t r, int32_t block, float* memory, int* is_last) {
    if (block < g.sums.blocks()) {
        const int i = g.sums.holder(block);
        sum_block<AHEAD>(g.sums.of[i], r, block - g.sums.first(i), memory, is_last);
        return;
    }
    block -= g.sums.blocks();
    if (block < g.tokens.blocks()) {
        const int i = g.tokens.holder(block);
        sum_tokens(g.tokens.of[i], r, block - g.tokens.first(i), memory);
        return;
    }
    block -= g.tokens.blocks();
    const int i = g.elements.holder(block);
    const Elements& e = g.elements.of[i];
    e.fours ? e.compute<4>(r, block - g.elements.first(i)) : e.compute<1>(r, block - g.elements.first(i));
}

// Counts blocks up to the end of each, and of all.
template <class T, size_t MOST, class Blocks>
int64_t count_blocks(Several<T, MOST>& all, const Blocks& blocks) {
    int64_t sum = 0;
    for (int32_t i = 0; i < all.count; ++i) {
        sum += blocks(all.of[i]);
        all.ends[i] = static_cast<int32_t>(sum);
    }
    return sum;
}

// Blocks of the others than products.
int64_t count_others(Gradients& g);

// The others than products in a launch of their own, where there are any. With scratch.
void other_gradients(CudaDevice& device, Gradients& g);

// The gradients of these operations, in this arithmetic; without scratch, and without counts of blocks. depth: as product::of has it.
Gradients gradients_of(const Operation* operations, size_t count, int32_t arithmetic, int64_t depth);

}  // namespace em::gpu::gradient_parts

// Which operations of a program a GPU does by one kernel. They follow each other, one works on what the one before has just made, and
// one by one each would wait for its launch or for memory more than it computes.
//
// Joined operations leave in every tensor the bits that they leave one by one.
#pragma once
#include <cstdint>
#include <vector>

#include "common/operation.h"

namespace em {

enum class Join {
    none,              // an operation alone
    finished_product,  // gemm, bias_residual or bias_activation, add_positions: the first two at least; of our own products alone
    settled_loss,      // squared_error or cross_entropy, mean, mean of what is correct, watch: the first two at least
    optimizer_step,    // learning_rate, adam or sgd, advance
    placed_rows,       // bias_residual, add_positions
    placed_tokens,     // embed, add_positions
    normed_rows,       // bias_residual, layer_norm
    taken_twice,       // take_tokens of the same places twice
    given_twice        // take_tokens_backward to the same places twice
};

struct Group {
    Join join;
    size_t first, count;
};

// Rows whose mean one block computes.
constexpr int64_t ROWS_OF_ONE_BLOCK = 8192;

// All operations in their order. `own_products`: whether our own kernel multiplies, which can finish a product.
std::vector<Group> joins(const std::vector<Operation>& operations, bool own_products);

}  // namespace em

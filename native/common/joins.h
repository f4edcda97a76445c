// Which operations of a program a GPU does by one kernel. One works on what another has just made, or none needs another's result, and one
// by one each would wait for its launch or for memory more than it computes.
//
// Joined operations leave in every tensor the bits that they leave one by one.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "common/operation.h"

namespace em {

enum class Join {
    none,              // an operation alone
    gradients,         // of parameters, of which each needs no other: gemm of weights (of our own products alone), bias_backward,
                       // add_positions_backward, embed_backward, the parameters' part of layer_norm_backward and of
                       // bias_activation_backward, and accumulate and zero where they are short
    head_weights,      // two gradients of weights by head_product, of the same sizes
    finished_product,  // gemm, bias_residual, add_positions: the first and another; or gemm and bias_activation; or gemm and the inputs'
                       // part of bias_activation_backward; of our own products alone
    two_products,      // gemm, bias_residual or none, and the same of another product of the form A B or A B^T: of our own products alone
    settled_loss,      // squared_error or cross_entropy, mean, mean of what is correct, watch: the first two at least
    optimizer_step,    // learning_rate, adam or sgd, advance
    placed_rows,       // bias_residual, add_positions
    taken_rows,        // bias_residual, take_tokens of what comes out, once or twice
    placed_tokens,     // embed, add_positions
    normed_rows,       // bias_residual, layer_norm, take_tokens of what is normed and of what comes out: the layer_norm and another
    normed_tokens,     // embed, add_positions, layer_norm
    normed_gradient,   // take_tokens_backward, the inputs' part of layer_norm_backward, take_tokens_backward: the second and another
    biased_heads,      // head_product to the heads' own width, bias_residual of a bias alone
    taken_twice,       // take_tokens of the same places twice
    given_twice        // take_tokens_backward to the same places twice
};

// An operation of a program by its number, or a part of it.
struct Member {
    size_t operation;
    Part part;
};

struct Group {
    Join join;
    std::vector<Member> members;
};

// What one kernel for gradients does at most: products, sums of rows, sums of equal tokens, short operations on elements.
constexpr size_t PRODUCTS = 8;
constexpr size_t SUMS = 10;
constexpr size_t TOKEN_SUMS = 1;
constexpr size_t ELEMENTS = 4;

// Rows whose mean one block computes.
constexpr int64_t ROWS_OF_ONE_BLOCK = 8192;

// Whether our own kernel computes a product recorded in an arithmetic; it can finish it.
using OwnProduct = std::function<bool(const em_gemm_args&, int32_t arithmetic)>;

// Whether a gradient of a hidden layer is that of its activation's output, and what becomes of it replaces it: the product can finish it.
bool becomes_gradient(const em_gemm_args& product, const em_bias_activation_backward_args& activation);

// All operations, in the order in which the groups are done. Gradients of parameters come later than they were recorded, where nothing
// depends on that, so that those of several layers are neighbours.
std::vector<Group> joins(const std::vector<Operation>& operations, const OwnProduct& own);

}  // namespace em

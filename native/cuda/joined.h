// Kernels that do several operations at once (common/joins.h), each beside the kernels of the operations that it joins.
#pragma once
#include "common/joins.h"
#include "cuda/device.h"
#include "cuda/own_product.h"

namespace em::gpu {

// Two products of one form, A B or A B^T, of which neither needs the other's result; with what becomes of them.
struct Finished {
    const em_gemm_args* product;
    Epilogue epilogue;
};
void two_products(CudaDevice& device, const Finished& one, const Finished& two);

// What is asked of a loss; absent: null.
struct Settlement {
    const em_mean_args* loss;
    const em_mean_args* correct;
    const em_watch_args* watch;
};
void settled_loss(Device& d, const em_squared_error_args& a, const Settlement& settlement);
void settled_loss(Device& d, const em_cross_entropy_args& a, const Settlement& settlement);

void optimizer_step(Device& d, const em_learning_rate_args& rate, const em_adam_args& a);
void optimizer_step(Device& d, const em_learning_rate_args& rate, const em_sgd_args& a, const em_tensor& step);
void placed_rows(Device& d, const em_bias_residual_args& a, const em_add_positions_args& positions);
// The second may be null.
void taken_rows(Device& d, const em_bias_residual_args& a, const em_take_tokens_args& one, const em_take_tokens_args* two);
void placed_tokens(Device& d, const em_embed_args& a, const em_add_positions_args& positions);
// What is done with a layer norm; absent: null.
struct NormedRows {
    const em_bias_residual_args* sum;  // makes what is normed
    const em_layer_norm_args* norm;
    const em_take_tokens_args* taken[2];  // of what is normed, of what comes out: the same places
};
void normed_rows(Device& d, const NormedRows& rows);
void normed_tokens(Device& d, const em_embed_args& a, const em_add_positions_args& positions, const em_layer_norm_args& norm);
void biased_heads(Device& d, const em_head_product_args& a, const em_bias_residual_args& sum);
void head_weights(Device& d, const em_head_product_args& first, const em_head_product_args& second);
void taken_twice(Device& d, const em_take_tokens_args& first, const em_take_tokens_args& second);
void given_twice(Device& d, const em_take_tokens_backward_args& first, const em_take_tokens_backward_args& second);

// Of parameters: gemm, bias_backward, add_positions_backward, embed_backward, accumulate, zero, and the parameters' part of others.
void gradients(CudaDevice& device, const Operation* operations, size_t count);
// The inputs' part of layer_norm_backward; with tokens that are given to dOut before and to dX after, null where there are none.
void layer_norm_inputs(CudaDevice& device, const em_layer_norm_backward_args& a);
void layer_norm_inputs(CudaDevice& device, const em_layer_norm_backward_args& a, const em_take_tokens_backward_args* before,
                       const em_take_tokens_backward_args* after);

// Issues a group of operations of a program.
void issue(CudaDevice& device, Join join, const Operation* operations, size_t count);

}  // namespace em::gpu

// Kernels that do several operations at once (common/joins.h), each beside the kernels of the operations that it joins.
#pragma once
#include "common/joins.h"
#include "cuda/device.h"

namespace em::gpu {

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
void placed_tokens(Device& d, const em_embed_args& a, const em_add_positions_args& positions);
void normed_rows(Device& d, const em_bias_residual_args& a, const em_layer_norm_args& norm);
void taken_twice(Device& d, const em_take_tokens_args& first, const em_take_tokens_args& second);
void given_twice(Device& d, const em_take_tokens_backward_args& first, const em_take_tokens_backward_args& second);

// Of parameters: gemm, bias_backward, and the parameters' part of others.
void gradients(CudaDevice& device, const Operation* operations, size_t count);
// The inputs' part of layer_norm_backward.
void layer_norm_inputs(CudaDevice& device, const em_layer_norm_backward_args& a);

// Issues a group of operations of a program.
void issue(CudaDevice& device, Join join, const Operation* operations, size_t count);

}  // namespace em::gpu

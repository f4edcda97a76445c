// Plain arithmetic and fused element-wise passes. All matrices are row-major; rows of a replica follow each other.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

// x = 0, floats or integers.
typedef struct em_zero_args {
    em_tensor x;
    int64_t replicas, elements;
} em_zero_args;
em_status em_zero(em_context* context, const em_zero_args* args);

// to = from, floats or integers.
typedef struct em_copy_args {
    em_tensor from, to;
    int64_t replicas, elements;
} em_copy_args;
em_status em_copy(em_context* context, const em_copy_args* args);

// y += x.
typedef struct em_accumulate_args {
    em_tensor x, y;
    int64_t replicas, elements;
} em_accumulate_args;
em_status em_accumulate(em_context* context, const em_accumulate_args* args);

// C = op(A) op(B) + beta C for each replica; op(A) is m x k, op(B) k x n, C m x n. beta 0 ignores what C holds.
typedef struct em_gemm_args {
    em_tensor a, b, c;
    int64_t replicas, m, n, k;
    int32_t trans_a, trans_b;
    float beta;
} em_gemm_args;
em_status em_gemm(em_context* context, const em_gemm_args* args);

typedef enum em_activation { EM_GELU = 0, EM_RELU = 1 } em_activation;

// y = z + bias, out = activation(y), z = activation'(y), which is all that the gradient needs; z and out (rows, columns), bias (columns).
// GELU is y Phi(y) with the exact error function.
typedef struct em_bias_activation_args {
    em_tensor z, bias, out;
    int64_t replicas, rows, columns;
    int32_t activation;
} em_bias_activation_args;
em_status em_bias_activation(em_context* context, const em_bias_activation_args* args);

// dZ = dOut slope, with what em_bias_activation left in z as slope; dBias = column sums of dZ. dZ may be dOut.
typedef struct em_bias_activation_backward_args {
    em_tensor d_out, slope, d_z, d_bias;
    int64_t replicas, rows, columns;
} em_bias_activation_backward_args;
em_status em_bias_activation_backward(em_context* context, const em_bias_activation_backward_args* args);

// out = y + bias + residual; a residual without buffer is absent. out may be y or residual.
typedef struct em_bias_residual_args {
    em_tensor y, bias, residual, out;
    int64_t replicas, rows, columns;
} em_bias_residual_args;
em_status em_bias_residual(em_context* context, const em_bias_residual_args* args);

// dBias = column sums of dY.
typedef struct em_bias_backward_args {
    em_tensor d_y, d_bias;
    int64_t replicas, rows, columns;
} em_bias_backward_args;
em_status em_bias_backward(em_context* context, const em_bias_backward_args* args);

#ifdef __cplusplus
}
#endif

// Embedding, positions, read-out and layer norm. x is (batch, length, width) in each replica.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

// out[i] = table[tokens[i]]; tokens (rows) in 0..vocabulary-1, table (vocabulary, width), out (rows, width).
typedef struct em_embed_args {
    em_tensor tokens, table, out;
    int64_t replicas, rows, vocabulary, width;
} em_embed_args;
em_status em_embed(em_context* context, const em_embed_args* args);

// dTable = sums of dOut over equal tokens, in the order of the rows; other rows of dTable zero.
typedef struct em_embed_backward_args {
    em_tensor tokens, d_out, d_table;
    int64_t replicas, rows, vocabulary, width;
} em_embed_backward_args;
em_status em_embed_backward(em_context* context, const em_embed_backward_args* args);

// x[b, l] += positions[l]; positions (length, width).
typedef struct em_add_positions_args {
    em_tensor x, positions;
    int64_t replicas, batch, length, width;
} em_add_positions_args;
em_status em_add_positions(em_context* context, const em_add_positions_args* args);

// dPositions[l] = sum over b of dX[b, l].
typedef struct em_add_positions_backward_args {
    em_tensor d_x, d_positions;
    int64_t replicas, batch, length, width;
} em_add_positions_backward_args;
em_status em_add_positions_backward(em_context* context, const em_add_positions_backward_args* args);

// out[b, i] = x[b, first + i] for `count` tokens; out (batch, count, width).
typedef struct em_take_tokens_args {
    em_tensor x, out;
    int64_t replicas, batch, length, width, first, count;
} em_take_tokens_args;
em_status em_take_tokens(em_context* context, const em_take_tokens_args* args);

// dX[b, first + i] += dOut[b, i].
typedef struct em_take_tokens_backward_args {
    em_tensor d_out, d_x;
    int64_t replicas, batch, length, width, first, count;
} em_take_tokens_backward_args;
em_status em_take_tokens_backward(em_context* context, const em_take_tokens_backward_args* args);

// out[b] = mean over l of x[b, l].
typedef struct em_mean_tokens_args {
    em_tensor x, out;
    int64_t replicas, batch, length, width;
} em_mean_tokens_args;
em_status em_mean_tokens(em_context* context, const em_mean_tokens_args* args);

// dX[b, l] = dOut[b] / length.
typedef struct em_mean_tokens_backward_args {
    em_tensor d_out, d_x;
    int64_t replicas, batch, length, width;
} em_mean_tokens_backward_args;
em_status em_mean_tokens_backward(em_context* context, const em_mean_tokens_backward_args* args);

// out[b, l] = x[b] for every token, floats or integers; x (batch, width), out (batch, length, width).
typedef struct em_repeat_tokens_args {
    em_tensor x, out;
    int64_t replicas, batch, length, width;
} em_repeat_tokens_args;
em_status em_repeat_tokens(em_context* context, const em_repeat_tokens_args* args);

// list[i] = the columns with marks[i, column] != 0, ascending, then -1. marks (rows, columns) and list (rows, width), both int32; a row
// with more than width marks is an error.
typedef struct em_list_marks_args {
    em_tensor marks, list;
    int64_t replicas, rows, columns, width;
} em_list_marks_args;
em_status em_list_marks(em_context* context, const em_list_marks_args* args);

// out = gamma (x - mean) rstd + beta over columns; rstd = 1 / sqrt(biased variance + 1e-5) (Ba et al. 2016).
// gamma, beta (columns); mean, rstd out: (rows). Without a buffer for rstd rows are centred alone: rstd is 1 in this and in the gradients.
typedef struct em_layer_norm_args {
    em_tensor x, gamma, beta, out, mean, rstd;
    int64_t replicas, rows, columns;
} em_layer_norm_args;
em_status em_layer_norm(em_context* context, const em_layer_norm_args* args);

// Gradients of layer norm. To dX `added` (rows, columns) is added where there is one, which may be dX itself; else dX may be dOut.
typedef struct em_layer_norm_backward_args {
    em_tensor d_out, x, gamma, mean, rstd, d_x, d_gamma, d_beta;
    int64_t replicas, rows, columns;
    em_tensor added;
} em_layer_norm_backward_args;
em_status em_layer_norm_backward(em_context* context, const em_layer_norm_backward_args* args);

// What is left of layer norm behind a linear layer of centred rows: z = rstd z + bias, in place. With z = (gamma (x - mean)) W^T and
// bias = W beta + b it is W layer_norm(x) + b. rstd (rows), bias (columns).
typedef struct em_norm_scale_args {
    em_tensor z, rstd, bias;
    int64_t replicas, rows, columns;
} em_norm_scale_args;
em_status em_norm_scale(em_context* context, const em_norm_scale_args* args);

// Its gradients from out, what it left in z: dZ = rstd dOut, which may be dOut; dBias = column sums of dOut; and what reaches x through
// rstd, dX -= (x - mean) rstd^2 (dOut . (out - bias)) / width. x, dX (rows, width).
typedef struct em_norm_scale_backward_args {
    em_tensor d_out, out, bias, x, mean, rstd, d_z, d_bias, d_x;
    int64_t replicas, rows, columns, width;
} em_norm_scale_backward_args;
em_status em_norm_scale_backward(em_context* context, const em_norm_scale_backward_args* args);

#ifdef __cplusplus
}
#endif

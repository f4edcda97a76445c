// Attention of a single query a head over the tokens themselves, for a read-out at one position: with the projections of keys and values
// moved to the query's side (scores q . (W_k x) = (W_k^T q) . x, outputs W_v (sum of p x)), neither keys nor values are formed.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum em_head_form { EM_HEADS_WIDEN = 0, EM_HEADS_NARROW = 1, EM_HEADS_WEIGHT = 2 } em_head_form;

// A product for each head h with its own rows of a weight: x (rows, heads, head_dim), w (heads, head_dim, width), y (rows, heads, width).
// EM_HEADS_WIDEN: y[., h] = x[., h] w[h]; EM_HEADS_NARROW: x[., h] = y[., h] w[h]^T; EM_HEADS_WEIGHT: w[h] = x[., h]^T y[., h]. The
// tensor on the left is overwritten. Always in float32.
typedef struct em_head_product_args {
    em_tensor x, w, y;
    int64_t replicas, rows, heads, head_dim, width;
    int32_t form;
} em_head_product_args;
em_status em_head_product(em_context* context, const em_head_product_args* args);

// p = softmax(scale q x^T), out = p x. q and out (batch, heads, width), x (batch, length, width), p (batch, heads, length).
typedef struct em_token_attention_args {
    em_tensor q, x, p, out;
    int64_t replicas, batch, heads, length, width;
    float scale;
} em_token_attention_args;
em_status em_token_attention(em_context* context, const em_token_attention_args* args);

// d_q and d_x (overwritten) from q, x, p, out and d_out. d_s: scratch (batch, heads, length), gradient of the scores. Deterministic.
typedef struct em_token_attention_backward_args {
    em_token_attention_args forward;
    em_tensor d_out, d_q, d_x, d_s;
} em_token_attention_backward_args;
em_status em_token_attention_backward(em_context* context, const em_token_attention_backward_args* args);

#ifdef __cplusplus
}
#endif

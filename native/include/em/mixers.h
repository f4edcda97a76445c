// How tokens of a sequence reach one another without attention, and rotary positions. All of it is causal: token t sees tokens 0 to t.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

// y[b, m] = sum of weight[g, m, u] x[b, u] over the rows u that row m may see; channels fall into `groups` of equal width, each with a
// weight of its own. Rows of y and of x belong to tokens, `rows / length` and `columns / length` of them to each one, and a row sees
// those of its own token and of earlier ones. weight (groups, rows, columns), x (batch, columns, width), y (batch, rows, width). What
// stands in the weight where nothing is seen is never read.
typedef struct em_mix_tokens_args {
    em_tensor weight, x, y;
    int64_t replicas, batch, length, groups, rows, columns, width;
} em_mix_tokens_args;
em_status em_mix_tokens(em_context* context, const em_mix_tokens_args* args);

// d_x (overwritten, or added to when accumulate is not 0) and d_weight (zero where nothing is seen) from weight, x and d_y; y is not
// touched.
typedef struct em_mix_tokens_backward_args {
    em_mix_tokens_args forward;
    em_tensor d_y, d_x, d_weight;
    int32_t accumulate;
} em_mix_tokens_backward_args;
em_status em_mix_tokens_backward(em_context* context, const em_mix_tokens_backward_args* args);

// What queries and keys pass through: nothing; elu(x) + 1; division by sqrt(x.x + 1e-6).
typedef enum em_feature { EM_FEATURE_NONE = 0, EM_FEATURE_ELU = 1, EM_FEATURE_UNIT = 2 } em_feature;

// A matrix S for each head that tokens write to and read from. Without gates S_t = S_{t-1} + v_t k_t^T (linear attention, Katharopoulos
// et al. 2020); with them the gated delta rule (Yang et al. 2024), S_t = a_t S_{t-1} (I - b_t k_t k_t^T) + b_t v_t k_t^T, where a_t and
// b_t are the sigmoids of a token's gates: `heads` of a, then `heads` of b. out_t = scale S_t q_t; with normalised != 0, and no gates,
// out_t = S_t q_t / (q_t . (k_0 + ... + k_t) + 1e-6). Token t of sequence b starts at element (b * length + t) * stride of q, k and v
// and holds its heads side by side, at (b * length + t) * gate_stride of gates; out (batch, length, heads, head_dim).
typedef struct em_fast_weights_args {
    em_tensor q, k, v, gates, out;
    int64_t replicas, batch, length, heads, head_dim, stride, gate_stride;
    int32_t feature, normalised;
    float scale;
} em_fast_weights_args;
em_status em_fast_weights(em_context* context, const em_fast_weights_args* args);

// Gradients of q, k, v (at their stride) and of the gates, from q, k, v, gates and d_out (as out); out is read where it is normalised.
typedef struct em_fast_weights_backward_args {
    em_fast_weights_args forward;
    em_tensor d_out, d_q, d_k, d_v, d_gates;
} em_fast_weights_backward_args;
em_status em_fast_weights_backward(em_context* context, const em_fast_weights_backward_args* args);

// h_t = a_t h_{t-1} + sqrt(1 - a_t^2) i_t u_t for each channel (De et al. 2024, eq. 3 and 4): a_t = sigmoid(decay + gates_t[channel]),
// i_t = sigmoid(gates_t[width + channel]); without gates a = sigmoid(decay) and i = 1. Token t of sequence b starts at element
// (b * length + t) * stride of u, and of gates; decay (width); h (batch, length, width).
typedef struct em_diagonal_scan_args {
    em_tensor u, gates, decay, h;
    int64_t replicas, batch, length, width, stride;
} em_diagonal_scan_args;
em_status em_diagonal_scan(em_context* context, const em_diagonal_scan_args* args);

// Gradients of u and of the gates (at their stride), and that of the decay by each sequence, d_decay (batch, width), from h and d_h.
typedef struct em_diagonal_scan_backward_args {
    em_diagonal_scan_args forward;
    em_tensor d_h, d_u, d_gates, d_decay;
} em_diagonal_scan_backward_args;
em_status em_diagonal_scan_backward(em_context* context, const em_diagonal_scan_backward_args* args);

// Rotates pairs of numbers of each head in place (Su et al. 2021): x[i], x[i + head_dim / 2] by the angle whose cosine is table[t, i] and
// sine table[t, i + head_dim / 2]; against it when inverse is not 0. Token t of sequence b starts at (b * length + t) * stride and holds
// its heads side by side; table (length, head_dim).
typedef struct em_rotate_args {
    em_tensor x, table;
    int64_t replicas, batch, length, heads, head_dim, stride;
    int32_t inverse;
} em_rotate_args;
em_status em_rotate(em_context* context, const em_rotate_args* args);

#ifdef __cplusplus
}
#endif

// Softmax attention, O = softmax(scale Q K^T + bias) V, and what probes read from its probabilities.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

// Token t of sequence b of q starts at element (b * queries + t) * query_stride and holds its heads side by side, (heads, head_dim);
// k and v: (b * keys + t) * key_stride; out: (b * queries + t) * output_stride. So q, k, v may be parts of one fused tensor.
// bias: (queries, keys), shared by batch and heads; absent without a buffer. lse: (batch, heads, queries), natural log of the sum of
// exponentials. Causal: query i sees keys j <= i + keys - queries. A query that sees no key (or only biases of -inf): out 0, lse -inf.
typedef struct em_attention_args {
    em_tensor q, k, v, bias, out, lse;
    int64_t replicas, batch, heads, queries, keys, head_dim;
    int64_t query_stride, key_stride, output_stride;
    int32_t causal;
    float scale;
} em_attention_args;
em_status em_attention(em_context* context, const em_attention_args* args);

// dQ, dK, dV (strides of q, k, v) from q, k, v, out, lse and dOut (stride of out). delta: scratch (batch, heads, queries),
// rowsum(dO O). Deterministic.
typedef struct em_attention_backward_args {
    em_attention_args forward;
    em_tensor d_out, d_q, d_k, d_v, delta;
} em_attention_backward_args;
em_status em_attention_backward(em_context* context, const em_attention_backward_args* args);

// p = the probabilities, (batch, heads, queries, keys), from q, k, bias and lse; v and out are not touched.
typedef struct em_attention_probabilities_args {
    em_attention_args forward;
    em_tensor p;
} em_attention_probabilities_args;
em_status em_attention_probabilities(em_context* context, const em_attention_probabilities_args* args);

// mass[b, h] = sum of the probabilities with which query[b] sees the keys j with marked[b, j] != 0; 0 where query[b] is -1. query (batch),
// marked (batch, keys). From q, k, bias and lse; v and out are not touched, and of all probabilities only these rows are computed.
typedef struct em_attention_mass_args {
    em_attention_args forward;
    em_tensor query, marked, mass;
} em_attention_mass_args;
em_status em_attention_mass(em_context* context, const em_attention_mass_args* args);

// entropy[b, h] = -sum_j p ln p of the probabilities p of query[b], in nats; 0 where query[b] is -1. Otherwise as em_attention_mass.
typedef struct em_attention_entropy_args {
    em_attention_args forward;
    em_tensor query, entropy;
} em_attention_entropy_args;
em_status em_attention_entropy(em_context* context, const em_attention_entropy_args* args);

#ifdef __cplusplus
}
#endif

// Softmax attention, O = softmax(scale Q K^T + bias) V, and what probes read from its probabilities.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

// For some queries of a sequence the keys that matter. queries (sequences, entries), each at most once; keys (sequences, entries, width);
// both int32, -1: none. sequences is batch, or 1 for lists that all sequences share.
typedef struct em_attention_list {
    em_tensor queries, keys;
    int64_t sequences, entries, width;
} em_attention_list;

// strength[0] is added to the scores of the listed queries with the keys of their lists, as often as a key is listed; in the heads h
// with heads[h] != 0, int32, in all of them without a buffer. Query i of the attention is listed as first_query + i; what is listed
// below first_query is left out.
typedef struct em_attention_bias {
    em_attention_list on;
    em_tensor strength, heads;
    int64_t first_query;
} em_attention_bias;

#define EM_MOST_BIASES 4

// Token t of sequence b of q starts at element (b * queries + t) * query_stride and holds its heads side by side, (heads, head_dim);
// k and v: (b * keys + t) * key_stride; out: (b * queries + t) * output_stride. So q, k, v may be parts of one fused tensor.
// bias: (queries, keys), shared by batch and heads; absent without a buffer; the first listed_count of listed are added too. lse: (batch,
// heads, queries), natural log of the sum of exponentials. Causal: query i sees keys j <= i + keys - queries. A query that sees no key (or
// only biases of -inf): out 0, lse -inf.
typedef struct em_attention_args {
    em_tensor q, k, v, bias, out, lse;
    int64_t replicas, batch, heads, queries, keys, head_dim;
    int64_t query_stride, key_stride, output_stride;
    int32_t causal;
    float scale;
    em_attention_bias listed[EM_MOST_BIASES];
    int32_t listed_count;
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

// mass[b, h, e] = sum of the probabilities with which query e of the list sees the keys of its list; 0 where that query is -1. mass (batch,
// heads, entries). From q, k, biases and lse; v and out are not touched, and of all probabilities only the listed ones are computed.
typedef struct em_attention_mass_args {
    em_attention_args forward;
    em_attention_list on;
    em_tensor mass;
} em_attention_mass_args;
em_status em_attention_mass(em_context* context, const em_attention_mass_args* args);

// entropy[b, h, e] = -sum_j p ln p of the probabilities p of query e of the list, in nats; 0 where that query is -1. The keys of the list
// are not read and may be absent. Otherwise as em_attention_mass.
typedef struct em_attention_entropy_args {
    em_attention_args forward;
    em_attention_list on;
    em_tensor entropy;
} em_attention_entropy_args;
em_status em_attention_entropy(em_context* context, const em_attention_entropy_args* args);

// d_strength[0] = derivative with respect to the strength of listed[which]: the sum of P (dO V^T - delta) over the listed queries and keys
// of all sequences and heads, in a fixed order; added to when accumulate is not 0. From q, k, v, biases, lse, d_out and the delta that
// em_attention_backward left. Scores are computed in float32 whatever the arithmetic is.
typedef struct em_attention_bias_backward_args {
    em_attention_args forward;
    em_tensor d_out, delta, d_strength;
    int32_t which, accumulate;
} em_attention_bias_backward_args;
em_status em_attention_bias_backward(em_context* context, const em_attention_bias_backward_args* args);

// Overwrites the outputs of some heads: heads (heads) int32, 0 leaves a head as it is, 1 puts out = p V, 2 puts out = 0. p (batch, heads,
// queries, keys) may hold anything in the other heads. Of the attention only v and out are touched, lse stays. In float32.
typedef struct em_attention_override_args {
    em_attention_args forward;
    em_tensor p, heads;
} em_attention_override_args;
em_status em_attention_override(em_context* context, const em_attention_override_args* args);

#ifdef __cplusplus
}
#endif

// What attention and its statistics may rely on.
#include "common/checks.h"

namespace em {
namespace {

void list_entries(const em_attention_args& a, const em_attention_list& list) {
    size("entries", list.entries);
    EM_REQUIRE(list.sequences == 1 || list.sequences == a.batch, "lists are of 1 sequence or of all %lld, got %lld", (long long)a.batch,
               (long long)list.sequences);
    span("queries", list.queries, a.replicas, product(list.sequences, list.entries));
}

void list(const em_attention_args& a, const em_attention_list& list) {
    list_entries(a, list);
    size("width", list.width);
    span("keys", list.keys, a.replicas, product(list.sequences, list.entries, list.width));
}

void listed_biases(const em_attention_args& a) {
    EM_REQUIRE(a.listed_count >= 0 && a.listed_count <= EM_MOST_BIASES, "there are 0..%d biases, got %d", EM_MOST_BIASES, a.listed_count);
    for (int32_t n = 0; n < a.listed_count; ++n) {
        const em_attention_bias& bias = a.listed[n];
        list(a, bias.on);
        EM_REQUIRE(bias.first_query >= 0, "first_query must not be negative, got %lld", (long long)bias.first_query);
        span("strength", bias.strength, a.replicas, 1);
        optional_span("heads", bias.heads, a.replicas, a.heads);
    }
}

void attention_inputs(const em_attention_args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "heads", a.heads, "queries", a.queries, "keys", a.keys, "head_dim", a.head_dim);
    EM_REQUIRE(a.head_dim <= 128, "head_dim must be at most 128, got %lld", (long long)a.head_dim);
    const int64_t width = product(a.heads, a.head_dim);
    span("q", a.q, a.replicas, strided("q", product(a.batch, a.queries), a.query_stride, width));
    span("k", a.k, a.replicas, strided("k", product(a.batch, a.keys), a.key_stride, width));
    optional_span("bias", a.bias, a.replicas, product(a.queries, a.keys));
    span("lse", a.lse, a.replicas, product(a.batch, a.heads, a.queries));
    listed_biases(a);
}

}  // namespace

void check(const em_attention_args& a) {
    attention_inputs(a);
    const int64_t width = product(a.heads, a.head_dim);
    span("v", a.v, a.replicas, strided("v", product(a.batch, a.keys), a.key_stride, width));
    span("out", a.out, a.replicas, strided("out", product(a.batch, a.queries), a.output_stride, width));
}

void check(const em_attention_backward_args& b) {
    const em_attention_args& a = b.forward;
    check(a);
    const int64_t width = product(a.heads, a.head_dim);
    span("d_out", b.d_out, a.replicas, strided("d_out", product(a.batch, a.queries), a.output_stride, width));
    span("d_q", b.d_q, a.replicas, strided("d_q", product(a.batch, a.queries), a.query_stride, width));
    const int64_t keys = strided("d_k", product(a.batch, a.keys), a.key_stride, width);
    spans(a.replicas, keys, "d_k", b.d_k, "d_v", b.d_v);
    span("delta", b.delta, a.replicas, product(a.batch, a.heads, a.queries));
}

void check(const em_attention_probabilities_args& b) {
    const em_attention_args& a = b.forward;
    attention_inputs(a);
    span("p", b.p, a.replicas, product(a.batch, a.heads, a.queries, a.keys));
}

void check(const em_attention_mass_args& b) {
    const em_attention_args& a = b.forward;
    attention_inputs(a);
    list(a, b.on);
    span("mass", b.mass, a.replicas, product(a.batch, a.heads, b.on.entries));
}

void check(const em_attention_entropy_args& b) {
    const em_attention_args& a = b.forward;
    attention_inputs(a);
    list_entries(a, b.on);
    span("entropy", b.entropy, a.replicas, product(a.batch, a.heads, b.on.entries));
}

void check(const em_attention_bias_backward_args& b) {
    const em_attention_args& a = b.forward;
    check(a);
    EM_REQUIRE(b.which >= 0 && b.which < a.listed_count, "there are %d biases, got number %d", a.listed_count, b.which);
    span("d_out", b.d_out, a.replicas, strided("d_out", product(a.batch, a.queries), a.output_stride, product(a.heads, a.head_dim)));
    span("delta", b.delta, a.replicas, product(a.batch, a.heads, a.queries));
    span("d_strength", b.d_strength, a.replicas, 1);
}

void check(const em_attention_override_args& b) {
    const em_attention_args& a = b.forward;
    check(a);
    span("p", b.p, a.replicas, product(a.batch, a.heads, a.queries, a.keys));
    span("heads", b.heads, a.replicas, a.heads);
}

}  // namespace em

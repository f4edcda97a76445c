// What attention and its statistics may rely on.
#include "common/checks.h"

namespace em {
namespace {

void attention_inputs(const em_attention_args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "heads", a.heads, "queries", a.queries, "keys", a.keys, "head_dim", a.head_dim);
    EM_REQUIRE(a.head_dim <= 128, "head_dim must be at most 128, got %lld", (long long)a.head_dim);
    const int64_t width = product(a.heads, a.head_dim);
    span("q", a.q, a.replicas, strided("q", product(a.batch, a.queries), a.query_stride, width));
    span("k", a.k, a.replicas, strided("k", product(a.batch, a.keys), a.key_stride, width));
    optional_span("bias", a.bias, a.replicas, product(a.queries, a.keys));
    span("lse", a.lse, a.replicas, product(a.batch, a.heads, a.queries));
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
    span("query", b.query, a.replicas, a.batch);
    span("marked", b.marked, a.replicas, product(a.batch, a.keys));
    span("mass", b.mass, a.replicas, product(a.batch, a.heads));
}

void check(const em_attention_entropy_args& b) {
    const em_attention_args& a = b.forward;
    attention_inputs(a);
    span("query", b.query, a.replicas, a.batch);
    span("entropy", b.entropy, a.replicas, product(a.batch, a.heads));
}

}  // namespace em

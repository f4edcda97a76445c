// What the operations of token mixers may rely on.
#include "common/checks.h"

namespace em {

void check(const em_mix_tokens_args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "length", a.length, "groups", a.groups, "rows", a.rows, "columns", a.columns, "width",
          a.width);
    EM_REQUIRE(a.rows % a.length == 0 && a.columns % a.length == 0, "%lld rows and %lld columns do not belong to %lld tokens",
               (long long)a.rows, (long long)a.columns, (long long)a.length);
    EM_REQUIRE(a.width % a.groups == 0, "%lld channels do not make %lld groups", (long long)a.width, (long long)a.groups);
    span("weight", a.weight, a.replicas, product(a.groups, a.rows, a.columns));
    span("x", a.x, a.replicas, product(a.batch, a.columns, a.width));
    span("y", a.y, a.replicas, product(a.batch, a.rows, a.width));
}

void check(const em_mix_tokens_backward_args& b) {
    const em_mix_tokens_args& a = b.forward;
    check(em_mix_tokens_args{a.weight, a.x, b.d_y, a.replicas, a.batch, a.length, a.groups, a.rows, a.columns, a.width});
    span("d_x", b.d_x, a.replicas, product(a.batch, a.columns, a.width));
    span("d_weight", b.d_weight, a.replicas, product(a.groups, a.rows, a.columns));
}

void check(const em_fast_weights_args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "length", a.length, "heads", a.heads, "head_dim", a.head_dim);
    EM_REQUIRE(a.feature >= EM_FEATURE_NONE && a.feature <= EM_FEATURE_UNIT, "unknown feature %d", a.feature);
    const int64_t tokens = product(a.batch, a.length);
    const int64_t inner = product(a.heads, a.head_dim);
    spans(a.replicas, strided("q, k, v", tokens, a.stride, inner), "q", a.q, "k", a.k, "v", a.v);
    span("out", a.out, a.replicas, product(tokens, inner));
    if (a.gates.buffer != nullptr) {
        EM_REQUIRE(a.normalised == 0, "the gated rule has no normalised form");
        span("gates", a.gates, a.replicas, strided("gates", tokens, a.gate_stride, 2 * a.heads));
    }
}

void check(const em_fast_weights_backward_args& b) {
    const em_fast_weights_args& a = b.forward;
    check(a);
    const int64_t tokens = product(a.batch, a.length);
    const int64_t inner = product(a.heads, a.head_dim);
    spans(a.replicas, strided("q, k, v", tokens, a.stride, inner), "d_q", b.d_q, "d_k", b.d_k, "d_v", b.d_v);
    span("d_out", b.d_out, a.replicas, product(tokens, inner));
    if (a.gates.buffer != nullptr) {
        span("d_gates", b.d_gates, a.replicas, strided("d_gates", tokens, a.gate_stride, 2 * a.heads));
    }
}

void check(const em_diagonal_scan_args& a) {
    token_sizes(a);
    const int64_t tokens = product(a.batch, a.length);
    span("u", a.u, a.replicas, strided("u", tokens, a.stride, a.width));
    span("decay", a.decay, a.replicas, a.width);
    span("h", a.h, a.replicas, product(tokens, a.width));
    if (a.gates.buffer != nullptr) {
        span("gates", a.gates, a.replicas, strided("gates", tokens, a.stride, 2 * a.width));
    }
}

void check(const em_diagonal_scan_backward_args& b) {
    const em_diagonal_scan_args& a = b.forward;
    check(a);
    check(em_diagonal_scan_args{b.d_u, b.d_gates, a.decay, b.d_h, a.replicas, a.batch, a.length, a.width, a.stride});
    EM_REQUIRE((a.gates.buffer == nullptr) == (b.d_gates.buffer == nullptr), "gates and d_gates go together");
    span("d_decay", b.d_decay, a.replicas, product(a.batch, a.width));
}

void check(const em_rotate_args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "length", a.length, "heads", a.heads, "head_dim", a.head_dim);
    EM_REQUIRE(a.head_dim % 2 == 0, "head_dim %lld has no halves to rotate", (long long)a.head_dim);
    span("x", a.x, a.replicas, strided("x", product(a.batch, a.length), a.stride, product(a.heads, a.head_dim)));
    span("table", a.table, a.replicas, product(a.length, a.head_dim));
}

}  // namespace em

// What attention over tokens and the products of heads may rely on.
#include "common/checks.h"

namespace em {

void check(const em_head_product_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "heads", a.heads, "head_dim", a.head_dim, "width", a.width);
    EM_REQUIRE(a.form >= EM_HEADS_WIDEN && a.form <= EM_HEADS_WEIGHT, "unknown form %d", a.form);
    span("x", a.x, a.replicas, product(a.rows, a.heads, a.head_dim));
    span("w", a.w, a.replicas, product(a.heads, a.head_dim, a.width));
    span("y", a.y, a.replicas, product(a.rows, a.heads, a.width));
}

void check(const em_token_attention_args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "heads", a.heads, "length", a.length, "width", a.width);
    spans(a.replicas, product(a.batch, a.heads, a.width), "q", a.q, "out", a.out);
    span("x", a.x, a.replicas, product(a.batch, a.length, a.width));
    span("p", a.p, a.replicas, product(a.batch, a.heads, a.length));
}

void check(const em_token_attention_backward_args& b) {
    const em_token_attention_args& a = b.forward;
    check(a);
    spans(a.replicas, product(a.batch, a.heads, a.width), "d_out", b.d_out, "d_q", b.d_q);
    span("d_x", b.d_x, a.replicas, product(a.batch, a.length, a.width));
    span("d_s", b.d_s, a.replicas, product(a.batch, a.heads, a.length));
}

}  // namespace em

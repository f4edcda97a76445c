// What the operations that layers are made of may rely on: positive sizes, tensors within their buffers.
#include "common/checks.h"

namespace em {

void check(const em_zero_args& a) {
    sizes("replicas", a.replicas, "elements", a.elements);
    span("x", a.x, a.replicas, a.elements);
}

void check(const em_copy_args& a) {
    sizes("replicas", a.replicas, "elements", a.elements);
    spans(a.replicas, a.elements, "from", a.from, "to", a.to);
}

void check(const em_accumulate_args& a) {
    sizes("replicas", a.replicas, "elements", a.elements);
    spans(a.replicas, a.elements, "x", a.x, "y", a.y);
}

void check(const em_gemm_args& a) {
    sizes("replicas", a.replicas, "m", a.m, "n", a.n, "k", a.k);
    span("a", a.a, a.replicas, product(a.m, a.k));
    span("b", a.b, a.replicas, product(a.k, a.n));
    span("c", a.c, a.replicas, product(a.m, a.n));
}

void check(const em_bias_activation_args& a) {
    matrix_sizes(a);
    activation(a.activation);
    spans(a.replicas, product(a.rows, a.columns), "z", a.z, "out", a.out);
    span("bias", a.bias, a.replicas, a.columns);
}

void check(const em_bias_activation_backward_args& a) {
    matrix_sizes(a);
    spans(a.replicas, product(a.rows, a.columns), "d_out", a.d_out, "slope", a.slope, "d_z", a.d_z);
    span("d_bias", a.d_bias, a.replicas, a.columns);
}

void check(const em_bias_residual_args& a) {
    matrix_sizes(a);
    spans(a.replicas, product(a.rows, a.columns), "y", a.y, "out", a.out);
    span("bias", a.bias, a.replicas, a.columns);
    optional_span("residual", a.residual, a.replicas, product(a.rows, a.columns));
}

void check(const em_bias_backward_args& a) {
    matrix_sizes(a);
    span("d_y", a.d_y, a.replicas, product(a.rows, a.columns));
    span("d_bias", a.d_bias, a.replicas, a.columns);
}

void check(const em_embed_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "vocabulary", a.vocabulary, "width", a.width);
    span("tokens", a.tokens, a.replicas, a.rows);
    span("table", a.table, a.replicas, product(a.vocabulary, a.width));
    span("out", a.out, a.replicas, product(a.rows, a.width));
}

void check(const em_embed_backward_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "vocabulary", a.vocabulary, "width", a.width);
    span("tokens", a.tokens, a.replicas, a.rows);
    span("d_out", a.d_out, a.replicas, product(a.rows, a.width));
    span("d_table", a.d_table, a.replicas, product(a.vocabulary, a.width));
}

void check(const em_add_positions_args& a) {
    token_sizes(a);
    span("x", a.x, a.replicas, product(a.batch, a.length, a.width));
    span("positions", a.positions, a.replicas, product(a.length, a.width));
}

void check(const em_add_positions_backward_args& a) {
    token_sizes(a);
    span("d_x", a.d_x, a.replicas, product(a.batch, a.length, a.width));
    span("d_positions", a.d_positions, a.replicas, product(a.length, a.width));
}

void check(const em_take_tokens_args& a) {
    token_sizes(a);
    size("count", a.count);
    EM_REQUIRE(a.first >= 0 && a.first <= a.length - a.count, "tokens %lld to %lld are not in 0..%lld", (long long)a.first,
               (long long)(a.first + a.count - 1), (long long)a.length - 1);
    span("x", a.x, a.replicas, product(a.batch, a.length, a.width));
    span("out", a.out, a.replicas, product(a.batch, a.count, a.width));
}

void check(const em_take_tokens_backward_args& a) {
    check(em_take_tokens_args{a.d_x, a.d_out, a.replicas, a.batch, a.length, a.width, a.first, a.count});
}

void check(const em_mean_tokens_args& a) { check(em_take_tokens_args{a.x, a.out, a.replicas, a.batch, a.length, a.width, 0, 1}); }

void check(const em_mean_tokens_backward_args& a) { check(em_mean_tokens_args{a.d_x, a.d_out, a.replicas, a.batch, a.length, a.width}); }

void check(const em_repeat_tokens_args& a) { check(em_mean_tokens_args{a.out, a.x, a.replicas, a.batch, a.length, a.width}); }

void check(const em_list_marks_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "columns", a.columns, "width", a.width);
    span("marks", a.marks, a.replicas, product(a.rows, a.columns));
    span("list", a.list, a.replicas, product(a.rows, a.width));
}

void check(const em_layer_norm_args& a) {
    matrix_sizes(a);
    spans(a.replicas, product(a.rows, a.columns), "x", a.x, "out", a.out);
    spans(a.replicas, a.columns, "gamma", a.gamma, "beta", a.beta);
    span("mean", a.mean, a.replicas, a.rows);
    optional_span("rstd", a.rstd, a.replicas, a.rows);
}

void check(const em_layer_norm_backward_args& a) {
    matrix_sizes(a);
    spans(a.replicas, product(a.rows, a.columns), "d_out", a.d_out, "x", a.x, "d_x", a.d_x);
    optional_span("added", a.added, a.replicas, product(a.rows, a.columns));
    spans(a.replicas, a.columns, "gamma", a.gamma, "d_gamma", a.d_gamma, "d_beta", a.d_beta);
    span("mean", a.mean, a.replicas, a.rows);
    optional_span("rstd", a.rstd, a.replicas, a.rows);
}

void check(const em_norm_scale_args& a) {
    matrix_sizes(a);
    span("z", a.z, a.replicas, product(a.rows, a.columns));
    span("rstd", a.rstd, a.replicas, a.rows);
    span("bias", a.bias, a.replicas, a.columns);
}

void check(const em_norm_scale_backward_args& a) {
    matrix_sizes(a);
    size("width", a.width);
    spans(a.replicas, product(a.rows, a.columns), "d_out", a.d_out, "out", a.out, "d_z", a.d_z);
    spans(a.replicas, product(a.rows, a.width), "x", a.x, "d_x", a.d_x);
    spans(a.replicas, a.columns, "bias", a.bias, "d_bias", a.d_bias);
    spans(a.replicas, a.rows, "mean", a.mean, "rstd", a.rstd);
}

}  // namespace em

// What every operation may rely on: positive sizes, tensors within their buffers.
#include <cstring>

#include "common/buffer.h"
#include "common/error.h"
#include "common/operations.h"

namespace em {
namespace {

// A size of an operation, positive and small enough that products of two do not overflow.
void size(const char* name, int64_t value) {
    EM_REQUIRE(value >= 1 && value <= INT64_C(1) << 31, "%s must be in 1..2^31, got %lld", name, (long long)value);
}

template <class... More>
void sizes(const char* name, int64_t value, More... more) {
    size(name, value);
    if constexpr (sizeof...(more) > 0) {
        sizes(more...);
    }
}

// `inner` elements of each of `replicas` lie in the buffer.
void span(const char* name, const em_tensor& tensor, int64_t replicas, int64_t inner) {
    EM_REQUIRE(tensor.buffer != nullptr, "tensor %s has no buffer", name);
    EM_REQUIRE(replicas == 1 || tensor.replica_stride >= inner, "replicas of %s overlap: stride %lld, %lld elements", name,
               (long long)tensor.replica_stride, (long long)inner);
    const int64_t stride = replicas == 1 ? 0 : tensor.replica_stride;
    EM_REQUIRE(inner >= 1 && stride <= INT64_C(1) << 40, "%s has %lld elements a replica", name, (long long)inner);
    const int64_t end = tensor.offset + (replicas - 1) * stride + inner;
    EM_REQUIRE(tensor.offset >= 0 && end <= tensor.buffer->elements, "%s ends at element %lld of a buffer of %lld", name, (long long)end,
               (long long)tensor.buffer->elements);
}

void optional_span(const char* name, const em_tensor& tensor, int64_t replicas, int64_t inner) {
    if (tensor.buffer != nullptr) {
        span(name, tensor, replicas, inner);
    }
}

// Spans of several tensors that hold the same number of elements.
template <class... More>
void spans(int64_t replicas, int64_t inner, const char* name, const em_tensor& tensor, const More&... more) {
    span(name, tensor, replicas, inner);
    if constexpr (sizeof...(more) > 0) {
        spans(replicas, inner, more...);
    }
}

void activation(int32_t value) { EM_REQUIRE(value == EM_GELU || value == EM_RELU, "unknown activation %d", value); }

template <class Args>
void token_sizes(const Args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "length", a.length, "width", a.width);
}

template <class Args>
void matrix_sizes(const Args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "columns", a.columns);
}

// Elements from the first to the last of `tokens` tokens of `width` values that are `stride` apart.
int64_t strided(const char* name, int64_t tokens, int64_t stride, int64_t width) {
    EM_REQUIRE(stride >= width && stride <= INT64_C(1) << 31, "tokens of %s overlap: stride %lld, %lld values", name, (long long)stride,
               (long long)width);
    return (tokens - 1) * stride + width;
}

void attention_inputs(const em_attention_args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "heads", a.heads, "queries", a.queries, "keys", a.keys, "head_dim", a.head_dim);
    EM_REQUIRE(a.head_dim <= 128, "head_dim must be at most 128, got %lld", (long long)a.head_dim);
    const int64_t width = a.heads * a.head_dim;
    span("q", a.q, a.replicas, strided("q", a.batch * a.queries, a.query_stride, width));
    span("k", a.k, a.replicas, strided("k", a.batch * a.keys, a.key_stride, width));
    optional_span("bias", a.bias, a.replicas, a.queries * a.keys);
    span("lse", a.lse, a.replicas, a.batch * a.heads * a.queries);
}

}  // namespace

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
    span("a", a.a, a.replicas, a.m * a.k);
    span("b", a.b, a.replicas, a.k * a.n);
    span("c", a.c, a.replicas, a.m * a.n);
}

void check(const em_bias_activation_args& a) {
    matrix_sizes(a);
    activation(a.activation);
    spans(a.replicas, a.rows * a.columns, "z", a.z, "out", a.out);
    span("bias", a.bias, a.replicas, a.columns);
}

void check(const em_bias_activation_backward_args& a) {
    matrix_sizes(a);
    activation(a.activation);
    spans(a.replicas, a.rows * a.columns, "d_out", a.d_out, "z", a.z, "d_z", a.d_z);
    span("d_bias", a.d_bias, a.replicas, a.columns);
}

void check(const em_bias_residual_args& a) {
    matrix_sizes(a);
    spans(a.replicas, a.rows * a.columns, "y", a.y, "out", a.out);
    span("bias", a.bias, a.replicas, a.columns);
    optional_span("residual", a.residual, a.replicas, a.rows * a.columns);
}

void check(const em_bias_backward_args& a) {
    matrix_sizes(a);
    span("d_y", a.d_y, a.replicas, a.rows * a.columns);
    span("d_bias", a.d_bias, a.replicas, a.columns);
}

void check(const em_embed_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "vocabulary", a.vocabulary, "width", a.width);
    span("tokens", a.tokens, a.replicas, a.rows);
    span("table", a.table, a.replicas, a.vocabulary * a.width);
    span("out", a.out, a.replicas, a.rows * a.width);
}

void check(const em_embed_backward_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "vocabulary", a.vocabulary, "width", a.width);
    span("tokens", a.tokens, a.replicas, a.rows);
    span("d_out", a.d_out, a.replicas, a.rows * a.width);
    span("d_table", a.d_table, a.replicas, a.vocabulary * a.width);
}

void check(const em_add_positions_args& a) {
    token_sizes(a);
    span("x", a.x, a.replicas, a.batch * a.length * a.width);
    span("positions", a.positions, a.replicas, a.length * a.width);
}

void check(const em_add_positions_backward_args& a) {
    token_sizes(a);
    span("d_x", a.d_x, a.replicas, a.batch * a.length * a.width);
    span("d_positions", a.d_positions, a.replicas, a.length * a.width);
}

void check(const em_take_token_args& a) {
    token_sizes(a);
    EM_REQUIRE(a.token >= 0 && a.token < a.length, "token %lld is not in 0..%lld", (long long)a.token, (long long)a.length - 1);
    span("x", a.x, a.replicas, a.batch * a.length * a.width);
    span("out", a.out, a.replicas, a.batch * a.width);
}

void check(const em_take_token_backward_args& a) {
    check(em_take_token_args{a.d_x, a.d_out, a.replicas, a.batch, a.length, a.width, a.token});
}

void check(const em_mean_tokens_args& a) { check(em_take_token_args{a.x, a.out, a.replicas, a.batch, a.length, a.width, 0}); }

void check(const em_mean_tokens_backward_args& a) { check(em_take_token_args{a.d_x, a.d_out, a.replicas, a.batch, a.length, a.width, 0}); }

void check(const em_repeat_tokens_args& a) { check(em_take_token_args{a.out, a.x, a.replicas, a.batch, a.length, a.width, 0}); }

void check(const em_layer_norm_args& a) {
    matrix_sizes(a);
    spans(a.replicas, a.rows * a.columns, "x", a.x, "out", a.out);
    spans(a.replicas, a.columns, "gamma", a.gamma, "beta", a.beta);
    spans(a.replicas, a.rows, "mean", a.mean, "rstd", a.rstd);
}

void check(const em_layer_norm_backward_args& a) {
    matrix_sizes(a);
    spans(a.replicas, a.rows * a.columns, "d_out", a.d_out, "x", a.x, "d_x", a.d_x);
    spans(a.replicas, a.columns, "gamma", a.gamma, "d_gamma", a.d_gamma, "d_beta", a.d_beta);
    spans(a.replicas, a.rows, "mean", a.mean, "rstd", a.rstd);
}

void check(const em_attention_args& a) {
    attention_inputs(a);
    const int64_t width = a.heads * a.head_dim;
    span("v", a.v, a.replicas, strided("v", a.batch * a.keys, a.key_stride, width));
    span("out", a.out, a.replicas, strided("out", a.batch * a.queries, a.output_stride, width));
}

void check(const em_attention_backward_args& b) {
    const em_attention_args& a = b.forward;
    check(a);
    const int64_t width = a.heads * a.head_dim;
    span("d_out", b.d_out, a.replicas, strided("d_out", a.batch * a.queries, a.output_stride, width));
    span("d_q", b.d_q, a.replicas, strided("d_q", a.batch * a.queries, a.query_stride, width));
    const int64_t keys = strided("d_k", a.batch * a.keys, a.key_stride, width);
    spans(a.replicas, keys, "d_k", b.d_k, "d_v", b.d_v);
    span("delta", b.delta, a.replicas, a.batch * a.heads * a.queries);
}

void check(const em_attention_probabilities_args& b) {
    const em_attention_args& a = b.forward;
    attention_inputs(a);
    span("p", b.p, a.replicas, a.batch * a.heads * a.queries * a.keys);
}

void check(const em_attention_mass_args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "heads", a.heads, "queries", a.queries, "keys", a.keys);
    span("p", a.p, a.replicas, a.batch * a.heads * a.queries * a.keys);
    span("query", a.query, a.replicas, a.batch);
    span("marked", a.marked, a.replicas, a.batch * a.keys);
    span("mass", a.mass, a.replicas, a.batch * a.heads);
}

void check(const em_attention_entropy_args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "heads", a.heads, "queries", a.queries, "keys", a.keys);
    span("p", a.p, a.replicas, a.batch * a.heads * a.queries * a.keys);
    span("query", a.query, a.replicas, a.batch);
    span("entropy", a.entropy, a.replicas, a.batch * a.heads);
}

void check(const em_squared_error_args& a) {
    matrix_sizes(a);
    spans(a.replicas, a.rows * a.columns, "prediction", a.prediction, "target", a.target);
    span("loss", a.loss, a.replicas, a.rows);
    optional_span("d_prediction", a.d_prediction, a.replicas, a.rows * a.columns);
}

void check(const em_cross_entropy_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "classes", a.classes);
    span("logits", a.logits, a.replicas, a.rows * a.classes);
    spans(a.replicas, a.rows, "target", a.target, "loss", a.loss, "correct", a.correct);
    optional_span("d_logits", a.d_logits, a.replicas, a.rows * a.classes);
}

void check(const em_mean_args& a) {
    sizes("replicas", a.replicas, "elements", a.elements);
    span("x", a.x, a.replicas, a.elements);
    span("out", a.out, a.replicas, 1);
}

void check(const em_clip_gradient_args& a) {
    sizes("replicas", a.replicas, "elements", a.elements);
    EM_REQUIRE(a.max_norm > 0, "max_norm must be positive, got %g", a.max_norm);
    span("gradient", a.gradient, a.replicas, a.elements);
    span("norm", a.norm, a.replicas, 1);
}

void check(const em_advance_args& a) {
    size("replicas", a.replicas);
    span("step", a.step, a.replicas, 1);
}

void check(const em_learning_rate_args& a) {
    size("replicas", a.replicas);
    EM_REQUIRE(a.warmup_steps >= 0 && (a.decay_steps == 0 || a.decay_steps > a.warmup_steps),
               "decay_steps must be 0 or exceed warmup_steps %lld, got %lld", (long long)a.warmup_steps, (long long)a.decay_steps);
    spans(a.replicas, 1, "step", a.step, "base", a.base, "out", a.out);
}

void check(const em_adam_args& a) {
    sizes("replicas", a.replicas, "elements", a.elements);
    spans(a.replicas, a.elements, "parameters", a.parameters, "gradient", a.gradient, "m", a.m, "v", a.v);
    spans(a.replicas, 1, "learning_rate", a.learning_rate, "step", a.step);
}

void check(const em_sgd_args& a) {
    sizes("replicas", a.replicas, "elements", a.elements);
    spans(a.replicas, a.elements, "parameters", a.parameters, "gradient", a.gradient, "m", a.m);
    span("learning_rate", a.learning_rate, a.replicas, 1);
}

void check(const em_watch_args& a) {
    size("replicas", a.replicas);
    spans(a.replicas, 1, "loss", a.loss, "step", a.step, "at", a.at);
}

void check(const em_sample_linear_regression_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "length", a.length, "width", a.width);
    EM_REQUIRE(a.positions >= EM_LAST && a.positions <= EM_RANDOM, "unknown positions %d", a.positions);
    EM_REQUIRE(a.feature == 0 || a.feature == 1, "feature must be 0 or 1, got %d", a.feature);
    span("keys", a.keys, a.replicas, 2);
    spans(a.replicas, 1, "step", a.step, "cross_sample", a.cross_sample, "in_context", a.in_context);
    span("target", a.target, a.replicas, a.width * a.width);
    span("special", a.special, a.replicas, a.width);
    span("fixed_positions", a.fixed_positions, a.replicas, a.length);
    span("x", a.x, a.replicas, a.rows * a.length * (a.width + a.feature));
    span("y", a.y, a.replicas, a.rows * a.width);
    span("relevant", a.relevant, a.replicas, a.rows * a.length);
}

void check(const em_sample_recall_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "pairs", a.pairs, "tokens", a.tokens, "favoured_count", a.favoured_count);
    EM_REQUIRE(a.placement >= EM_AT_LEAST_ONE && a.placement <= EM_EXACTLY, "unknown placement %d", a.placement);
    // Without the query among the keys, one token less is left for them.
    EM_REQUIRE(a.pairs <= a.tokens - (a.placement == EM_BINOMIAL ? 1 : 0), "%lld pairs need more than %lld tokens", (long long)a.pairs,
               (long long)a.tokens);
    span("keys", a.keys, a.replicas, 2);
    spans(a.replicas, 1, "step", a.step, "cross_sample", a.cross_sample, "in_context", a.in_context);
    span("favoured", a.favoured, a.replicas, a.favoured_count);
    const int64_t length = 2 * a.pairs + 1;
    spans(a.replicas, a.rows * length, "sequence", a.sequence, "relevant", a.relevant, "key", a.key);
    spans(a.replicas, a.rows, "target", a.target, "value", a.value);
}

}  // namespace em

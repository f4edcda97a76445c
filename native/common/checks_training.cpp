// What losses, optimisers and samplers may rely on.
#include "common/checks.h"

namespace em {

void check(const em_squared_error_args& a) {
    matrix_sizes(a);
    spans(a.replicas, product(a.rows, a.columns), "prediction", a.prediction, "target", a.target);
    span("loss", a.loss, a.replicas, a.rows);
    optional_span("d_prediction", a.d_prediction, a.replicas, product(a.rows, a.columns));
}

void check(const em_cross_entropy_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "classes", a.classes);
    span("logits", a.logits, a.replicas, product(a.rows, a.classes));
    spans(a.replicas, a.rows, "target", a.target, "loss", a.loss, "correct", a.correct);
    optional_span("d_logits", a.d_logits, a.replicas, product(a.rows, a.classes));
}

void check(const em_mean_args& a) {
    sizes("replicas", a.replicas, "elements", a.elements);
    span("x", a.x, a.replicas, a.elements);
    optional_span("target", a.target, a.replicas, a.elements);
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
    spans(a.replicas, 1, "step", a.step, "stopped_at", a.stopped_at);
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
    spans(a.replicas, 1, "learning_rate", a.learning_rate, "step", a.step, "stopped_at", a.stopped_at);
}

void check(const em_sgd_args& a) {
    sizes("replicas", a.replicas, "elements", a.elements);
    spans(a.replicas, a.elements, "parameters", a.parameters, "gradient", a.gradient, "m", a.m);
    spans(a.replicas, 1, "learning_rate", a.learning_rate, "stopped_at", a.stopped_at);
}

void check(const em_watch_args& a) {
    size("replicas", a.replicas);
    spans(a.replicas, 1, "loss", a.loss, "step", a.step, "stopped_at", a.stopped_at);
}

void check(const em_sample_linear_regression_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "length", a.length, "width", a.width);
    EM_REQUIRE(a.positions >= EM_LAST && a.positions <= EM_RANDOM, "unknown positions %d", a.positions);
    EM_REQUIRE(a.feature == 0 || a.feature == 1, "feature must be 0 or 1, got %d", a.feature);
    span("keys", a.keys, a.replicas, 2);
    spans(a.replicas, 1, "step", a.step, "cross_sample", a.cross_sample, "in_context", a.in_context, "dataset", a.dataset);
    span("target", a.target, a.replicas, product(a.width, a.width));
    span("special", a.special, a.replicas, a.width);
    span("fixed_positions", a.fixed_positions, a.replicas, a.length);
    span("x", a.x, a.replicas, product(a.rows, a.length, a.width + a.feature));
    span("y", a.y, a.replicas, product(a.rows, a.width));
    span("relevant", a.relevant, a.replicas, product(a.rows, a.length));
}

void check(const em_draw_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "columns", a.columns, "bound", a.bound);
    EM_REQUIRE(a.what >= EM_TOKENS && a.what <= EM_PERMUTATIONS, "unknown draw %d", a.what);
    EM_REQUIRE(a.bound < INT64_C(1) << 31, "bound must be below 2^31, got %lld", (long long)a.bound);
    EM_REQUIRE(a.what != EM_PERMUTATIONS || a.columns <= a.bound, "a permutation of %lld has no %lld elements", (long long)a.bound,
               (long long)a.columns);
    span("keys", a.keys, a.replicas, 2);
    span("step", a.step, a.replicas, 1);
    span("out", a.out, a.replicas, product(a.rows, a.columns));
}

void check(const em_gather_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "columns", a.columns, "table_rows", a.table_rows, "table_columns", a.table_columns);
    EM_REQUIRE(a.table_rows == 1 || a.table_rows == a.rows, "table_rows must be 1 or %lld, got %lld", (long long)a.rows,
               (long long)a.table_rows);
    span("table", a.table, a.replicas, product(a.table_rows, a.table_columns));
    spans(a.replicas, product(a.rows, a.columns), "index", a.index, "out", a.out);
}

void check(const em_sample_recall_args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "pairs", a.pairs, "tokens", a.tokens, "favoured_count", a.favoured_count);
    EM_REQUIRE(a.placement >= EM_AT_LEAST_ONE && a.placement <= EM_EXACTLY, "unknown placement %d", a.placement);
    // Without the query among the keys, one token less is left for them.
    EM_REQUIRE(a.pairs <= a.tokens - (a.placement == EM_BINOMIAL ? 1 : 0), "%lld pairs need more than %lld tokens", (long long)a.pairs,
               (long long)a.tokens);
    span("keys", a.keys, a.replicas, 2);
    spans(a.replicas, 1, "step", a.step, "cross_sample", a.cross_sample, "in_context", a.in_context, "dataset", a.dataset);
    span("favoured", a.favoured, a.replicas, a.favoured_count);
    const int64_t length = 2 * a.pairs + 1;
    spans(a.replicas, product(a.rows, length), "sequence", a.sequence, "relevant", a.relevant, "key", a.key);
    spans(a.replicas, a.rows, "target", a.target, "value", a.value);
}

}  // namespace em

// Every operation on awkward sizes, at once.
#include "smoke.h"

namespace {

struct Size {
    int64_t replicas, rows, columns;
};

void arithmetic(em_context* context, Workplace& at, Size s) {
    const int64_t n = s.rows * s.columns;
    const int64_t r = s.replicas;
    const em_tensor x = at.floats(n), y = at.floats(n), z = at.floats(n), bias = at.floats(s.columns), d_bias = at.floats(s.columns);
    CALL(zero, {x, r, n});
    CALL(copy, {y, x, r, n});
    CALL(accumulate, {x, y, r, n});
    CALL(bias_activation, {z, bias, x, r, s.rows, s.columns, EM_GELU});
    CALL(bias_activation, {z, bias, x, r, s.rows, s.columns, EM_RELU});
    CALL(bias_activation_backward, {y, z, y, d_bias, r, s.rows, s.columns});
    CALL(bias_activation_backward, {y, z, x, d_bias, r, s.rows, s.columns});
    CALL(bias_residual, {y, bias, {}, x, r, s.rows, s.columns});
    CALL(bias_residual, {y, bias, x, y, r, s.rows, s.columns});
    CALL(bias_backward, {y, d_bias, r, s.rows, s.columns});
    const em_tensor a = at.floats(s.rows * 5), b = at.floats(5 * s.columns), c = at.floats(n);
    for (int transposed = 0; transposed < 4; ++transposed) {
        CALL(gemm, {a, b, c, r, s.rows, s.columns, 5, transposed & 1, transposed >> 1, transposed == 1 ? 1.0f : 0.0f});
    }
    const em_tensor gamma = at.floats(s.columns), mean = at.floats(s.rows), rstd = at.floats(s.rows);
    CALL(layer_norm, {z, gamma, bias, x, mean, rstd, r, s.rows, s.columns});
    CALL(layer_norm_backward, {y, z, gamma, mean, rstd, y, d_bias, bias, r, s.rows, s.columns, {}});
    CALL(layer_norm_backward, {y, z, gamma, mean, rstd, x, d_bias, bias, r, s.rows, s.columns, x});
    CALL(layer_norm, {z, gamma, bias, x, mean, {}, r, s.rows, s.columns});
    CALL(layer_norm_backward, {y, z, gamma, mean, {}, y, d_bias, bias, r, s.rows, s.columns, {}});
    CALL(norm_scale, {z, rstd, bias, r, s.rows, s.columns});
    CALL(norm_scale_backward, {y, z, bias, x, mean, rstd, y, d_bias, x, r, s.rows, s.columns, s.columns});
}

void tokens(em_context* context, Workplace& at, Size s) {
    const int64_t r = s.replicas, batch = 3, length = s.rows, width = s.columns;
    const em_tensor x = at.floats(batch * length * width), d_x = at.floats(batch * length * width);
    const em_tensor positions = at.floats(length * width), one = at.floats(batch * width);
    const em_tensor words = at.integers(batch * length, 7), table = at.floats(7 * width);
    CALL(embed, {words, table, x, r, batch * length, 7, width});
    CALL(embed_backward, {words, x, table, r, batch * length, 7, width});
    CALL(add_positions, {x, positions, r, batch, length, width});
    CALL(add_positions_backward, {x, positions, r, batch, length, width});
    CALL(take_tokens, {x, one, r, batch, length, width, length - 1, 1});
    CALL(take_tokens_backward, {one, d_x, r, batch, length, width, 0, 1});
    CALL(mean_tokens, {x, one, r, batch, length, width});
    CALL(mean_tokens_backward, {one, d_x, r, batch, length, width});
    CALL(repeat_tokens, {one, x, r, batch, length, width});
    CALL(list_marks, {at.integers(batch * length, 2), at.integers(batch * length, 2), r, batch, length, length});
}

// Biases and gradients of their strengths; outputs of heads put in place of others.
void biased_attention(em_context* context, Workplace& at, em_attention_args forward) {
    const int64_t outputs = forward.batch * forward.queries * forward.query_stride,
                  inputs = forward.batch * forward.keys * forward.key_stride;
    std::vector<int32_t> every(static_cast<size_t>(forward.replicas * forward.queries));
    for (size_t i = 0; i < every.size(); ++i) {
        every[i] = static_cast<int32_t>(i % static_cast<size_t>(forward.queries));
    }
    const em_tensor delta = at.floats(forward.batch * forward.heads * forward.queries), d_out = at.floats(outputs);
    forward.listed_count = 1;
    forward.listed[0] = {{at.integers(forward.queries, every), at.integers(forward.queries * 2, forward.keys), 1, forward.queries, 2},
                         at.floats(1),
                         at.integers(forward.heads, 2),
                         0};
    call("attention", context, em_attention, forward);
    CALL(attention_backward, {forward, d_out, at.floats(outputs), at.floats(inputs), at.floats(inputs), delta});
    CALL(attention_bias_backward, {forward, d_out, delta, at.floats(1), 0, 0});
    const em_tensor p = at.floats(forward.batch * forward.heads * forward.queries * forward.keys);
    CALL(attention_override, {forward, p, at.integers(forward.heads, 3)});
}

void attention(em_context* context, Workplace& at, int64_t r, int64_t queries, int64_t keys, int64_t head_dim, int causal, bool bias) {
    const int64_t batch = 2, heads = 3, width = heads * head_dim, gap = width + 3;
    // As long as the strides say, to the last element.
    const int64_t of_queries = (batch * queries - 1) * gap + width, of_keys = (batch * keys - 1) * gap + width;
    const em_tensor rows = at.floats(batch * heads * queries), p = at.floats(batch * heads * queries * keys);
    const em_attention_args forward{at.floats(of_queries),
                                    at.floats(of_keys),
                                    at.floats(of_keys),
                                    bias ? at.floats(queries * keys) : em_tensor{},
                                    at.floats(of_queries),
                                    rows,
                                    r,
                                    batch,
                                    heads,
                                    queries,
                                    keys,
                                    head_dim,
                                    gap,
                                    gap,
                                    gap,
                                    causal,
                                    0.3f,
                                    {},
                                    0};
    call("attention", context, em_attention, forward);
    CALL(attention_backward, {forward, at.floats(of_queries), at.floats(of_queries), at.floats(of_keys), at.floats(of_keys),
                              at.floats(batch * heads * queries)});
    CALL(attention_probabilities, {forward, p});
    const em_attention_list list{at.integers(batch * 2, queries), at.integers(batch * 2 * keys, keys), batch, 2, keys};
    const em_tensor statistic = at.floats(batch * heads * 2);
    CALL(attention_mass, {forward, list, statistic});
    CALL(attention_entropy, {forward, list, statistic});
    biased_attention(context, at, forward);
    for (float value : at.read(statistic, batch * heads * 2)) {
        EXPECT(std::isfinite(value), "entropy %g for %lld queries, %lld keys, width %lld", value, (long long)queries, (long long)keys,
               (long long)head_dim);
    }
}

void readout(em_context* context, Workplace& at, Size s) {
    const int64_t r = s.replicas, batch = 2, heads = 3, length = s.rows, width = s.columns, head_dim = 5;
    const em_tensor q = at.floats(batch * heads * width), x = at.floats(batch * length * width);
    const em_tensor p = at.floats(batch * heads * length), out = at.floats(batch * heads * width);
    const em_token_attention_args forward{q, x, p, out, r, batch, heads, length, width, 0.3f};
    call("token_attention", context, em_token_attention, forward);
    CALL(token_attention_backward,
         {forward, out, at.floats(batch * heads * width), at.floats(batch * length * width), at.floats(batch * heads * length)});
    const em_tensor narrow = at.floats(batch * heads * head_dim), weight = at.floats(heads * head_dim * width);
    for (int32_t form = EM_HEADS_WIDEN; form <= EM_HEADS_WEIGHT; ++form) {
        CALL(head_product, {narrow, weight, out, r, batch, heads, head_dim, width, form});
    }
}

void mixers(em_context* context, Workplace& at, Size s) {
    const int64_t r = s.replicas, batch = 2, length = s.rows, width = 2 * s.columns, tokens = batch * length;
    const em_tensor weight = at.floats(2 * 3 * length * length), d_weight = at.floats(2 * 3 * length * length);
    const em_tensor x = at.floats(tokens * width), d_x = at.floats(tokens * width), y = at.floats(3 * tokens * width);
    const em_mix_tokens_args mix{weight, x, y, r, batch, length, 2, 3 * length, length, width};
    call("mix_tokens", context, em_mix_tokens, mix);
    CALL(mix_tokens_backward, {mix, y, d_x, d_weight, 0});
    CALL(mix_tokens_backward, {mix, y, d_x, d_weight, 1});
    const int64_t heads = 2, head_dim = s.columns < 128 ? s.columns : 128, inner = heads * head_dim;
    const em_tensor q = at.floats(tokens * inner), d_q = at.floats(tokens * inner), d_k = at.floats(tokens * inner);
    const em_tensor d_v = at.floats(tokens * inner), out = at.floats(tokens * inner);
    const em_tensor gates = at.floats(tokens * 2 * heads), d_gates = at.floats(tokens * 2 * heads);
    for (int32_t kind = 0; kind < 4; ++kind) {
        const int32_t feature = kind < 3 ? kind : EM_FEATURE_ELU;
        const em_tensor gate = feature == EM_FEATURE_UNIT ? gates : em_tensor{};
        const em_fast_weights_args fast{q, q, q, gate, out, r, batch, length, heads, head_dim, inner, 2 * heads, feature, kind / 3, 0.5f};
        call("fast_weights", context, em_fast_weights, fast);
        CALL(fast_weights_backward, {fast, q, d_q, d_k, d_v, d_gates});
    }
    const em_tensor fused = at.floats(tokens * 3 * width), d_fused = at.floats(tokens * 3 * width);
    const em_tensor decay = at.floats(width), d_decay = at.floats(batch * width);
    const auto after = [width](em_tensor t) { return em_tensor{t.buffer, t.offset + width, t.replica_stride}; };
    const em_diagonal_scan_args plain{fused, {}, decay, x, r, batch, length, width, 3 * width};
    call("diagonal_scan", context, em_diagonal_scan, plain);
    CALL(diagonal_scan_backward, {plain, d_x, d_fused, {}, d_decay});
    const em_diagonal_scan_args gated{fused, after(fused), decay, x, r, batch, length, width, 3 * width};
    call("diagonal_scan", context, em_diagonal_scan, gated);
    CALL(diagonal_scan_backward, {gated, d_x, d_fused, after(d_fused), d_decay});
    CALL(rotate, {x, at.floats(length * width), r, batch, length, 1, width, width, 0});
    CALL(rotate, {x, at.floats(length * 2), r, batch, length, width / 2, 2, width, 1});
}

void training(em_context* context, Workplace& at, Size s) {
    const int64_t r = s.replicas, n = s.rows * s.columns;
    const em_tensor x = at.floats(n), y = at.floats(n), d = at.floats(n), loss = at.floats(s.rows), correct = at.floats(s.rows);
    const em_tensor rate = at.floats(1), norm = at.floats(1), step = at.integers(1, 5);
    const em_tensor stopped_at = at.integers(1, 1);
    CALL(squared_error, {x, y, loss, d, r, s.rows, s.columns});
    CALL(squared_error, {x, y, loss, {}, r, s.rows, s.columns});
    CALL(cross_entropy, {x, at.integers(s.rows, s.columns), loss, correct, d, r, s.rows, s.columns});
    CALL(mean, {loss, {}, norm, r, s.rows});
    CALL(mean, {loss, at.integers(s.rows, 2), norm, r, s.rows});
    CALL(clip_gradient, {d, norm, r, n, 0.01});
    CALL(advance, {step, stopped_at, r});
    CALL(learning_rate, {step, norm, rate, r, 3, 9, 0.1});
    CALL(adam, {x, d, at.floats(n), y, rate, step, stopped_at, r, n, 0.9, 0.999, 1e-8, 0.01});
    CALL(sgd, {x, d, y, rate, stopped_at, r, n, 0.9});
    CALL(watch, {norm, step, stopped_at, r});
}

void sampling(em_context* context, Workplace& at, int64_t r, int64_t length, int64_t width, int feature) {
    const int64_t rows = 5;
    const em_tensor keys = at.integers(2, 99), step = at.integers(1, 9), one = at.integers(1, 2);
    const em_tensor p = at.floats(1, std::vector<float>(r, 0.5f));
    for (int positions : {EM_LAST, EM_FIXED, EM_RANDOM}) {
        CALL(sample_linear_regression, {keys, step, p, one, one, at.floats(width * width), at.floats(width), at.integers(length, length),
                                        at.floats(rows * length * (width + feature)), at.floats(rows * width),
                                        at.integers(rows * length, 2), r, rows, length, width, positions, feature});
    }
    const em_tensor table = at.integers(rows * width, 9), drawn = at.integers(rows * length, width), out = at.floats(rows * length);
    CALL(draw, {keys, step, drawn, r, rows, length, length + width, 7, EM_PERMUTATIONS, 1.0f});
    CALL(draw, {keys, step, out, r, rows, length, 1, 7, EM_NORMALS, 0.5f});
    CALL(draw, {keys, step, drawn, r, rows, length, width, 7, EM_TOKENS, 1.0f});
    CALL(gather, {table, drawn, out, r, rows, length, rows, width});
    CALL(gather, {table, drawn, out, r, rows, length, 1, width});
    for (int placement : {EM_AT_LEAST_ONE, EM_BINOMIAL, EM_BINOMIAL_POSITIVE, EM_EXACTLY}) {
        const int64_t all = rows * (2 * length + 1);
        CALL(sample_recall, {keys, step, p, one, one, at.integers(2, length), at.integers(all, 2), at.integers(rows, 2),
                             at.integers(all, 2), at.integers(rows, 2), at.integers(all, 2), r, rows, length, length + 3, 2, placement});
    }
}

}  // namespace

void everything(em_context* context, Workplace& at, int64_t replicas) {
    for (Size s : {Size{replicas, 1, 1}, Size{replicas, 3, 17}, Size{replicas, 130, 33}, Size{replicas, 2, 255}}) {
        arithmetic(context, at, s);
        tokens(context, at, s);
        training(context, at, s);
        readout(context, at, s);
        mixers(context, at, s);
    }
    for (int64_t length : {1, 2, 31, 32, 33, 129}) {
        attention(context, at, replicas, length, length, length == 33 ? 128 : 2 * length % 67 + 1, true, length == 31);
        attention(context, at, replicas, 1, length, length < 128 ? length : 64, false, length == 32);
        sampling(context, at, replicas, length, length % 17 + 1, length % 2);
    }
    attention(context, at, replicas, 9, 5, 16, true, true);
    attention(context, at, replicas, 5, 300, 65, false, false);
}

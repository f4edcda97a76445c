// Calls every function of the ABI on awkward sizes, at once and recorded, with one and with two threads; made for the sanitizers. What
// the numbers should be is the business of BackendContract. EM_ISA chooses the kernels; a set that the processor lacks is skipped.
#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "common/operations.h"
#include "harness.h"

namespace {

std::map<std::string, int> called;

// Every operation is called through here, so that a missing one shows.
template <class Args>
void call(const char* name, em_context* context, em_status (*operation)(em_context*, const Args*), const Args& args) {
    ++called[name];
    EXPECT(operation(context, &args) == EM_OK, "%s: %s", name, em_last_error());
}
#define CALL(name, ...) call(#name, context, em_##name, em_##name##_args __VA_ARGS__)

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

// The middle one of three replicas has stopped: with a gradient of NaN it keeps its bits, and the others move.
void stopped(em_context* context) {
    Workplace at(context, 3);
    const int64_t r = 3, n = 40001;
    std::vector<float> gradients(r * n, 0.75f);
    std::fill(gradients.begin() + n, gradients.begin() + 2 * n, std::nanf(""));
    const em_tensor x = at.floats(n), g = at.floats(n, gradients), m = at.floats(n), v = at.floats(n, std::vector<float>(r * n, 0.25f));
    const em_tensor rate = at.floats(1, {0.5f, 0.25f, 0.125f});
    const em_tensor step = at.integers(1, {3, 7, 11}), stopped_at = at.integers(1, {0, 7, 0});
    const std::vector<float> before[] = {at.read(x, n), at.read(m, n), at.read(v, n)};
    CALL(advance, {step, stopped_at, r});
    CALL(adam, {x, g, m, v, rate, step, stopped_at, r, n, 0.9, 0.999, 1e-8, 0.01});
    CALL(sgd, {x, g, m, rate, stopped_at, r, n, 0.9});
    const std::vector<float> after[] = {at.read(x, n), at.read(m, n), at.read(v, n)};
    for (int k = 0; k < 3; ++k) {
        for (int64_t replica = 0; replica < r; ++replica) {
            int64_t kept = 0, finite = 0;
            for (int64_t i = replica * n; i < (replica + 1) * n; ++i) {
                kept += std::memcmp(&before[k][i], &after[k][i], sizeof(float)) == 0;
                finite += std::isfinite(after[k][i]);
            }
            EXPECT(kept == (replica == 1 ? n : 0) && finite == n, "tensor %d of replica %lld: %lld of %lld kept, %lld finite", k,
                   (long long)replica, (long long)kept, (long long)n, (long long)finite);
        }
    }
    EXPECT(at.read_integers(step, 1) == std::vector<int32_t>({4, 7, 12}), "a stopped replica advances");
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

// Another thread fills each slot with its step and a counter; the operation must see those of its own steps, whatever the ring guessed.
void feed(em_context* context, Workplace& at, int64_t r) {
    em_feed* feed = em_feed_create(context, r, 5, 3);
    EXPECT(feed != nullptr, "%s", em_last_error());
    std::atomic<int32_t> definition{0};
    std::thread filler([&] {
        std::vector<int32_t> steps(r);
        while (int32_t* slot = em_feed_claim(feed, steps.data())) {
            for (int64_t i = 0; i < 5 * r; ++i) {
                slot[i] = 10 * steps[i / 5] + static_cast<int32_t>(i % 5) + definition;
            }
            em_feed_publish(feed);
        }
    });
    const em_tensor step = at.integers(1, std::vector<int32_t>(r, 3)), still = at.integers(1, std::vector<int32_t>(r, 0));
    const em_tensor first = at.integers(2, 9), second = at.integers(3, 9);
    for (int i = 0; i < 3; ++i) {
        CALL(draw_host, {feed, step, {first, second}, {2, 3}, r, 2});
        CALL(advance, {step, still, r});
    }
    CALL(draw_host, {feed, still, {second, first}, {3, 2}, r, 2});
    EXPECT(at.read_integers(second, 3)[2] == 2 && at.read_integers(first, 2)[1] == 4, "a batch of another step");
    CALL(draw_host, {feed, step, {first, second}, {2, 3}, r, 2});
    EXPECT(at.read_integers(second, 3)[3 * r - 1] == 64, "a batch of another step");
    // Asked for the same steps again and again, it draws them ahead; none of those may be seen once the definition is another.
    for (int i = 1; i < 4; ++i) {
        CALL(draw_host, {feed, step, {first, second}, {2, 3}, r, 2});
        CALL(draw_host, {feed, step, {first, second}, {2, 3}, r, 2});
        definition = 100 * i;
        EXPECT(em_feed_forget(context, feed) == EM_OK, "%s", em_last_error());
        CALL(draw_host, {feed, step, {first, second}, {2, 3}, r, 2});
        EXPECT(at.read_integers(second, 3)[3 * r - 1] == 64 + 100 * i, "a batch of the old definition");
    }
    EXPECT(em_feed_close(context, feed) == EM_OK, "%s", em_last_error());
    filler.join();
    const em_draw_host_args closed{feed, step, {first, second}, {2, 3}, r, 2};
    EXPECT(em_draw_host(context, &closed) == EM_FAILED, "a closed feed feeds");
    EXPECT(em_feed_destroy(context, feed) == EM_OK, "%s", em_last_error());
}

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

// Operations must run when recorded as they do at once, whatever the number of threads. Returns all bits of one attention and MLP.
std::vector<float> recorded(int threads) {
    em_context* context = open_cpu(threads);
    std::vector<float> result;
    {
        Workplace at(context, 3);
        const int64_t batch = 4, length = 70, heads = 2, width = heads * 24, rows = batch * length, n = rows * width;
        const em_tensor q = at.floats(n), k = at.floats(n), v = at.floats(n), out = at.floats(n), mixed = at.floats(n);
        const em_tensor w = at.floats(width * width), bias = at.floats(width), d_bias = at.floats(width);
        const em_attention_args args{
            q, k, v, {}, out, at.floats(batch * heads * length), 3, batch, heads, length, length, 24, width, width, width, 1, 0.2f, {}, 0};
        EXPECT(em_record_begin(context) == EM_OK, "%s", em_last_error());
        call("attention", context, em_attention, args);
        CALL(gemm, {out, w, mixed, 3, rows, width, width, 0, 1, 0.0f});
        CALL(bias_activation, {mixed, bias, out, 3, rows, width, EM_GELU});
        CALL(bias_activation_backward, {out, mixed, out, d_bias, 3, rows, width});
        em_program* program = em_record_end(context);
        EXPECT(program != nullptr && em_program_size(context, program) == 4, "%s", em_last_error());
        EXPECT(em_program_run(context, program) == EM_OK, "%s", em_last_error());
        result = at.read(out, n);
        const std::vector<float> sums = at.read(d_bias, width);
        result.insert(result.end(), sums.begin(), sums.end());
        EXPECT(em_program_destroy(context, program) == EM_OK, "%s", em_last_error());
    }
    em_context_close(context);
    return result;
}

void refuse(em_status expected, em_status got, const char* text) {
    EXPECT(got == expected && em_last_status() == expected, "status %d", got);
    EXPECT(std::strstr(em_last_error(), text) != nullptr, "'%s' lacks '%s'", em_last_error(), text);
    EXPECT(std::strstr(em_last_error(), "(native/") != nullptr, "'%s' lacks the native place", em_last_error());
}

void errors(em_context* context) {
    Workplace at(context, 1);
    const em_tensor x = at.floats(6), words = at.integers(6, 9);
    const em_mean_args too_long{x, {}, x, 1, 7};
    refuse(EM_BAD_ARGUMENT, em_mean(context, &too_long), "em_mean: x ends at element 7 of a buffer of 6");
    const em_zero_args none{{}, 1, 1};
    refuse(EM_BAD_ARGUMENT, em_zero(context, &none), "tensor x has no buffer");
    const em_zero_args huge{x, INT64_C(1) << 40, 1};
    refuse(EM_BAD_ARGUMENT, em_zero(context, &huge), "replicas must be in 1..2^31");
    const int64_t most = INT64_C(1) << 31;
    const em_take_tokens_args wraps{x, x, 1, most, most, most, 0, 1};
    refuse(EM_BAD_ARGUMENT, em_take_tokens(context, &wraps), "more than 2^63 elements");
    const em_embed_args outside{words, x, at.floats(18), 1, 6, 2, 3};
    refuse(EM_BAD_ARGUMENT, em_embed(context, &outside), "is not in 0..1");
    refuse(EM_BAD_ARGUMENT, em_record_abandon(context), "no program is being recorded");
    EXPECT(em_buffer_create(context, 0) == nullptr, "an empty buffer");
    // A record that goes wrong leaves nothing behind.
    EXPECT(em_record_begin(context) == EM_OK, "%s", em_last_error());
    const float value = 0;
    refuse(EM_BAD_ARGUMENT, em_write_floats(context, &x, 1, 1, &value), "while a program is recorded");
    EXPECT(em_record_abandon(context) == EM_OK, "%s", em_last_error());
    const em_context_options cuda{EM_DEVICE_CUDA, 0, 1, "/nowhere/libemergence_cuda.so", nullptr};
    EXPECT(em_context_open(&cuda) == nullptr, "a library that is not there");
    refuse(EM_UNAVAILABLE, em_last_status(), "cannot load the CUDA library");
    const em_context_options unknown{EM_DEVICE_CPU, 0, 1, nullptr, "mmx"};
    EXPECT(em_context_open(&unknown) == nullptr, "an instruction set that is not there");
    refuse(EM_UNAVAILABLE, em_last_status(), "no kernels for instruction set mmx on this processor; it has ");
}

}  // namespace

int main() {
    em_context* context = open_cpu(1);
    if (context == nullptr) {
        std::printf("skipped: %s\n", em_last_error());
        return 77;
    }
    std::printf("%s\n", em_context_description(context));
    for (int64_t replicas : {1, 3}) {
        Workplace at(context, replicas);
        everything(context, at, replicas);
    }
    for (int64_t replicas : {1, 3}) {
        Workplace at(context, replicas);
        feed(context, at, replicas);
    }
    stopped(context);
    errors(context);
    EXPECT(em_free_bytes(context) >= -1, "%lld bytes are free", (long long)em_free_bytes(context));
    EXPECT(em_allocated_bytes(context) == 0, "%lld bytes are left", (long long)em_allocated_bytes(context));
    em_context_close(context);
    const std::vector<float> one = recorded(1);
    const std::vector<float> two = recorded(2);
    EXPECT(std::memcmp(one.data(), two.data(), one.size() * sizeof(float)) == 0, "two threads give other bits than one");
#define X(name) EXPECT(called[#name] > 0, "em_" #name " is never called");
    EM_OPERATIONS(X)
#undef X
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}

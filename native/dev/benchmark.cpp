// Times the operations of one training step of the paper's model (2 layers, 4 heads of 64, width 256, MLP 1024, batch 32), one thread.
// Usage: benchmark [filter] [repetitions] [--json]; EM_ISA chooses the kernels. Prints a table, or a line of JSON each: best and median
// milliseconds, and GFLOP/s or GB/s at best.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "em/arithmetic.h"
#include "em/attention.h"
#include "em/readout.h"
#include "em/sampling.h"
#include "em/tokens.h"
#include "em/training.h"

namespace {

em_context* context;
const char* filter = "";
int repetitions = 20;
bool json = false;

void require(em_status status) {
    if (status != EM_OK) {
        std::fprintf(stderr, "%s\n", em_last_error());
        std::exit(1);
    }
}

// CPU time of this thread: the machine may be busy with other work.
double seconds() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}

// A tensor of one replica with normal numbers.
em_tensor normal(int64_t elements) {
    static std::mt19937 random(7);
    std::normal_distribution<float> distribution;
    std::vector<float> values(elements);
    for (float& value : values) {
        value = distribution(random);
    }
    em_tensor tensor{em_buffer_create(context, elements), 0, elements};
    require(tensor.buffer == nullptr ? em_last_status() : EM_OK);
    require(em_write_floats(context, &tensor, 1, elements, values.data()));
    return tensor;
}

em_tensor integers(std::vector<int32_t> values) {
    em_tensor tensor{em_buffer_create(context, values.size()), 0, static_cast<int64_t>(values.size())};
    require(em_write_ints(context, &tensor, 1, values.size(), values.data()));
    return tensor;
}

void measure(const std::string& name, double work, const char* unit, const std::function<em_status()>& operation) {
    if (name.find(filter) == std::string::npos) {
        return;
    }
    std::vector<double> times;
    for (int i = -2; i < repetitions; ++i) {
        const double start = seconds();
        require(operation());
        if (i >= 0) {
            times.push_back(seconds() - start);
        }
    }
    std::sort(times.begin(), times.end());
    const char* format = json ? "{\"name\": \"%s\", \"best_ms\": %.4f, \"median_ms\": %.4f, \"rate\": %.2f, \"unit\": \"%s\"}\n"
                              : "%-44s %9.3f %9.3f %9.1f %s\n";
    std::printf(format, name.c_str(), 1e3 * times.front(), 1e3 * times[times.size() / 2], 1e-9 * work / times.front(), unit);
    std::fflush(stdout);
}

void gemm(const std::string& name, int64_t m, int64_t n, int64_t k, bool trans_a, bool trans_b) {
    const em_gemm_args args{normal(m * k), normal(k * n), normal(m * n), 1, m, n, k, trans_a, trans_b, 0.0f};
    const std::string shape = std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k);
    measure("gemm " + name + " " + shape, 2.0 * m * n * k, "GFLOP/s", [&] { return em_gemm(context, &args); });
}

void products(int64_t tokens) {
    gemm("qkv", tokens, 768, 256, false, true);
    gemm("project", tokens, 256, 256, false, true);
    gemm("mlp up", tokens, 1024, 256, false, true);
    gemm("mlp down", tokens, 256, 1024, false, true);
    gemm("qkv dx", tokens, 256, 768, false, false);
    gemm("mlp up dx", tokens, 256, 1024, false, false);
    gemm("mlp down dx", tokens, 1024, 256, false, false);
    gemm("qkv dw", 768, 256, tokens, true, false);
    gemm("mlp up dw", 1024, 256, tokens, true, false);
    gemm("mlp down dw", 256, 1024, tokens, true, false);
    gemm("embed", tokens, 256, 16, false, true);
    gemm("embed dw", 256, 16, tokens, true, false);
}

void attention(int64_t length, int64_t queries, int64_t head_dim, bool causal) {
    const int64_t batch = 32;
    const int64_t heads = 4;
    const int64_t width = heads * head_dim;
    em_tensor qkv = normal(3 * batch * length * width);
    em_tensor d_qkv = normal(3 * batch * length * width);
    const em_tensor rows = normal(batch * heads * queries);
    auto part = [&](em_tensor t, int64_t i) { return em_tensor{t.buffer, i * width, t.replica_stride}; };
    const em_attention_args f{part(qkv, 0),
                              part(qkv, 1),
                              part(qkv, 2),
                              {},
                              normal(batch * queries * width),
                              rows,
                              1,
                              batch,
                              heads,
                              queries,
                              length,
                              head_dim,
                              3 * width,
                              3 * width,
                              width,
                              causal,
                              0.125f,
                              {},
                              0};
    const em_attention_backward_args b{
        f, normal(batch * queries * width), part(d_qkv, 0), part(d_qkv, 1), part(d_qkv, 2), normal(batch * heads * queries)};
    const double flops = 4.0 * batch * heads * queries * length * head_dim * (causal && queries > 1 ? 0.5 : 1);
    const std::string shape = " L" + std::to_string(length) + (queries == 1 ? " one query" : causal ? " causal" : " full");
    measure("attention" + shape, flops, "GFLOP/s", [&] { return em_attention(context, &f); });
    measure("attention backward" + shape, 2.5 * flops, "GFLOP/s", [&] { return em_attention_backward(context, &b); });
}

void passes(int64_t tokens) {
    const std::string at = " " + std::to_string(tokens);
    const em_tensor z = normal(tokens * 1024), out = normal(tokens * 1024), bias = normal(1024), d_bias = normal(1024);
    const em_bias_activation_args forward{z, bias, out, 1, tokens, 1024, EM_GELU};
    measure("bias gelu" + at, 12.0 * tokens * 1024 / 1, "GB/s", [&] {
        require(em_zero(context, std::array<em_zero_args, 1>{em_zero_args{bias, 1, 1024}}.data()));
        return em_bias_activation(context, &forward);
    });
    const em_bias_activation_backward_args backward{out, z, out, d_bias, 1, tokens, 1024};
    measure("bias gelu backward" + at, 12.0 * tokens * 1024, "GB/s", [&] { return em_bias_activation_backward(context, &backward); });
    const em_tensor x = normal(tokens * 256), y = normal(tokens * 256), mean = normal(tokens), rstd = normal(tokens);
    const em_bias_residual_args residual{x, bias, y, y, 1, tokens, 256};
    measure("bias residual" + at, 12.0 * tokens * 256, "GB/s", [&] { return em_bias_residual(context, &residual); });
    const em_bias_backward_args columns{x, d_bias, 1, tokens, 256};
    measure("bias backward" + at, 4.0 * tokens * 256, "GB/s", [&] { return em_bias_backward(context, &columns); });
    const em_layer_norm_args norm{x, bias, d_bias, y, mean, rstd, 1, tokens, 256};
    measure("layer norm" + at, 8.0 * tokens * 256, "GB/s", [&] { return em_layer_norm(context, &norm); });
    const em_layer_norm_backward_args norm_backward{y, x, bias, mean, rstd, y, d_bias, d_bias, 1, tokens, 256, {}};
    measure("layer norm backward" + at, 12.0 * tokens * 256, "GB/s", [&] { return em_layer_norm_backward(context, &norm_backward); });
}

// What the last layer does for the one query that is read out, without keys and values.
void readout(int64_t length) {
    const int64_t batch = 32, heads = 4, width = 256;
    const em_tensor x = normal(batch * length * width), d_x = normal(batch * length * width), q = normal(batch * heads * width);
    const em_token_attention_args forward{
        q, x, normal(batch * heads * length), normal(batch * heads * width), 1, batch, heads, length, width, 0.125f};
    const em_token_attention_backward_args backward{forward, normal(batch * heads * width), normal(batch * heads * width), d_x,
                                                    normal(batch * heads * length)};
    const std::string shape = " L" + std::to_string(length);
    const double flops = 4.0 * batch * heads * length * width;
    measure("attention over tokens" + shape, flops, "GFLOP/s", [&] { return em_token_attention(context, &forward); });
    measure("attention over tokens backward" + shape, 2 * flops, "GFLOP/s",
            [&] { return em_token_attention_backward(context, &backward); });
}

void products_of_heads() {
    const int64_t rows = 32, heads = 4, head_dim = 64, width = 256;
    em_head_product_args args{normal(rows * heads * head_dim),
                              normal(heads * head_dim * width),
                              normal(rows * heads * width),
                              1,
                              rows,
                              heads,
                              head_dim,
                              width,
                              EM_HEADS_WIDEN};
    const char* names[] = {"widen", "narrow", "weight"};
    for (args.form = EM_HEADS_WIDEN; args.form <= EM_HEADS_WEIGHT; ++args.form) {
        measure(std::string("heads ") + names[args.form], 2.0 * rows * heads * head_dim * width, "GFLOP/s",
                [&] { return em_head_product(context, &args); });
    }
}

// A tensor of equal numbers, made quickly.
em_tensor constant(int64_t elements, float value) {
    em_tensor tensor{em_buffer_create(context, elements), 0, elements};
    require(tensor.buffer == nullptr ? em_last_status() : EM_OK);
    const std::vector<float> values(elements, value);
    require(em_write_floats(context, &tensor, 1, elements, values.data()));
    return tensor;
}

void optimiser(const char* name, int64_t p) {
    const em_adam_args adam{constant(p, 0.5f),
                            constant(p, 0.25f),
                            constant(p, 0.125f),
                            constant(p, 0.0625f),
                            normal(1),
                            integers({1}),
                            integers({0}),
                            1,
                            p,
                            0.9,
                            0.999,
                            1e-8,
                            0};
    measure(name, 28.0 * p, "GB/s", [&] { return em_adam(context, &adam); });
    for (const em_tensor& tensor : {adam.parameters, adam.gradient, adam.m, adam.v}) {
        em_buffer_destroy(context, tensor.buffer);
    }
}

// What the machine moves at best on one core: a copy past the caches, and a sum that reads what it writes.
void streams() {
    const int64_t n = 50000000;
    const std::vector<float> from(n, 1.0f);
    std::vector<float> to(n, 2.0f);
    measure("stream copy", 8.0 * n, "GB/s", [&] {
        std::memcpy(to.data(), from.data(), n * sizeof(float));
        return EM_OK;
    });
    const em_accumulate_args add{constant(n, 1.0f), constant(n, 2.0f), 1, n};
    measure("stream add", 12.0 * n, "GB/s", [&] { return em_accumulate(context, &add); });
    em_buffer_destroy(context, add.x.buffer);
    em_buffer_destroy(context, add.y.buffer);
}

void sampler(int64_t length, int64_t width) {
    const int64_t rows = 32;
    em_tensor p = normal(1);
    const float zero = 0;
    require(em_write_floats(context, &p, 1, 1, &zero));
    const em_sample_linear_regression_args draw{integers({1, 3}),
                                                integers({1}),
                                                p,
                                                integers({1}),
                                                integers({0}),
                                                normal(width * width),
                                                normal(width),
                                                integers(std::vector<int32_t>(length)),
                                                normal(rows * length * width),
                                                normal(rows * width),
                                                normal(rows * length),
                                                1,
                                                rows,
                                                length,
                                                width,
                                                EM_RANDOM,
                                                0};
    measure("sample regression T" + std::to_string(length) + " d" + std::to_string(width), 4.0 * rows * length * width, "GB/s",
            [&] { return em_sample_linear_regression(context, &draw); });
}

}  // namespace

int main(int count, char** arguments) {
    filter = count > 1 ? arguments[1] : "";
    repetitions = count > 2 ? std::atoi(arguments[2]) : 20;
    json = count > 3 && std::strcmp(arguments[3], "--json") == 0;
    const em_context_options options{EM_DEVICE_CPU, 0, 1, nullptr, nullptr};
    context = em_context_open(&options);
    require(context == nullptr ? em_last_status() : EM_OK);
    std::fprintf(json ? stderr : stdout, "%s\n%-44s %9s %9s\n", em_context_description(context), "", "best ms", "median");
    for (int64_t length : {16, 64, 256}) {
        products(32 * length);
    }
    gemm("last token", 32, 1024, 256, false, true);
    gemm("read-out", 32, 16, 256, false, true);
    for (int64_t length : {16, 64, 256, 512}) {
        attention(length, length, 64, true);
        attention(length, length, 64, false);
        attention(length, 1, 64, true);
        readout(length);
    }
    attention(256, 256, 16, true);
    passes(512);
    passes(8192);
    products_of_heads();
    optimiser("adam 1.6 M", 1600000);
    streams();
    optimiser("adam 50 M", 50000000);
    sampler(16, 16);
    sampler(256, 64);
    em_context_close(context);
}

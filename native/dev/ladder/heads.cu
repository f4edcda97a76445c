#include "heads.h"

namespace ladder {
namespace {

EM_DEVICE double exact_dot(const float* a, const float* b) {
    double sum = 0;
    for (int d = 0; d < WIDTH; ++d) {
        sum += static_cast<double>(a[d]) * b[d];
    }
    return sum;
}

// A thread a row of O.
__global__ void true_forward_kernel(Heads a, TrueHeads to) {
    const int64_t row = thread_of_grid();
    if (row >= a.rows()) {
        return;
    }
    const int64_t first = row / a.length * a.length;
    double* const o = to.out + row * WIDTH;
    double largest = -HUGE_VAL;
    for (int64_t j = first; j < a.end(row); ++j) {
        largest = fmax(largest, SCALE * exact_dot(a.part(row, 0), a.part(j, 1)));
    }
    double sum = 0;
    for (int d = 0; d < WIDTH; ++d) {
        o[d] = 0;
    }
    for (int64_t j = first; j < a.end(row); ++j) {
        const double weight = exp(SCALE * exact_dot(a.part(row, 0), a.part(j, 1)) - largest);
        sum += weight;
        for (int d = 0; d < WIDTH; ++d) {
            o[d] += weight * a.part(j, 2)[d];
        }
    }
    for (int d = 0; d < WIDTH; ++d) {
        o[d] /= sum;
    }
    to.lse[row] = largest + log(sum);
}

// A thread a row: the gradients of its query, its key and its value.
__global__ void true_backward_kernel(Heads a, TrueHeads to) {
    const int64_t row = thread_of_grid();
    if (row >= a.rows()) {
        return;
    }
    const int64_t first = row / a.length * a.length;
    for (int d = 0; d < WIDTH; ++d) {
        to.d_q[row * WIDTH + d] = to.d_k[row * WIDTH + d] = to.d_v[row * WIDTH + d] = 0;
    }
    // dS of a query i and a key j, and P.
    const auto pair = [&](int64_t i, int64_t j, double& p) {
        if (j >= a.end(i)) {
            p = 0;
            return 0.0;
        }
        const float* const d_out = a.d_out + a.out_at(i);
        double delta = 0;
        for (int d = 0; d < WIDTH; ++d) {
            delta += d_out[d] * to.out[i * WIDTH + d];
        }
        p = exp(SCALE * exact_dot(a.part(i, 0), a.part(j, 1)) - to.lse[i]);
        return p * (exact_dot(d_out, a.part(j, 2)) - delta);
    };
    for (int64_t other = first; other < first + a.length; ++other) {
        double p;
        const double as_query = SCALE * pair(row, other, p);
        const double as_key = SCALE * pair(other, row, p);
        for (int d = 0; d < WIDTH; ++d) {
            to.d_q[row * WIDTH + d] += as_query * a.part(other, 1)[d];
            to.d_k[row * WIDTH + d] += as_key * a.part(other, 0)[d];
            to.d_v[row * WIDTH + d] += p * a.d_out[a.out_at(other) + d];
        }
    }
}

double* take_doubles(Gpu& gpu, int64_t count) { return reinterpret_cast<double*>(gpu.take(2 * count)); }

constexpr int THREADS = 64;

}  // namespace

Heads take_heads(Gpu& gpu, int64_t length, bool backward, uint32_t seed) {
    Heads like{};
    like.batch = EMULATED ? 1 : 32;
    like.heads = EMULATED ? 2 : 4;
    like.length = length;
    return take_heads(gpu, like, backward, seed);
}

Heads take_heads(Gpu& gpu, Heads a, bool backward, uint32_t seed) {
    a.qkv = gpu.take(3 * a.elements());
    a.out = gpu.take(a.elements());
    a.lse = gpu.take(a.rows());
    gpu.fill(a.qkv, 3 * a.elements(), seed);
    if (backward) {
        a.d_out = gpu.take(a.elements());
        a.d_qkv = gpu.take(3 * a.elements());
        a.delta = gpu.take(a.rows());
        gpu.fill(a.d_out, a.elements(), seed + 1000);
    }
    return a;
}

em_attention_args forward_args(Gpu& gpu, const Heads& a) {
    const int64_t width = a.heads * WIDTH;
    em_attention_args args{};
    args.q = gpu.tensor(a.qkv);
    args.k = gpu.tensor(a.qkv + width);
    args.v = gpu.tensor(a.qkv + 2 * width);
    args.out = gpu.tensor(a.out);
    args.lse = gpu.tensor(a.lse);
    args.replicas = 1;
    args.batch = a.batch;
    args.heads = a.heads;
    args.queries = args.keys = a.length;
    args.head_dim = WIDTH;
    args.query_stride = args.key_stride = a.stride();
    args.output_stride = width;
    args.causal = a.causal ? 1 : 0;
    args.scale = SCALE;
    return args;
}

em_attention_backward_args backward_args(Gpu& gpu, const Heads& a) {
    const int64_t width = a.heads * WIDTH;
    return {forward_args(gpu, a), gpu.tensor(a.d_out), gpu.tensor(a.d_qkv), gpu.tensor(a.d_qkv + width), gpu.tensor(a.d_qkv + 2 * width),
            gpu.tensor(a.delta)};
}

TrueHeads take_true(Gpu& gpu, const Heads& a, bool backward) {
    TrueHeads to{};
    to.out = take_doubles(gpu, a.elements());
    to.lse = take_doubles(gpu, a.rows());
    if (backward) {
        to.d_q = take_doubles(gpu, a.elements());
        to.d_k = take_doubles(gpu, a.elements());
        to.d_v = take_doubles(gpu, a.elements());
    }
    return to;
}

void find_true_output(Gpu& gpu, const Heads& a, const TrueHeads& to) {
    launch(gpu.stream(), true_forward_kernel, dim3(blocks_of(a.rows(), THREADS)), dim3(THREADS), a, to);
}

void find_true_gradients(Gpu& gpu, const Heads& a, const TrueHeads& to) {
    launch(gpu.stream(), true_backward_kernel, dim3(blocks_of(a.rows(), THREADS)), dim3(THREADS), a, to);
}

}  // namespace ladder

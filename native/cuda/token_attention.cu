// Attention of a single query a head over tokens that all heads share. A block takes a head of a sequence: its warps share out the
// tokens for the scores, its threads the columns for the sums, so every token is read twice, from the cache the second time. All sums
// run in an order that depends on the shape alone. 8 length width bytes a head forward; the backward's gradient of the tokens has a
// kernel of its own, a thread an element.
#include "cuda/kernels.h"
#include "cuda/reduce.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / WARP;

struct Tokens {
    View<float> q, x, p, out;   // forward; backward: out is dOut
    View<float> d_q, d_x, d_s;  // backward
    int64_t replicas, batch, heads, length, width;
    float scale;
};

// row[t] = vector . token t.
EM_DEVICE void all_products(const Tokens& a, const float* vector, const float* tokens, float* row) {
    for (int64_t t = warp_index(); t < a.length; t += WARPS) {
        float sum = 0.0f;
        for (int64_t k = lane_index(); k < a.width; k += WARP) {
            sum = fmaf(vector[k], tokens[t * a.width + k], sum);
        }
        sum = lanes_sum(sum);
        if (lane_index() == 0) {
            row[t] = sum;
        }
    }
    __syncthreads();
}

// to = sum over t of row[t] times token t.
EM_DEVICE void weighted_sum(const Tokens& a, const float* row, const float* tokens, float* to) {
    for (int64_t k = threadIdx.x; k < a.width; k += THREADS) {
        float sum = 0.0f;
        for (int64_t t = 0; t < a.length; ++t) {
            sum = fmaf(row[t], tokens[t * a.width + k], sum);
        }
        to[k] = sum;
    }
}

// Grid (batch * heads, 1, replicas).
__global__ void __launch_bounds__(THREADS) token_attention_kernel(Tokens a) {
    EM_SHARED(float, scratch, [WARPS]);
    const int64_t head = blockIdx.x;
    const int64_t b = quotient(head, a.heads);
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const float* tokens = a.x(r) + b * a.length * a.width;
        float* row = a.p(r) + head * a.length;
        all_products(a, a.q(r) + head * a.width, tokens, row);
        float largest = -INFINITY;
        for (int64_t t = threadIdx.x; t < a.length; t += THREADS) {
            const float score = row[t] * a.scale;
            largest = largest > score || largest != largest ? largest : score;
        }
        largest = lanes_max(largest);
        if (lane_index() == 0) {
            scratch[warp_index()] = largest;
        }
        __syncthreads();
        for (int warp = 0; warp < WARPS; ++warp) {
            const float other = scratch[warp];
            largest = largest > other || largest != largest ? largest : other;
        }
        __syncthreads();
        const float base = largest == -INFINITY ? 0.0f : largest;
        float total = 0.0f;
        for (int64_t t = threadIdx.x; t < a.length; t += THREADS) {
            const float weight = expf(row[t] * a.scale - base);
            row[t] = weight;
            total += weight;
        }
        total = block_sum<THREADS>(total, scratch);
        for (int64_t t = threadIdx.x; t < a.length; t += THREADS) {
            row[t] = total == 0.0f ? 0.0f : row[t] / total;
        }
        __syncthreads();
        weighted_sum(a, row, tokens, a.out(r) + head * a.width);
    }
}

// Gradients of scores and queries. Grid (batch * heads, 1, replicas).
__global__ void __launch_bounds__(THREADS) token_attention_backward_kernel(Tokens a) {
    EM_SHARED(float, scratch, [WARPS]);
    const int64_t head = blockIdx.x;
    const int64_t b = quotient(head, a.heads);
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const float* tokens = a.x(r) + b * a.length * a.width;
        const float* p = a.p(r) + head * a.length;
        float* row = a.d_s(r) + head * a.length;
        all_products(a, a.out(r) + head * a.width, tokens, row);
        float delta = 0.0f;
        for (int64_t t = threadIdx.x; t < a.length; t += THREADS) {
            delta = fmaf(p[t], row[t], delta);
        }
        delta = block_sum<THREADS>(delta, scratch);
        for (int64_t t = threadIdx.x; t < a.length; t += THREADS) {
            row[t] = p[t] == 0.0f ? 0.0f : p[t] * (row[t] - delta) * a.scale;
        }
        __syncthreads();
        weighted_sum(a, row, tokens, a.d_q(r) + head * a.width);
    }
}

// dX[t] = sum over heads of dS[t] q + p[t] dOut. Grid (ceil_div(batch * length * width, THREADS), 1, replicas).
__global__ void __launch_bounds__(THREADS) token_gradient_kernel(Tokens a) {
    const int64_t i = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (i >= a.batch * a.length * a.width) {
        return;
    }
    const int64_t token = quotient(i, a.width);
    const int64_t k = i - token * a.width;
    const int64_t b = quotient(token, a.length);
    const int64_t t = token - b * a.length;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        float sum = 0.0f;
        for (int64_t h = b * a.heads; h < (b + 1) * a.heads; ++h) {
            sum = fmaf(a.d_s(r)[h * a.length + t], a.q(r)[h * a.width + k], sum);
            sum = fmaf(a.p(r)[h * a.length + t], a.out(r)[h * a.width + k], sum);
        }
        a.d_x(r)[i] = sum;
    }
}

Tokens tokens_of(const em_token_attention_args& a) {
    return {view(a.q), view(a.x), view(a.p), view(a.out), {}, {}, {}, a.replicas, a.batch, a.heads, a.length, a.width, a.scale};
}

}  // namespace

void token_attention(Device& d, const em_token_attention_args& a) {
    const Shape shape{grid_of(a.batch * a.heads, 1, a.replicas), dim3(THREADS)};
    EM_LAUNCH(cuda(d), token_attention_kernel, shape, tokens_of(a));
}

void token_attention_backward(Device& d, const em_token_attention_backward_args& g) {
    const em_token_attention_args& a = g.forward;
    Tokens tokens = tokens_of(a);
    tokens.out = view(g.d_out);
    tokens.d_q = view(g.d_q);
    tokens.d_x = view(g.d_x);
    tokens.d_s = view(g.d_s);
    const Shape heads{grid_of(a.batch * a.heads, 1, a.replicas), dim3(THREADS)};
    EM_LAUNCH(cuda(d), token_attention_backward_kernel, heads, tokens);
    const Shape elements{grid_of(ceil_div(a.batch * a.length * a.width, THREADS), 1, a.replicas), dim3(THREADS)};
    EM_LAUNCH(cuda(d), token_gradient_kernel, elements, tokens);
}

}  // namespace em::gpu

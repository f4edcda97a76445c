// Attention as both of its ladders see it, and its definition in float64.
//
// Q, K, V lie as a model leaves them, (batch, length, 3, heads, WIDTH); O and dO (batch, length, heads, WIDTH); lse and delta (batch,
// heads, length). Every query sees every key; the length is a multiple of 64.
#pragma once
#include "errors.h"

namespace ladder {

constexpr int WIDTH = 64;

struct Heads {
    int64_t batch, heads, length;
    float *qkv, *out, *lse;
    float *d_out, *d_qkv, *delta;  // backward

    __host__ __device__ int64_t rows() const { return batch * heads * length; }  // of all heads
    __host__ __device__ int64_t elements() const { return rows() * WIDTH; }      // of Q, and of O
    __host__ __device__ int64_t stride() const { return 3 * heads * WIDTH; }     // between tokens of qkv

    // Token `row % length` of head `row / length`: its query (part 0), key (1) or value (2), and the place of its output.
    EM_DEVICE int64_t part_at(int64_t row, int part) const {
        const int64_t head = row / length;
        const int64_t token = (head / heads) * length + row % length;
        return (token * 3 + part) * heads * WIDTH + head % heads * WIDTH;
    }
    EM_DEVICE int64_t out_at(int64_t row) const {
        const int64_t head = row / length;
        return (((head / heads) * length + row % length) * heads + head % heads) * WIDTH;
    }
    EM_DEVICE const float* part(int64_t row, int which) const { return qkv + part_at(row, which); }
};

constexpr float SCALE = 0.125f;  // 1 / sqrt(WIDTH)

// True values: out and its gradients by (row, column) of heads, not as the tensors lie.
struct TrueHeads {
    double *out, *lse, *d_q, *d_k, *d_v;
};

inline std::string shape_of(const Heads& a) {
    return std::to_string(a.batch * a.heads) + " heads of " + std::to_string(WIDTH) + ", " + std::to_string(a.length) + " queries and keys";
}

// The library has a kernel of its own for the gradients of up to 128 tokens.
constexpr int64_t LONG = EMULATED ? 192 : 256;
constexpr int64_t SHORT = EMULATED ? 64 : 128;

// The tensors of one set, taken from the memory; inputs filled.
Heads take_heads(Gpu& gpu, int64_t length, bool backward, uint32_t seed);
em_attention_args forward_args(Gpu& gpu, const Heads& a);

// Memory for the true values, and what fills it. The gradients need the output.
TrueHeads take_true(Gpu& gpu, const Heads& a, bool backward);
void find_true_output(Gpu& gpu, const Heads& a, const TrueHeads& to);
void find_true_gradients(Gpu& gpu, const Heads& a, const TrueHeads& to);

}  // namespace ladder

// Attention as both of its ladders see it, and its definition in float64.
//
// Q, K, V lie as a model leaves them, (batch, length, 3, heads, WIDTH); O and dO (batch, length, heads, WIDTH); lse and delta (batch,
// heads, length). Every query sees every key, or, if causal, those up to its own; the length is a multiple of 16.
#pragma once
#include "errors.h"

namespace ladder {

constexpr int WIDTH = 64;

struct Heads {
    int64_t batch, heads, length;
    bool causal;
    float *qkv, *out, *lse;
    float *d_out, *d_qkv, *delta;  // backward

    __host__ __device__ int64_t rows() const { return batch * heads * length; }  // of all heads
    __host__ __device__ int64_t elements() const { return rows() * WIDTH; }      // of Q, and of O
    __host__ __device__ int64_t stride() const { return 3 * heads * WIDTH; }     // between tokens of qkv

    // Behind the last key that a query sees, of rows of its head.
    EM_DEVICE int64_t end(int64_t row) const { return causal ? row + 1 : row / length * length + length; }

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
    return std::to_string(a.batch * a.heads) + " heads of " + std::to_string(WIDTH) + ", " + std::to_string(a.length) +
           " queries and keys" + (a.causal ? ", causal" : "");
}

// The library has a kernel of its own for the gradients of up to 128 tokens.
constexpr int64_t LONG = EMULATED ? 192 : 256;
constexpr int64_t SHORT = EMULATED ? 64 : 128;

// The tensors of one set, taken from the memory; inputs filled. `like`: its batch, heads, length and mask.
Heads take_heads(Gpu& gpu, Heads like, bool backward, uint32_t seed);
Heads take_heads(Gpu& gpu, int64_t length, bool backward, uint32_t seed);
em_attention_args forward_args(Gpu& gpu, const Heads& a);
em_attention_backward_args backward_args(Gpu& gpu, const Heads& a);

// What was computed, beside true values, by the head's order.
struct Outputs {
    Heads a;
    TrueHeads right;
    EM_DEVICE double want(int64_t i) const { return right.out[i]; }
    EM_DEVICE float got(int64_t i) const { return a.out[a.out_at(i / WIDTH) + i % WIDTH]; }
};

struct Lse {
    Heads a;
    TrueHeads right;
    EM_DEVICE double want(int64_t row) const { return right.lse[row]; }
    EM_DEVICE float got(int64_t row) const { return a.lse[row]; }
};

struct Gradients {
    Heads a;
    const double* right;
    int part;
    EM_DEVICE double want(int64_t i) const { return right[i]; }
    EM_DEVICE float got(int64_t i) const { return a.d_qkv[a.part_at(i / WIDTH, part) + i % WIDTH]; }
};

// The worst error of out and lse; of the gradients of Q, K and V.
inline double worst_output(Gpu& gpu, const Heads& a, const TrueHeads& right) {
    return std::fmax(error_of(gpu, Outputs{a, right}, a.elements()), error_of(gpu, Lse{a, right}, a.rows()));
}

inline double worst_gradient(Gpu& gpu, const Heads& a, const TrueHeads& right) {
    double worst = 0;
    for (int part = 0; part < 3; ++part) {
        const double* const want = part == 0 ? right.d_q : (part == 1 ? right.d_k : right.d_v);
        worst = std::fmax(worst, error_of(gpu, Gradients{a, want, part}, a.elements()));
    }
    return worst;
}

// Memory for the true values, and what fills it. The gradients need the output.
TrueHeads take_true(Gpu& gpu, const Heads& a, bool backward);
void find_true_output(Gpu& gpu, const Heads& a, const TrueHeads& to);
void find_true_gradients(Gpu& gpu, const Heads& a, const TrueHeads& to);

}  // namespace ladder

// What both passes of linear attention and of the gated delta rule share, as a scan (see native/cpu/fast_weights.cpp). A block takes a head
// of a sequence through all its tokens; a matrix is shared, and a thread has a column of it, one number of the values. Sums over a row are
// taken by the thread of the row. 4 head_dim^2 operations a token forward, 6 with gates, 12 and 20 backward; tokens follow each other, so a
// sequence takes its length times some 4 head_dim + 200 cycles.
#pragma once
#include "cuda/kernels.h"
#include "cuda/reduce.h"

namespace em::gpu::fast_weights_parts {

constexpr float SMALL = 1e-6f;

struct Scan {
    View<float> q, k, v, gates, out;
    View<float> d_out, d_q, d_k, d_v, d_gates;  // backward
    float* scratch;                             // backward: `desk` floats a block
    int64_t tasks, batch, length, heads, head_dim, stride, gate_stride;
    int64_t chunk, chunks, desk;
    int32_t feature;
    bool gated, normalised;
    float scale;
};

struct Gates {
    float keep, write;
};

EM_DEVICE float sigmoid(float z) { return 1.0f / (1.0f + expf(-z)); }

// One head of one sequence of one replica, and what its block shares.
struct Head {
    int64_t r, b, h;

    EM_DEVICE Head(const Scan& a, int64_t task) {
        const int64_t sequence = quotient(task, a.heads);
        h = task - sequence * a.heads;
        r = quotient(sequence, a.batch);
        b = sequence - r * a.batch;
    }
    EM_DEVICE float* vector(const Scan& a, const View<float>& of, int64_t t) const {
        return of(r) + (b * a.length + t) * a.stride + h * a.head_dim;
    }
    EM_DEVICE float* output(const Scan& a, const View<float>& of, int64_t t) const {
        return of(r) + ((b * a.length + t) * a.heads + h) * a.head_dim;
    }
    EM_DEVICE float* gate(const Scan& a, const View<float>& of, int64_t t) const { return of(r) + (b * a.length + t) * a.gate_stride + h; }
    EM_DEVICE Gates gates(const Scan& a, int64_t t) const {
        if (!a.gated) {
            return {1.0f, 1.0f};
        }
        const float* at = gate(a, a.gates, t);
        return {sigmoid(at[0]), sigmoid(at[a.heads])};
    }
};

// Sum over the block's threads, up to 128 of them, in the order of the warps; ends in a barrier.
EM_DEVICE float block_total(float value, float* scratch) {
    value = lanes_sum(value);
    if (lane_index() == 0) {
        scratch[warp_index()] = value;
    }
    __syncthreads();
    float total = scratch[0];
    for (unsigned warp = 1; warp < blockDim.x / WARP; ++warp) {
        total += scratch[warp];
    }
    __syncthreads();
    return total;
}

// This thread's number of feature(x); for EM_FEATURE_UNIT all threads come together.
EM_DEVICE float feature(const Scan& a, float x, float* scratch) {
    if (a.feature == EM_FEATURE_ELU) {
        return x > 0.0f ? x + 1.0f : expf(x);
    }
    return a.feature == EM_FEATURE_UNIT ? x / sqrtf(block_total(x * x, scratch) + SMALL) : x;
}

// Column j of a matrix, `pitch` between its rows, weighted and summed.
EM_DEVICE float weighted(const float* matrix, int64_t pitch, const float* weights, int64_t n, int64_t j) {
    float sum = 0.0f;
    for (int64_t i = 0; i < n; ++i) {
        sum = fmaf(matrix[i * pitch + j], weights[i], sum);
    }
    return sum;
}

// Column j of the matrix after token t, from the one before; the key is k.
EM_DEVICE void write_token(const Scan& a, const Head& head, int64_t t, const float* k, float v, const float* before, int64_t before_pitch,
                           float* to, int64_t pitch, int64_t j) {
    const Gates g = head.gates(a, t);
    float w = v;
    if (a.gated) {
        w = g.write * (v - g.keep * weighted(before, before_pitch, k, a.head_dim, j));
    }
    for (int64_t i = 0; i < a.head_dim; ++i) {
        to[i * pitch + j] = fmaf(g.keep, before[i * before_pitch + j], w * k[i]);
    }
}

inline Scan scan_of(const em_fast_weights_args& a) {
    Scan scan{};
    scan.q = view(a.q);
    scan.k = view(a.k);
    scan.v = view(a.v);
    scan.gates = view(a.gates);
    scan.out = view(a.out);
    scan.tasks = a.replicas * a.batch * a.heads;
    scan.batch = a.batch;
    scan.length = a.length;
    scan.heads = a.heads;
    scan.head_dim = a.head_dim;
    scan.stride = a.stride;
    scan.gate_stride = a.gate_stride;
    scan.feature = a.feature;
    scan.gated = a.gates.buffer != nullptr;
    scan.normalised = a.normalised != 0;
    scan.scale = a.scale;
    return scan;
}

inline unsigned threads_of(const Scan& scan) {
    EM_REQUIRE(scan.head_dim <= 128, "head_dim is %lld, more than 128", (long long)scan.head_dim);
    return static_cast<unsigned>(ceil_div(scan.head_dim, WARP) * WARP);
}

}  // namespace em::gpu::fast_weights_parts

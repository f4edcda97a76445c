// The backward pass of linear attention and of the gated delta rule (fast_weights.h), from the last token to the first. The gradient of the
// matrix lies in shared memory; the matrices themselves are made anew, a chunk of tokens at a time, in global memory.
#include "cuda/fast_weights.h"

namespace em::gpu {
namespace {

using namespace fast_weights_parts;

constexpr int64_t MOST_SCRATCH = INT64_C(1) << 26;  // floats of matrices that backward keeps

// The gradient of x from that of y = feature(x).
EM_DEVICE float feature_backward(const Scan& a, float x, float y, float d, float* scratch) {
    if (a.feature == EM_FEATURE_ELU) {
        return x > 0.0f ? d : d * y;
    }
    if (a.feature == EM_FEATURE_UNIT) {
        const float along = block_total(y * d, scratch);
        return (d - y * along) / sqrtf(block_total(x * x, scratch) + SMALL);
    }
    return d;
}

// What a block of the backward pass works in, in global memory: matrices before each chunk, after each token of a chunk.
struct Desk {
    float *starts, *states;
    int64_t n, chunk;

    EM_DEVICE float* state(int64_t t) const { return states + (t - quotient(t, chunk) * chunk) * n * n; }
    EM_DEVICE float* start(int64_t c) const { return starts + c * n * n; }
    EM_DEVICE const float* before(int64_t t) const { return t == quotient(t, chunk) * chunk ? start(quotient(t, chunk)) : state(t - 1); }
};

// The matrices of a chunk's tokens, from that before it.
EM_DEVICE void replay(const Scan& a, const Head& head, const Desk& desk, int64_t c, float* k, float* scratch) {
    const int64_t j = threadIdx.x;
    const int64_t end = (c + 1) * a.chunk < a.length ? (c + 1) * a.chunk : a.length;
    for (int64_t t = c * a.chunk; t < end; ++t) {
        k[j] = feature(a, j < a.head_dim ? head.vector(a, a.k, t)[j] : 0.0f, scratch);
        __syncthreads();
        if (j < a.head_dim) {
            write_token(a, head, t, k, head.vector(a, a.v, t)[j], desk.before(t), a.head_dim, desk.state(t), a.head_dim, j);
        }
        __syncthreads();
    }
}

// Dynamic shared memory: the gradient of the matrix with one number more a row, so that rows and columns are read without conflicts;
// q, k, d_out, what was written, the gradient of what was read.
__global__ void __launch_bounds__(128) fast_weights_backward_kernel(Scan a) {
    EM_SHARED(float, scratch, [128 / WARP]);
    EM_DYNAMIC_SHARED(float, d_matrix);
    const int64_t n = a.head_dim;
    const int64_t pitch = n + 1;
    float* q = d_matrix + n * pitch;
    float* k = q + blockDim.x;
    float* d_out = k + blockDim.x;
    float* written = d_out + blockDim.x;
    float* d_read = written + blockDim.x;
    const int64_t j = threadIdx.x;
    const bool inside = j < n;
    const Desk desk{a.scratch + blockIdx.x * a.desk, a.scratch + blockIdx.x * a.desk + a.chunks * n * n, n, a.chunk};
    float* keys_at = desk.states + a.chunk * n * n;  // the sum of keys after each token
    for (int64_t task = blockIdx.x; task < a.tasks; task += gridDim.x) {
        const Head head(a, task);
        for (int64_t i = 0; i < n && inside; ++i) {
            d_matrix[i * pitch + j] = 0.0f;
            desk.start(0)[i * n + j] = 0.0f;
        }
        float d_keys = 0.0f;
        float keys = 0.0f;
        for (int64_t t = 0; t < a.length && a.normalised; ++t) {
            keys += feature(a, inside ? head.vector(a, a.k, t)[j] : 0.0f, scratch);
            if (inside) {
                keys_at[t * n + j] = keys;
            }
        }
        for (int64_t c = 0; c + 1 < a.chunks; ++c) {
            replay(a, head, desk, c, k, scratch);
            for (int64_t i = 0; i < n && inside; ++i) {
                desk.start(c + 1)[i * n + j] = desk.state((c + 1) * a.chunk - 1)[i * n + j];
            }
        }
        for (int64_t t = a.length - 1; t >= 0; --t) {
            if (t == a.length - 1 || t + 1 == quotient(t + 1, a.chunk) * a.chunk) {
                replay(a, head, desk, quotient(t, a.chunk), k, scratch);
            }
            const float raw_q = inside ? head.vector(a, a.q, t)[j] : 0.0f;
            const float raw_k = inside ? head.vector(a, a.k, t)[j] : 0.0f;
            q[j] = feature(a, raw_q, scratch);
            k[j] = feature(a, raw_k, scratch);
            float d = inside ? head.output(a, a.d_out, t)[j] * (a.normalised ? 1.0f : a.scale) : 0.0f;
            float d_q = 0.0f;
            if (a.normalised) {
                keys = inside ? keys_at[t * n + j] : 0.0f;
                const float share = 1.0f / (block_total(inside ? q[j] * keys : 0.0f, scratch) + SMALL);
                const float slope = -share * block_total(inside ? d * head.output(a, a.out, t)[j] : 0.0f, scratch);
                d_q = slope * keys;
                d_keys += slope * q[j];
                d *= share;
            }
            d_out[j] = d;
            __syncthreads();
            const Gates g = head.gates(a, t);
            const float* before = desk.before(t);
            float d_keep = 0.0f;
            float d_write = 0.0f;
            if (inside) {
                for (int64_t i = 0; i < n; ++i) {
                    d_matrix[i * pitch + j] = fmaf(d, q[i], d_matrix[i * pitch + j]);
                }
                const float d_w = weighted(d_matrix, pitch, k, n, j);
                const float v = head.vector(a, a.v, t)[j];
                float d_v = d_w;
                written[j] = v;
                d_read[j] = 0.0f;
                if (a.gated) {
                    const float read = weighted(before, n, k, n, j);
                    const float missing = v - g.keep * read;
                    d_v = d_w * g.write;
                    d_write = d_w * missing;
                    d_keep = -d_v * read;
                    written[j] = missing * g.write;
                    d_read[j] = -d_v * g.keep;
                }
                head.vector(a, a.d_v, t)[j] = d_v;
            }
            __syncthreads();
            float d_k = d_keys;
            if (inside) {
                const float* after = desk.state(t);
                for (int64_t i = 0; i < n; ++i) {
                    d_q = fmaf(d_out[i], after[j * n + i], d_q);
                    d_k = fmaf(written[i], d_matrix[j * pitch + i], d_k);
                    if (a.gated) {
                        d_keep = fmaf(d_matrix[i * pitch + j], before[i * n + j], d_keep);
                        d_k = fmaf(d_read[i], before[j * n + i], d_k);
                    }
                }
            }
            __syncthreads();
            if (a.gated) {
                for (int64_t i = 0; i < n && inside; ++i) {
                    d_matrix[i * pitch + j] = fmaf(g.keep, d_matrix[i * pitch + j], d_read[j] * k[i]);
                }
                d_keep = block_total(d_keep, scratch);
                d_write = block_total(d_write, scratch);
                if (j == 0) {
                    float* d_gates = head.gate(a, a.d_gates, t);
                    d_gates[0] = d_keep * g.keep * (1.0f - g.keep);
                    d_gates[a.heads] = d_write * g.write * (1.0f - g.write);
                }
            }
            const float to_q = feature_backward(a, raw_q, q[j], inside ? d_q : 0.0f, scratch);
            const float to_k = feature_backward(a, raw_k, k[j], inside ? d_k : 0.0f, scratch);
            if (inside) {
                head.vector(a, a.d_q, t)[j] = to_q;
                head.vector(a, a.d_k, t)[j] = to_k;
            }
            __syncthreads();
        }
    }
}

}  // namespace

void fast_weights_backward(Device& d, const em_fast_weights_backward_args& b) {
    Scan scan = scan_of(b.forward);
    scan.d_out = view(b.d_out);
    scan.d_q = view(b.d_q);
    scan.d_k = view(b.d_k);
    scan.d_v = view(b.d_v);
    scan.d_gates = view(b.d_gates);
    scan.chunk = 32;
    while (scan.chunk * scan.chunk < scan.length) {
        scan.chunk *= 2;
    }
    scan.chunk = scan.chunk < scan.length ? scan.chunk : scan.length;
    scan.chunks = ceil_div(scan.length, scan.chunk);
    scan.desk = (scan.chunks + scan.chunk) * scan.head_dim * scan.head_dim + (scan.normalised ? scan.length * scan.head_dim : 0);
    // More blocks than this take several heads each, so that what they keep fits.
    const int64_t most = MOST_SCRATCH / scan.desk < 1 ? 1 : MOST_SCRATCH / scan.desk;
    const int64_t blocks = scan.tasks < most ? scan.tasks : most;
    scan.scratch = cuda(d).workspace(blocks * scan.desk);
    const unsigned threads = threads_of(scan);
    const int64_t floats = scan.head_dim * (scan.head_dim + 1) + 5 * threads;
    const Shape shape{grid_of(blocks, 1, 1), dim3(threads), floats * static_cast<int64_t>(sizeof(float))};
    EM_LAUNCH(cuda(d), fast_weights_backward_kernel, shape, scan);
}

}  // namespace em::gpu

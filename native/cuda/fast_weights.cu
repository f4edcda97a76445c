// Linear attention and the gated delta rule as a scan (see native/cpu/fast_weights.cpp). A block takes a head of a sequence through all its
// tokens; the matrix lies in shared memory, a thread has a column of it, one number of the values. Sums over a row are taken by the
// thread of the row. 4 head_dim^2 operations a token forward, 6 with gates, 12 and 20 backward; tokens follow each other, so a sequence
// takes its length times some 4 head_dim + 200 cycles.
#include "cuda/kernels.h"
#include "cuda/reduce.h"

namespace em::gpu {
namespace {

constexpr float SMALL = 1e-6f;
constexpr int64_t MOST_SCRATCH = INT64_C(1) << 26;  // floats of matrices that backward keeps

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

// Threads: head_dim, rounded up to whole warps. Dynamic shared memory: the matrix, q, k and the sums of keys.
__global__ void __launch_bounds__(128) fast_weights_kernel(Scan a) {
    EM_SHARED(float, scratch, [128 / WARP]);
    EM_DYNAMIC_SHARED(float, matrix);
    const int64_t n = a.head_dim;
    float* q = matrix + n * n;
    float* k = q + blockDim.x;
    const int64_t j = threadIdx.x;
    const bool inside = j < n;
    for (int64_t task = blockIdx.x; task < a.tasks; task += gridDim.x) {
        const Head head(a, task);
        float keys = 0.0f;
        for (int64_t i = 0; i < n && inside; ++i) {
            matrix[i * n + j] = 0.0f;
        }
        for (int64_t t = 0; t < a.length; ++t) {
            q[j] = feature(a, inside ? head.vector(a, a.q, t)[j] : 0.0f, scratch);
            k[j] = feature(a, inside ? head.vector(a, a.k, t)[j] : 0.0f, scratch);
            __syncthreads();
            float scale = a.scale;
            if (a.normalised) {
                keys += inside ? k[j] : 0.0f;
                scale = 1.0f / (block_total(inside ? q[j] * keys : 0.0f, scratch) + SMALL);
            }
            if (inside) {
                write_token(a, head, t, k, head.vector(a, a.v, t)[j], matrix, n, matrix, n, j);
                head.output(a, a.out, t)[j] = scale * weighted(matrix, n, q, n, j);
            }
            __syncthreads();
        }
    }
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

Scan scan_of(const em_fast_weights_args& a) {
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

unsigned threads_of(const Scan& scan) {
    EM_REQUIRE(scan.head_dim <= 128, "head_dim is %lld, more than 128", (long long)scan.head_dim);
    return static_cast<unsigned>(ceil_div(scan.head_dim, WARP) * WARP);
}

}  // namespace

void fast_weights(Device& d, const em_fast_weights_args& a) {
    const Scan scan = scan_of(a);
    const unsigned threads = threads_of(scan);
    const int64_t floats = scan.head_dim * scan.head_dim + 2 * threads;
    const Shape shape{grid_of(scan.tasks, 1, 1), dim3(threads), floats * static_cast<int64_t>(sizeof(float))};
    EM_LAUNCH(cuda(d), fast_weights_kernel, shape, scan);
}

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

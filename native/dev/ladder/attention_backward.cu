// The ladder of attention backward, dQ, dK, dV from Q, K, V, O, lse and dO: 128 heads of 64, 256 queries and keys, and 128 of both. With
// P = exp(scale Q K^T - lse) and delta = rowsum(dO O): dS = P (dO V^T - delta), dQ = scale dS K, dK = scale dS^T Q, dV = P^T dO. At
// least 10 L L WIDTH operations a head (5.4 G with 256) and 67 MB.
//
//   0  Matrices of P and dS in memory, a thread a number in each of five kernels.
//   1  No matrix: a kernel that sums over keys for dQ and one that sums over queries for dK and dV, each of which computes P again (14
//      instead of 10 L L WIDTH). Two neighbouring threads share a row, 32 columns each, because two rows and two gradients of 64
//      numbers do not fit in a thread's 255 registers. What is passed over is staged in shared memory.
//   2  The library's two kernels: the same sums, with 8 by 4 scores a thread. With up to 128 tokens one kernel, whose blocks own a head.
//   3  Float32 on tensor cores, each number split into two parts of tf32; two kernels for all lengths.
//   4  On tensor cores in tf32, and in bf16.
//
// One kernel that adds to dQ by atomic additions would save the second P. It is not here, because its bits would change from run to run.
#include "heads.h"
#include "report.h"

namespace ladder {
namespace {

constexpr int TILE = 32;         // tokens in shared memory
constexpr int THREADS = 128;     // of a block: 64 rows
constexpr int HALF = WIDTH / 2;  // columns of a row that a thread has
constexpr int STEPS = HALF / 4;  // of four columns

EM_DEVICE const float* read_at(const Heads& a, int64_t row, int part) { return part < 3 ? a.part(row, part) : a.d_out + a.out_at(row); }
constexpr int D_OUT = 3;  // as a part

// --- rung 0 ---

__global__ void delta_kernel(Heads a) {
    const int64_t row = thread_of_grid();
    if (row < a.rows()) {
        float sum = 0;
        for (int d = 0; d < WIDTH; ++d) {
            sum = fmaf(a.d_out[a.out_at(row) + d], a.out[a.out_at(row) + d], sum);
        }
        a.delta[row] = sum;
    }
}

__global__ void matrices_kernel(Heads a, float* p, float* d_s) {
    const int64_t i = thread_of_grid();
    if (i >= a.rows() * a.length) {
        return;
    }
    const int64_t row = i / a.length;
    const int64_t key = row / a.length * a.length + i % a.length;
    float s = 0;
    float d_p = 0;
    for (int d = 0; d < WIDTH; ++d) {
        s = fmaf(a.part(row, 0)[d], a.part(key, 1)[d], s);
        d_p = fmaf(a.d_out[a.out_at(row) + d], a.part(key, 2)[d], d_p);
    }
    p[i] = expf(SCALE * s - a.lse[row]);
    d_s[i] = p[i] * (d_p - a.delta[row]);
}

// to[row] = scale * sum over others of matrix[row][other] from[other], or of matrix[other][row].
__global__ void sums_kernel(Heads a, const float* matrix, bool transposed, int from, int to, float scale) {
    const int64_t i = thread_of_grid();
    if (i >= a.elements()) {
        return;
    }
    const int64_t row = i / WIDTH;
    const int64_t first = row / a.length * a.length;
    float sum = 0;
    for (int64_t other = first; other < first + a.length; ++other) {
        const float weight = transposed ? matrix[other * a.length + row - first] : matrix[row * a.length + other - first];
        sum = fmaf(weight, read_at(a, other, from)[i % WIDTH], sum);
    }
    a.d_qkv[a.part_at(row, to) + i % WIDTH] = scale * sum;
}

void five_kernels(Gpu& gpu, const Heads& a, float* p, float* d_s) {
    constexpr int threads = 256;
    const auto over = [&](int64_t count, auto* kernel, auto... more) {
        launch(gpu.stream(), kernel, dim3(blocks_of(count, threads)), dim3(threads), a, more...);
    };
    over(a.rows(), delta_kernel);
    over(a.rows() * a.length, matrices_kernel, p, d_s);
    over(a.elements(), sums_kernel, d_s, false, 1, 0, SCALE);
    over(a.elements(), sums_kernel, d_s, true, 0, 1, SCALE);
    over(a.elements(), sums_kernel, p, true, D_OUT, 2, 1.0f);
}

// --- rung 1: half a row a thread. Its columns are 8 m + 4 half + 0..3, so that both halves read shared memory from different banks ---

EM_DEVICE int my_half() { return static_cast<int>(threadIdx.x) % 2; }

EM_DEVICE void read_half(const float* from, float (&to)[HALF]) {
#pragma unroll
    for (int m = 0; m < STEPS; ++m) {
        const float4 four = *reinterpret_cast<const float4*>(from + 8 * m + 4 * my_half());
        to[4 * m] = four.x;
        to[4 * m + 1] = four.y;
        to[4 * m + 2] = four.z;
        to[4 * m + 3] = four.w;
    }
}

EM_DEVICE void write_half(float* to, const float (&from)[HALF], float scale) {
#pragma unroll
    for (int m = 0; m < STEPS; ++m) {
        em::store_wide(to + 8 * m + 4 * my_half(),
                       make_float4(scale * from[4 * m], scale * from[4 * m + 1], scale * from[4 * m + 2], scale * from[4 * m + 3]));
    }
}

// The dot product of a row with one in shared memory, which both threads of the row get.
EM_DEVICE float dot(const float (&mine)[HALF], const float* row) {
    float sums[4] = {};
    float other[HALF];
    read_half(row, other);
#pragma unroll
    for (int d = 0; d < HALF; ++d) {
        sums[d % 4] = fmaf(mine[d], other[d], sums[d % 4]);
    }
    const float sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    return sum + __shfl_xor_sync(em::ALL_LANES, sum, 1);
}

EM_DEVICE void add(float (&to)[HALF], float weight, const float* row) {
    float other[HALF];
    read_half(row, other);
#pragma unroll
    for (int d = 0; d < HALF; ++d) {
        to[d] = fmaf(weight, other[d], to[d]);
    }
}

// Two parts of 32 rows from `first` to shared memory.
EM_DEVICE void stage(const Heads& a, int64_t first, int left_part, int right_part, float* left, float* right) {
    for (int i = 4 * static_cast<int>(threadIdx.x); i < TILE * WIDTH; i += 4 * THREADS) {
        const int64_t row = first + i / WIDTH;
        *reinterpret_cast<float4*>(left + i) = *reinterpret_cast<const float4*>(read_at(a, row, left_part) + i % WIDTH);
        *reinterpret_cast<float4*>(right + i) = *reinterpret_cast<const float4*>(read_at(a, row, right_part) + i % WIDTH);
    }
}

__global__ void __launch_bounds__(THREADS) query_gradient_kernel(Heads a) {
    EM_SHARED(float, keys, [TILE * WIDTH]);
    EM_SHARED(float, values, [TILE * WIDTH]);
    const int64_t row = thread_of_grid() / 2;
    const int64_t first = row / a.length * a.length;
    float q[HALF];
    float d_out[HALF];
    float d_q[HALF] = {};
    read_half(a.part(row, 0), q);
    read_half(a.d_out + a.out_at(row), d_out);
    const float delta = dot(d_out, a.out + a.out_at(row));
    const float lse = a.lse[row];
    for (int64_t j0 = 0; j0 < a.length; j0 += TILE) {
        stage(a, first + j0, 1, 2, keys, values);
        __syncthreads();
#pragma unroll 2
        for (int j = 0; j < TILE; ++j) {
            const float p = expf(SCALE * dot(q, keys + j * WIDTH) - lse);
            add(d_q, p * (dot(d_out, values + j * WIDTH) - delta), keys + j * WIDTH);
        }
        __syncthreads();
    }
    write_half(a.d_qkv + a.part_at(row, 0), d_q, SCALE);
    if (my_half() == 0) {
        a.delta[row] = delta;
    }
}

__global__ void __launch_bounds__(THREADS) key_gradient_kernel(Heads a) {
    EM_SHARED(float, queries, [TILE * WIDTH]);
    EM_SHARED(float, d_outs, [TILE * WIDTH]);
    const int64_t row = thread_of_grid() / 2;
    const int64_t first = row / a.length * a.length;
    float k[HALF];
    float v[HALF];
    float d_k[HALF] = {};
    float d_v[HALF] = {};
    read_half(a.part(row, 1), k);
    read_half(a.part(row, 2), v);
    for (int64_t i0 = 0; i0 < a.length; i0 += TILE) {
        stage(a, first + i0, 0, D_OUT, queries, d_outs);
        __syncthreads();
#pragma unroll 1
        for (int i = 0; i < TILE; ++i) {
            const int64_t query = first + i0 + i;
            const float p = expf(SCALE * dot(k, queries + i * WIDTH) - a.lse[query]);
            add(d_k, p * (dot(v, d_outs + i * WIDTH) - a.delta[query]), queries + i * WIDTH);
            add(d_v, p, d_outs + i * WIDTH);
        }
        __syncthreads();
    }
    write_half(a.d_qkv + a.part_at(row, 1), d_k, SCALE);
    write_half(a.d_qkv + a.part_at(row, 2), d_v, 1.0f);
}

// --- the ladder ---

// predicted: us of each rung; 0 where nothing is.
void climb(Gpu& gpu, Report& report, int64_t length, const std::vector<double>& predicted) {
    std::vector<Heads> sets{take_heads(gpu, length, true, 1)};
    const Heads a = sets[0];
    const Work work{10.0 * a.rows() * a.length * WIDTH, 4.0 * (8 * a.elements() + a.rows())};
    for (uint32_t i = 1; i < sets_of(static_cast<int64_t>(work.bytes)); ++i) {
        sets.push_back(take_heads(gpu, length, true, 1 + i));
    }
    float* const p = gpu.take(a.rows() * a.length);
    float* const d_s = gpu.take(a.rows() * a.length);
    const TrueHeads right = take_true(gpu, a, true);
    find_true_output(gpu, a, right);
    find_true_gradients(gpu, a, right);
    gpu.wait();

    const auto of = [&](em::Device& device) {
        return [&](int64_t set) { device.kernels().attention_backward(device, backward_args(gpu, sets[static_cast<size_t>(set)])); };
    };
    em::Device& fused = gpu.attention(false);
    em::Device& split = gpu.attention(true);
    constexpr double exact = 2e-5;
    constexpr double tf32 = 32.0 / (1 << 11);
    constexpr double bf16 = 32.0 / (1 << 8);
    const std::vector<Rung> rungs{
        {"0 matrices in memory, a thread a number", EM_FLOAT32, exact, predicted[0], nullptr,
         [&](int64_t set) { five_kernels(gpu, sets[static_cast<size_t>(set)], p, d_s); }},
        {"1 two kernels, two threads a row", EM_FLOAT32, exact, predicted[1], nullptr,
         [&](int64_t set) {
             const Heads& one = sets[static_cast<size_t>(set)];
             const dim3 grid(blocks_of(2 * one.rows(), THREADS));
             launch(gpu.stream(), query_gradient_kernel, grid, dim3(THREADS), one);
             launch(gpu.stream(), key_gradient_kernel, grid, dim3(THREADS), one);
         }},
        {"2 the library's, float32, fused", EM_FLOAT32, exact, predicted[2], &fused, of(fused)},
        {"3 the library's, float32, split", EM_FLOAT32, exact, predicted[3], &split, of(split)},
        {"4 the library's, tf32", EM_TF32, tf32, predicted[4], &fused, of(fused)},
        {"5 the library's, bf16", EM_BF16, bf16, predicted[5], &fused, of(fused)},
    };
    report.title("attention_backward", shape_of(a), work);
    for (const Rung& rung : rungs) {
        // What the forward pass leaves, in the same arithmetic.
        em::Device& device = rung.device == nullptr ? fused : *rung.device;
        device.set_arithmetic(rung.arithmetic);
        for (const Heads& one : sets) {
            device.kernels().attention(device, forward_args(gpu, one));
        }
        device.set_arithmetic(EM_FLOAT32);
        gpu.wait();
        const auto reset = [&] {
            gpu.poison(a.d_qkv, 3 * a.elements());
            gpu.poison(a.delta, a.rows());
        };
        report.see(gpu, rung, static_cast<int64_t>(sets.size()), reset, [&] { return worst_gradient(gpu, a, right); });
    }
    gpu.release();
}

}  // namespace

void attention_backward_ladder(Gpu& gpu, Report& report) {
    climb(gpu, report, LONG, {5300, 220, 233, 130, 108, 95});
    climb(gpu, report, SHORT, {1300, 90, 42, 33, 20, 18});
}

}  // namespace ladder

// The ladder of attention forward, O = softmax(scale Q K^T) V: 128 heads of 64, 256 queries and keys, and 128 of both. At least
// 4 L L WIDTH operations a head (2.15 G with 256) and 33.7 MB.
//
//   0  Three kernels and a matrix of scores in memory. A thread a number, as one would write it on a CPU. The threads of a warp read 32
//      rows of K at once: 32 cache lines for 32 numbers.
//   1  One pass over the keys with a running maximum and sum (Milakov & Gimelshein 2018, algorithm 3). A thread a query, which stays in
//      registers with its output; all threads of a warp read the same key, which costs one read. No matrix. What is left: the wait for
//      each key, and a multiplication of the whole output by each key's change of the maximum.
//   2  Keys and values of 32 tokens in shared memory, and the maximum once for eight of them.
//   3  The library's kernel: 8 by 4 scores a thread, so that a number from shared memory serves 4 or 8 multiplications.
//   4  Float32 on tensor cores: each number split into two parts of tf32, three products for one.
//   5  On tensor cores in tf32, and in bf16.
#include "heads.h"
#include "report.h"

namespace ladder {
namespace {

constexpr int TILE = 32;     // tokens in shared memory
constexpr int AT_ONCE = 8;   // keys whose scores a thread keeps
constexpr int THREADS = 64;  // of a block: queries

// --- rung 0 ---

__global__ void scores_kernel(Heads a, float* scores) {
    const int64_t i = thread_of_grid();
    if (i >= a.rows() * a.length) {
        return;
    }
    const int64_t row = i / a.length;
    const float* const q = a.part(row, 0);
    const float* const k = a.part(row / a.length * a.length + i % a.length, 1);
    float sum = 0;
    for (int d = 0; d < WIDTH; ++d) {
        sum = fmaf(q[d], k[d], sum);
    }
    scores[i] = SCALE * sum;
}

// A warp a row.
__global__ void softmax_kernel(Heads a, float* scores) {
    const int64_t row = thread_of_grid() / em::WARP;
    const int lane = static_cast<int>(threadIdx.x) % em::WARP;
    if (row >= a.rows()) {
        return;
    }
    float* const s = scores + row * a.length;
    float largest = -HUGE_VALF;
    for (int64_t j = lane; j < a.length; j += em::WARP) {
        largest = fmaxf(largest, s[j]);
    }
    float sum = 0;
    for (int distance = em::WARP / 2; distance > 0; distance /= 2) {
        largest = fmaxf(largest, __shfl_xor_sync(em::ALL_LANES, largest, distance));
    }
    for (int64_t j = lane; j < a.length; j += em::WARP) {
        s[j] = expf(s[j] - largest);
        sum += s[j];
    }
    for (int distance = em::WARP / 2; distance > 0; distance /= 2) {
        sum += __shfl_xor_sync(em::ALL_LANES, sum, distance);
    }
    for (int64_t j = lane; j < a.length; j += em::WARP) {
        s[j] /= sum;
    }
    if (lane == 0) {
        a.lse[row] = largest + logf(sum);
    }
}

__global__ void weigh_kernel(Heads a, const float* weights) {
    const int64_t i = thread_of_grid();
    if (i >= a.elements()) {
        return;
    }
    const int64_t row = i / WIDTH;
    const int64_t first = row / a.length * a.length;
    float sum = 0;
    for (int64_t j = 0; j < a.length; ++j) {
        sum = fmaf(weights[row * a.length + j], a.part(first + j, 2)[i % WIDTH], sum);
    }
    a.out[a.out_at(row) + i % WIDTH] = sum;
}

void three_kernels(Gpu& gpu, const Heads& a, float* matrix) {
    launch(gpu.stream(), scores_kernel, dim3(blocks_of(a.rows() * a.length, 256)), dim3(256), a, matrix);
    launch(gpu.stream(), softmax_kernel, dim3(blocks_of(a.rows() * em::WARP, 256)), dim3(256), a, matrix);
    launch(gpu.stream(), weigh_kernel, dim3(blocks_of(a.elements(), 256)), dim3(256), a, matrix);
}

// --- rungs 1 and 2: a query and its output in registers ---

EM_DEVICE void read_row(const float* from, float (&to)[WIDTH], float scale) {
#pragma unroll
    for (int d = 0; d < WIDTH; d += 4) {
        const float4 four = *reinterpret_cast<const float4*>(from + d);
        to[d] = scale * four.x;
        to[d + 1] = scale * four.y;
        to[d + 2] = scale * four.z;
        to[d + 3] = scale * four.w;
    }
}

// Four sums instead of one: a multiplication need not wait for the one before.
EM_DEVICE float dot(const float (&q)[WIDTH], const float* k) {
    float4 sum = make_float4(0, 0, 0, 0);
#pragma unroll
    for (int d = 0; d < WIDTH; d += 4) {
        const float4 four = *reinterpret_cast<const float4*>(k + d);
        sum.x = fmaf(q[d], four.x, sum.x);
        sum.y = fmaf(q[d + 1], four.y, sum.y);
        sum.z = fmaf(q[d + 2], four.z, sum.z);
        sum.w = fmaf(q[d + 3], four.w, sum.w);
    }
    return (sum.x + sum.y) + (sum.z + sum.w);
}

// o = shrink o + weight v.
EM_DEVICE void add_value(float (&o)[WIDTH], float shrink, float weight, const float* v) {
#pragma unroll
    for (int d = 0; d < WIDTH; d += 4) {
        const float4 four = *reinterpret_cast<const float4*>(v + d);
        o[d] = fmaf(weight, four.x, shrink * o[d]);
        o[d + 1] = fmaf(weight, four.y, shrink * o[d + 1]);
        o[d + 2] = fmaf(weight, four.z, shrink * o[d + 2]);
        o[d + 3] = fmaf(weight, four.w, shrink * o[d + 3]);
    }
}

EM_DEVICE void write_output(const Heads& a, int64_t row, const float (&o)[WIDTH], float largest, float sum) {
    float* const to = a.out + a.out_at(row);
#pragma unroll
    for (int d = 0; d < WIDTH; d += 4) {
        em::store_wide(to + d, make_float4(o[d] / sum, o[d + 1] / sum, o[d + 2] / sum, o[d + 3] / sum));
    }
    a.lse[row] = largest + logf(sum);
}

__global__ void __launch_bounds__(THREADS) one_pass_kernel(Heads a) {
    const int64_t row = thread_of_grid();
    const int64_t first = row / a.length * a.length;
    const float* const keys = a.part(first, 1);
    const float* const values = a.part(first, 2);
    float q[WIDTH];
    float o[WIDTH] = {};
    float largest = -HUGE_VALF;
    float sum = 0;
    read_row(a.part(row, 0), q, SCALE);
    for (int64_t j = 0; j < a.length; ++j) {
        const float s = dot(q, keys + j * a.stride());
        const float higher = fmaxf(largest, s);
        const float shrink = expf(largest - higher);
        const float weight = expf(s - higher);
        add_value(o, shrink, weight, values + j * a.stride());
        sum = fmaf(sum, shrink, weight);
        largest = higher;
    }
    write_output(a, row, o, largest, sum);
}

__global__ void __launch_bounds__(THREADS) staged_kernel(Heads a) {
    EM_SHARED(float, keys, [TILE * WIDTH]);
    EM_SHARED(float, values, [TILE * WIDTH]);
    const int64_t row = thread_of_grid();
    const int64_t first = row / a.length * a.length;  // the same for the whole block
    float q[WIDTH];
    float o[WIDTH] = {};
    float largest = -HUGE_VALF;
    float sum = 0;
    read_row(a.part(row, 0), q, SCALE);
    for (int64_t j0 = 0; j0 < a.length; j0 += TILE) {
        for (int i = 4 * static_cast<int>(threadIdx.x); i < TILE * WIDTH; i += 4 * THREADS) {
            const int64_t from = (j0 + i / WIDTH) * a.stride() + i % WIDTH;
            *reinterpret_cast<float4*>(keys + i) = *reinterpret_cast<const float4*>(a.part(first, 1) + from);
            *reinterpret_cast<float4*>(values + i) = *reinterpret_cast<const float4*>(a.part(first, 2) + from);
        }
        __syncthreads();
#pragma unroll 1
        for (int j1 = 0; j1 < TILE; j1 += AT_ONCE) {
            float s[AT_ONCE];
            float higher = largest;
#pragma unroll
            for (int j = 0; j < AT_ONCE; ++j) {
                s[j] = dot(q, keys + (j1 + j) * WIDTH);
                higher = fmaxf(higher, s[j]);
            }
            const float shrink = expf(largest - higher);
            sum *= shrink;
            largest = higher;
#pragma unroll
            for (int j = 0; j < AT_ONCE; ++j) {
                const float weight = expf(s[j] - higher);
                sum += weight;
                add_value(o, j == 0 ? shrink : 1.0f, weight, values + (j1 + j) * WIDTH);
            }
        }
        __syncthreads();
    }
    write_output(a, row, o, largest, sum);
}

// predicted: us of each rung; 0 where nothing is.
void climb(Gpu& gpu, Report& report, int64_t length, const std::vector<double>& predicted) {
    std::vector<Heads> sets{take_heads(gpu, length, false, 1)};
    const Heads a = sets[0];
    const Work work{4.0 * a.rows() * a.length * WIDTH, 4.0 * (4 * a.elements() + a.rows())};
    for (uint32_t i = 1; i < sets_of(static_cast<int64_t>(work.bytes)); ++i) {
        sets.push_back(take_heads(gpu, length, false, 1 + i));
    }
    float* const matrix = gpu.take(a.rows() * a.length);
    const TrueHeads right = take_true(gpu, a, false);
    find_true_output(gpu, a, right);

    const auto own_launch = [&](void (*kernel)(Heads)) {
        return [&gpu, &sets, kernel](int64_t set) {
            const Heads& one = sets[static_cast<size_t>(set)];
            launch(gpu.stream(), kernel, dim3(blocks_of(one.rows(), THREADS)), dim3(THREADS), one);
        };
    };
    const auto of = [&](em::Device& device) {
        return [&](int64_t set) { device.kernels().attention(device, forward_args(gpu, sets[static_cast<size_t>(set)])); };
    };
    em::Device& fused = gpu.attention(false);
    em::Device& split = gpu.attention(true);
    constexpr double exact = 2e-5;
    constexpr double tf32 = 16.0 / (1 << 11);
    constexpr double bf16 = 16.0 / (1 << 8);
    const std::vector<Rung> rungs{
        {"0 three kernels, a thread a number", EM_FLOAT32, exact, predicted[0], nullptr,
         [&](int64_t set) { three_kernels(gpu, sets[static_cast<size_t>(set)], matrix); }},
        {"1 one pass, a thread a query", EM_FLOAT32, exact, predicted[1], nullptr, own_launch(one_pass_kernel)},
        {"2 keys and values in shared memory", EM_FLOAT32, exact, predicted[2], nullptr, own_launch(staged_kernel)},
        {"3 the library's, float32, fused", EM_FLOAT32, exact, predicted[3], &fused, of(fused)},
        {"4 the library's, float32, split", EM_FLOAT32, exact, predicted[4], &split, of(split)},
        {"5 the library's, tf32", EM_TF32, tf32, predicted[5], &fused, of(fused)},
        {"6 the library's, bf16", EM_BF16, bf16, predicted[6], &fused, of(fused)},
    };
    report.title("attention_forward", shape_of(a), work);
    const auto reset = [&] {
        gpu.poison(a.out, a.elements());
        gpu.poison(a.lse, a.rows());
    };
    const auto error = [&] { return worst_output(gpu, a, right); };
    for (const Rung& rung : rungs) {
        report.see(gpu, rung, static_cast<int64_t>(sets.size()), reset, error);
    }
    gpu.release();
}

}  // namespace

void attention_forward_ladder(Gpu& gpu, Report& report) {
    climb(gpu, report, LONG, {2600, 150, 75, 64, 38, 29, 24});
    climb(gpu, report, SHORT, {650, 60, 35, 18, 10, 8, 7});
}

}  // namespace ladder

// What this GPU reaches at best: a copy of 16 bytes a thread at a time; chains of multiply-adds in registers, by FFMA and by mma.sync.
#include "cuda/tensor_core.h"
#include "report.h"

namespace ladder {
namespace {

constexpr int THREADS = 256;
constexpr int TURNS = 2048;
constexpr int CHAINS = 16;  // independent, so that none waits for itself

__global__ void copy_kernel(const float4* from, float4* to, int64_t count) {
    const int64_t i = thread_of_grid();
    if (i < count) {
        to[i] = from[i];
    }
}

// The result is stored where it cannot be foreseen that it is not wanted.
__global__ void __launch_bounds__(THREADS) multiply_kernel(float* to, float factor, float never) {
    float x[CHAINS];
#pragma unroll
    for (int i = 0; i < CHAINS; ++i) {
        x[i] = static_cast<float>(threadIdx.x + static_cast<unsigned>(i));
    }
#pragma unroll 1
    for (int turn = 0; turn < TURNS; turn += 4) {
#pragma unroll
        for (int again = 0; again < 4; ++again) {
#pragma unroll
            for (int i = 0; i < CHAINS; ++i) {
                x[i] = fmaf(x[i], factor, factor);
            }
        }
    }
    float sum = 0;
#pragma unroll
    for (int i = 0; i < CHAINS; ++i) {
        sum += x[i];
    }
    if (sum == never) {
        to[threadIdx.x] = sum;
    }
}

template <class Number>
__global__ void __launch_bounds__(THREADS) tensor_core_kernel(float* to, uint32_t word, float never) {
    constexpr int tiles = 8;
    const em::FragmentA a = {word, word, word, word};
    const em::FragmentB b = {word, word};
    em::FragmentC c[tiles] = {};
#pragma unroll 1
    for (int turn = 0; turn < TURNS; ++turn) {
#pragma unroll
        for (int i = 0; i < tiles; ++i) {
            Number::multiply(c[i], a, b);
        }
    }
    float sum = 0;
#pragma unroll
    for (int i = 0; i < tiles; ++i) {
        sum += c[i][0] + c[i][1] + c[i][2] + c[i][3];
    }
    if (sum == never) {
        to[threadIdx.x] = sum;
    }
}

// An idle GPU runs slowly at first.
void warm_up(Gpu& gpu, float* to) {
    const std::chrono::duration<double> enough(0.3);
    const dim3 grid(static_cast<unsigned>(16 * gpu.multiprocessors()));
    for (const auto start = std::chrono::steady_clock::now(); std::chrono::steady_clock::now() - start < enough;) {
        launch(gpu.stream(), multiply_kernel, grid, dim3(THREADS), to, 0.5f, -1.0f);
        gpu.wait();
    }
}

}  // namespace

Ceilings measure_ceilings(Gpu& gpu) {
    if (EMULATED) {
        return {};
    }
    constexpr int64_t floats = int64_t{64} << 20;  // 256 MB each way
    float* const from = gpu.take(floats);
    float* const to = gpu.take(floats);
    gpu.fill(from, floats, 3);
    gpu.wait();
    const auto seconds = [&](const std::function<void(int64_t)>& issue) {
        constexpr int64_t repeats = 4;
        const auto program = gpu.program({"a ceiling", EM_FLOAT32, 0, 0, nullptr, issue}, repeats);
        program->run();
        return 1e-6 * gpu.microseconds(*program, repeats);
    };
    warm_up(gpu, to);
    const double copied = seconds([&](int64_t) {
        launch(gpu.stream(), copy_kernel, dim3(blocks_of(floats / 4, THREADS)), dim3(THREADS), reinterpret_cast<const float4*>(from),
               reinterpret_cast<float4*>(to), floats / 4);
    });
    const dim3 grid(static_cast<unsigned>(16 * gpu.multiprocessors()));
    const double threads = static_cast<double>(grid.x) * THREADS;
    const auto multiply = [&](int64_t) { launch(gpu.stream(), multiply_kernel, grid, dim3(THREADS), to, 0.5f, -1.0f); };
    const double multiplied = seconds(multiply);
    const auto by_tensor_cores = [&](void (*kernel)(float*, uint32_t, float), double words) {
        const double time = seconds([&](int64_t) { launch(gpu.stream(), kernel, grid, dim3(THREADS), to, 0x3f803f80u, -1.0f); });
        return threads / em::WARP * TURNS * 8 * 2 * em::MMA_ROWS * em::MMA_COLUMNS * words / time;
    };
    const Ceilings found{8.0 * floats / copied, threads * TURNS * CHAINS * 2 / multiplied,
                         by_tensor_cores(tensor_core_kernel<em::Tf32>, em::MMA_WORDS),
                         by_tensor_cores(tensor_core_kernel<em::Bf16>, 2 * em::MMA_WORDS)};
    gpu.release();
    return found;
}

}  // namespace ladder

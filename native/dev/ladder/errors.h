// The worst error of what a kernel computed against float64, found on the GPU: every element counts.
#pragma once
#include <cmath>
#include <limits>

#include "gpu.h"

namespace ladder {

struct Partial {
    double worst, squares;
};

// Pairs has got(i), the number that was computed, and want(i), the true one in double. A number that is not finite is infinitely wrong.
template <class Pairs>
__global__ void error_kernel(Pairs pairs, int64_t count, Partial* partials) {
    constexpr int threads = 128;
    EM_SHARED(double, worst, [threads]);
    EM_SHARED(double, squares, [threads]);
    const int mine = static_cast<int>(threadIdx.x);
    double largest = 0;
    double sum = 0;
    for (int64_t i = thread_of_grid(); i < count; i += static_cast<int64_t>(gridDim.x) * blockDim.x) {
        const double want = pairs.want(i);
        const double error = fabs(static_cast<double>(pairs.got(i)) - want);
        // Written so that NaN counts.
        largest = error <= 1e300 ? (error > largest ? error : largest) : HUGE_VAL;
        sum += want * want;
        if (!(error <= 1e300)) {
            break;
        }
    }
    worst[mine] = largest;
    squares[mine] = sum;
    __syncthreads();
    if (mine == 0) {
        for (int i = 1; i < threads; ++i) {
            largest = worst[i] > largest ? worst[i] : largest;
            sum += squares[i];
        }
        partials[blockIdx.x] = {largest, sum};
    }
}

// The worst |got - want| in units of the root mean square of want; NaN or infinite where something was not computed.
template <class Pairs>
double error_of(Gpu& gpu, const Pairs& pairs, int64_t count) {
    constexpr int threads = 128;
    const unsigned blocks = blocks_of(count < 2048 * threads ? count : 2048 * threads, threads);
    float* const memory = gpu.take(blocks * static_cast<int64_t>(sizeof(Partial) / sizeof(float)));
    Partial* const partials = reinterpret_cast<Partial*>(memory);
    launch(gpu.stream(), error_kernel<Pairs>, dim3(blocks), dim3(threads), pairs, count, partials);
    std::vector<Partial> all(blocks);
    gpu.read(all.data(), partials, static_cast<int64_t>(blocks * sizeof(Partial)));
    double worst = 0;
    double squares = 0;
    for (const Partial& one : all) {
        worst = one.worst > worst ? one.worst : worst;
        squares += one.squares;
    }
    return worst / std::sqrt(squares / static_cast<double>(count));
}

}  // namespace ladder

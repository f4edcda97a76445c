// Sums and maxima over lanes, warps and blocks, in an order that depends on nothing but the shape.
#pragma once
#include "cuda/launch.h"

namespace em {

EM_DEVICE int lane_index() { return static_cast<int>(threadIdx.x % WARP); }
EM_DEVICE int warp_index() { return static_cast<int>(threadIdx.x / WARP); }

// Over groups of LANES neighbouring lanes; every lane gets the result.
template <int LANES = WARP, class T>
EM_DEVICE T lanes_sum(T value) {
#pragma unroll
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    return value;
}

// NaN when a lane has NaN.
template <int LANES = WARP>
EM_DEVICE float lanes_max(float value) {
#pragma unroll
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
        const float other = __shfl_xor_sync(ALL_LANES, value, distance);
        value = value > other || value != value ? value : other;
    }
    return value;
}

// Over a block of THREADS in one dimension; scratch holds THREADS / 32 values. Every thread gets the result. Ends in a barrier.
template <int THREADS, class T>
EM_DEVICE T block_sum(T value, T* scratch) {
    value = lanes_sum(value);
    if (lane_index() == 0) {
        scratch[warp_index()] = value;
    }
    __syncthreads();
    T sum = scratch[0];
#pragma unroll
    for (int warp = 1; warp < THREADS / WARP; ++warp) {
        sum += scratch[warp];
    }
    __syncthreads();
    return sum;
}

// The target of a row that takes no part in the loss.
constexpr int32_t NOT_SCORED = -1;

// How many of `rows` targets are scored, counted by a block of THREADS in one dimension; scratch holds THREADS / 32 values. Every thread
// gets the result. Ends in a barrier.
template <int THREADS>
EM_DEVICE int64_t count_scored(const int32_t* target, int64_t rows, int64_t* scratch) {
    int64_t scored = 0;
    for (int64_t i = threadIdx.x; i < rows; i += THREADS) {
        scored += target[i] != NOT_SCORED;
    }
    return block_sum<THREADS>(scored, scratch);
}

// True in all threads of the block that is the last of `blocks` to come here; it sees what the others wrote before. `ticket` is zero
// before the first comes and after the last (the pattern of CUDA's threadFenceReduction sample: an atomic counts, none adds results).
EM_DEVICE bool last_block(unsigned* ticket, unsigned blocks, int* flag) {
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0 && threadIdx.y == 0) {
        const bool last = atomicAdd(ticket, 1u) == blocks - 1;
        if (last) {
            *ticket = 0;
        }
        *flag = last;
        __threadfence();
    }
    __syncthreads();
    return *flag != 0;
}

}  // namespace em

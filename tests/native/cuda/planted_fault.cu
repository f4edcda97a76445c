// Four kernels, each wrong in one way that one of compute-sanitizer's tools must find: a check of the check.
//
//   planted_fault memcheck|racecheck|initcheck|synccheck|none
#include <cstdio>
#include <cstring>

namespace {

constexpr int THREADS = 64;

__global__ void writes_past_the_end(float* x) { x[threadIdx.x + 1] = 1.0f; }

// Threads read their neighbour's number without waiting for it.
__global__ void reads_before_written(float* x) {
    __shared__ float all[THREADS];
    all[threadIdx.x] = x[threadIdx.x];
    x[threadIdx.x] = all[THREADS - 1 - threadIdx.x];
}

__global__ void reads_what_nobody_wrote(float* x, const float* never) { x[threadIdx.x] = never[threadIdx.x]; }

// The last threads go past a barrier and leave; all of one warp and a part of the other wait there, which ends without a hang.
__global__ void waits_apart(float* x) {
    if (threadIdx.x < THREADS - 16) {
        __syncthreads();
    }
    x[threadIdx.x] = 1.0f;
}

__global__ void right(float* x) { x[threadIdx.x] = 1.0f; }

}  // namespace

int main(int argc, char** argv) {
    const char* fault = argc > 1 ? argv[1] : "";
    float* x = nullptr;
    float* never = nullptr;
    if (cudaMalloc(&x, THREADS * sizeof(float)) != cudaSuccess || cudaMalloc(&never, THREADS * sizeof(float)) != cudaSuccess ||
        cudaMemset(x, 0, THREADS * sizeof(float)) != cudaSuccess) {
        std::printf("no GPU: %s\n", cudaGetErrorString(cudaGetLastError()));
        return 3;
    }
    if (std::strcmp(fault, "memcheck") == 0) {
        writes_past_the_end<<<1, THREADS>>>(x);
    } else if (std::strcmp(fault, "racecheck") == 0) {
        reads_before_written<<<1, THREADS>>>(x);
    } else if (std::strcmp(fault, "initcheck") == 0) {
        reads_what_nobody_wrote<<<1, THREADS>>>(x, never);
    } else if (std::strcmp(fault, "synccheck") == 0) {
        waits_apart<<<1, THREADS>>>(x);
    } else if (std::strcmp(fault, "none") == 0) {
        right<<<1, THREADS>>>(x);
    } else {
        std::printf("usage: planted_fault memcheck|racecheck|initcheck|synccheck|none\n");
        return 2;
    }
    const cudaError_t error = cudaDeviceSynchronize();
    std::printf("%s: %s\n", fault, cudaGetErrorString(error));
    cudaFree(never);
    cudaFree(x);
    return 0;
}

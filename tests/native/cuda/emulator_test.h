// What the parts of emulator_test share: kernels are launched on one stream, and what is not as expected counts.
#pragma once
#include <cuda_runtime.h>

#include <cstdio>
#include <string>

#define EM_SHARED(type, name, extents) \
    auto& name = *static_cast<type(*) extents>(::emu::shared_array({__FILE__, __LINE__}, sizeof(type extents)))

inline int failures = 0;

inline void expect(bool condition, const char* what, const std::string& detail = "") {
    if (!condition) {
        ++failures;
        std::printf("FAILED: %s%s%s\n", what, detail.empty() ? "" : ": ", detail.c_str());
    }
}

inline cudaStream_t stream() {
    static cudaStream_t one = [] {
        cudaStream_t created;
        cudaStreamCreateWithFlags(&created, cudaStreamNonBlocking);
        return created;
    }();
    return one;
}

template <class... P, class... A>
cudaError_t launch(void (*kernel)(P...), dim3 grid, dim3 block, A... arguments) {
    return emu::launch<P...>({"kernel", grid, block, 0}, stream(), kernel, arguments...);
}

// The launch must fail with a text that holds `reason`.
template <class... P, class... A>
void refuses(const char* reason, void (*kernel)(P...), dim3 grid, dim3 block, A... arguments) {
    const cudaError_t error = launch(kernel, grid, block, arguments...);
    const std::string text = cudaGetErrorString(error);
    expect(error != cudaSuccess && text.find(reason) != std::string::npos, reason, text);
}

// The parts of other files (emulator_accesses.cpp, emulator_tensor_cores.cpp).
void wrong_accesses_are_refused();
void tensor_cores_multiply(bool tf32);
void tensor_cores_round();

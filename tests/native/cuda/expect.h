// What tests of the emulation share: what is not as expected counts, and kernels are launched on one stream.
#pragma once
#include <cuda_runtime.h>

#include <cstdio>
#include <string>

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

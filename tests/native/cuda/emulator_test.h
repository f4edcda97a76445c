// What the parts of emulator_test share.
#pragma once
#include "expect.h"

template <class... P, class... A>
cudaError_t launch(void (*kernel)(P...), dim3 grid, dim3 block, A... arguments) {
    return emu::launch<P...>({"kernel", grid, block, 0, 48 * 1024}, stream(), kernel, arguments...);
}

// The launch must fail with a text that holds `reason`.
template <class... P, class... A>
void refuses(const char* reason, void (*kernel)(P...), dim3 grid, dim3 block, A... arguments) {
    const cudaError_t error = launch(kernel, grid, block, arguments...);
    const std::string text = cudaGetErrorString(error);
    expect(error != cudaSuccess && text.find(reason) != std::string::npos, reason, text);
}

// The parts of other files (emulator_tensor_cores.cpp).
void tensor_cores_multiply(bool tf32);
void tensor_cores_round();

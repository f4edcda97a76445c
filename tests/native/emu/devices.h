// The emulated devices: which is a thread's, what a kernel may have there, how a call fails.
#pragma once
#include <cstddef>
#include <string>

#include "runtime.h"

namespace emu {

constexpr size_t device_bytes = size_t{4} << 30;

// Keeps error and text for the thread's cudaGetLastError and cudaGetErrorString; returns the error.
cudaError_t failed(cudaError_t error, const std::string& text);

int current_device();

// Bytes of shared memory, static and dynamic, that a block of the kernel may have on the thread's device when it is launched with so
// much dynamic; less than `dynamic` where it may not be launched.
size_t shared_limit(const void* function, size_t dynamic);

// What a launch of the kernel had besides dynamic shared memory.
void note_static_shared(const void* function, size_t bytes);

}  // namespace emu

// Which GPUs of this machine can be used. What is lacking is one sentence that a user can act on.
#pragma once
#include <cuda_runtime.h>

namespace em {

// How many GPUs there are, at least one. Throws Error(EM_UNAVAILABLE) where there is none, or no driver that serves.
int gpu_count();

// Throws Error(EM_UNAVAILABLE) where the GPU is too old, or has no kernels in this build.
void require_usable(const cudaDeviceProp& gpu);

}  // namespace em

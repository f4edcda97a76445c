#include "common/error.h"
#include "common/gpu_code.h"
#include "cuda/gpus.h"

namespace em {
namespace {

// By the major version of the toolkit, within which every driver serves.
constexpr const char* NEEDED_DRIVER = CUDART_VERSION >= 13000 ? "driver 580 or newer" : "driver 525 or newer";

}  // namespace

int gpu_count() {
    int count = 0;
    int driver = 0;
    cudaDriverGetVersion(&driver);
    const cudaError_t error = cudaGetDeviceCount(&count);
    if (error == cudaSuccess && count > 0) {
        return count;
    }
    cudaGetLastError();
    if (driver == 0) {
        EM_FAIL(EM_UNAVAILABLE, "there is no NVIDIA driver on this machine: libcuda.so.1 is not found");
    }
    if (error == cudaErrorInsufficientDriver) {
        EM_FAIL(
            EM_UNAVAILABLE,
            "the NVIDIA driver is too old: it supports CUDA %d.%d, and these kernels were built by the toolkit of CUDA %d, which needs %s",
            driver / 1000, driver % 1000 / 10, CUDART_VERSION / 1000, NEEDED_DRIVER);
    }
    if (error == cudaSuccess || error == cudaErrorNoDevice) {
        EM_FAIL(EM_UNAVAILABLE,
                "the NVIDIA driver finds no GPU that this process may use; nvidia-smi lists those of the machine, and "
                "CUDA_VISIBLE_DEVICES can hide them");
    }
    EM_FAIL(EM_UNAVAILABLE, "the GPU cannot be used: %s", cudaGetErrorString(error));
}

void require_usable(const cudaDeviceProp& gpu) {
    if (gpu.major < 8) {
        EM_FAIL(EM_UNAVAILABLE, "%s has compute capability %d.%d; 8.0 (Ampere) or newer is needed", gpu.name, gpu.major, gpu.minor);
    }
#if defined(EM_CUDA_GPUS)
    if (!has_code_for(EM_CUDA_GPUS, gpu.major, gpu.minor)) {
        EM_FAIL(EM_UNAVAILABLE,
                "%s has compute capability %d.%d, and this build has kernels for %s alone; build it on this machine, or for all GPUs by "
                "./dev build -Dem.architectures=RELEASE",
                gpu.name, gpu.major, gpu.minor, EM_CUDA_GPUS);
    }
#endif
}

}  // namespace em

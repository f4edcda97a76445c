// The table of CUDA kernels; each operation is a range on a profiler's time line.
#include "cuda/device.h"
#include "cuda/kernels.h"
#include "cuda/profile.h"

namespace em {
namespace {

#define X(name)                                               \
    void name(Device& device, const em_##name##_args& args) { \
        const Range range(#name);                             \
        gpu::name(device, args);                              \
    }
EM_OPERATIONS(X)
#undef X

constexpr Kernels TABLE = {
#define X(name) name,
    EM_OPERATIONS(X)
#undef X
};

}  // namespace

const Kernels& CudaDevice::kernels() const { return TABLE; }

}  // namespace em

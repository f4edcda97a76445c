// The kernels of processors with a tile unit: those for AVX-512, but for products.
#include "cpu/kernels.h"

namespace em::avx512 {

#define X(name) void name(Device& device, const em_##name##_args& args);
EM_OPERATIONS(X)
#undef X

}  // namespace em::avx512

namespace em::EM_ISA {
namespace {

constexpr Kernels with_products_by_tiles() {
    Kernels kernels = {
#define X(name) avx512::name,
        EM_OPERATIONS(X)
#undef X
    };
    kernels.gemm = gemm;
    kernels.head_product = head_product;
    return kernels;
}

}  // namespace

// Named em::EM_ISA::TABLE; see cpu_device.cpp.
extern const Kernels TABLE;
constexpr Kernels TABLE = with_products_by_tiles();

}  // namespace em::EM_ISA

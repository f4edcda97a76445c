// Matrix products: by cublasLt or by our own kernel (own_product.cu), as CudaDevice::own_product says.
#include "cuda/kernels.h"
#include "cuda/own_product.h"

namespace em::gpu {

void gemm(Device& d, const em_gemm_args& a) {
    CudaDevice& device = cuda(d);
    Products* products = device.products();
    if (device.own_product(a, device.arithmetic())) {
        own_product(device, a, {});
    } else {
        products->multiply(a);
    }
}

}  // namespace em::gpu

// Our own matrix product, and what it can do to a result before it is stored.
#pragma once
#include "cuda/device.h"

namespace em::gpu {

// What becomes of a product c, in this order; without a buffer nothing of that kind.
struct Epilogue {
    em_tensor bias{};       // (columns): added to every row
    em_tensor residual{};   // as the product: added
    em_tensor positions{};  // (length, columns): row i gets that of i % length
    int64_t length = 1;
    em_tensor slope{};       // as the product: multiplied
    em_tensor activated{};   // as the product: out, activation(c); c becomes its slope
    int32_t activation = 0;  // an em_activation
};

void own_product(CudaDevice& device, const em_gemm_args& a, const Epilogue& epilogue);

}  // namespace em::gpu

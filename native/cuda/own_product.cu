// Our own matrix product, alone.
#include "cuda/product_mma.h"
#include "cuda/product_tile.h"

namespace em::gpu {
namespace {

using product::LARGE;
using product::Product;
using product::SMALL;
using product::THREADS;

// Grid (tiles, pieces, replicas).
template <class Block>
__global__ void __launch_bounds__(THREADS, Block::RESIDENT) product_kernel(Product p) {
    EM_DYNAMIC_SHARED(float, memory);
    for (int64_t r = blockIdx.z; r < p.replicas; r += gridDim.z) {
        product::product_block<Block>(p, r, blockIdx.x, blockIdx.y, memory);
    }
}

template <class Block>
void launch_tiles(CudaDevice& device, const Product& p) {
    const Shape shape{grid_of(product::tiles_of(p.m, p.n, Block::SIDE), p.pieces, p.replicas), dim3(THREADS), product::BYTES<Block>};
    launch(device, {"gemm", __FILE__, __LINE__}, product_kernel<Block>, shape, p);
}

template <class Arithmetic, int SIDE>
void launch_form(CudaDevice& device, const em_gemm_args& a, const Product& p) {
    if (a.trans_a) {
        a.trans_b ? launch_tiles<typename Arithmetic::template Block<SIDE, true, true>>(device, p)
                  : launch_tiles<typename Arithmetic::template Block<SIDE, true, false>>(device, p);
    } else {
        a.trans_b ? launch_tiles<typename Arithmetic::template Block<SIDE, false, true>>(device, p)
                  : launch_tiles<typename Arithmetic::template Block<SIDE, false, false>>(device, p);
    }
}

template <class Arithmetic>
void multiply(CudaDevice& device, const em_gemm_args& a, const Epilogue& e) {
    Product p = product::of(a, e, Arithmetic::PIECE);
    const bool large = a.m > SMALL && a.n > SMALL && Arithmetic::large(device, a, p.pieces);
    if (p.pieces > 1) {
        p.scratch = device.workspace(product::scratch(p));
        p.tickets = device.tickets(a.replicas * product::tiles_of(a.m, a.n, large ? LARGE : SMALL));
    }
    large ? launch_form<Arithmetic, LARGE>(device, a, p) : launch_form<Arithmetic, SMALL>(device, a, p);
}

}  // namespace

void own_product(CudaDevice& device, const em_gemm_args& a, const Epilogue& e) {
    switch (device.arithmetic()) {
        case EM_TF32:
            return multiply<product::OnTensorCores<Tf32>>(device, a, e);
        case EM_BF16:
            return multiply<product::OnTensorCores<Bf16>>(device, a, e);
        default:
            return multiply<product::Float32>(device, a, e);
    }
}

}  // namespace em::gpu

// Our own matrix product, alone.
#include "cuda/product_block.h"

namespace em::gpu {
namespace {

using product::Product;

// Grid (tiles, pieces, replicas).
template <class Block>
__global__ void __launch_bounds__(Block::THREADS, Block::RESIDENT) product_kernel(Product p) {
    EM_DYNAMIC_SHARED(float, memory);
    for (int64_t r = blockIdx.z; r < p.replicas; r += gridDim.z) {
        product::product_block<Block>(p, r, blockIdx.x, blockIdx.y, memory);
    }
}

template <class Block>
void launch_tiles(CudaDevice& device, const em_gemm_args& a, Product p) {
    const int64_t tiles = tiles_of(p.m, p.n, Block::SIDE);
    if (p.pieces > 1) {
        p.scratch = device.workspace(product::scratch(p));
        p.tickets = device.tickets(a.replicas * tiles);
    }
    const Shape shape{grid_of(tiles, p.pieces, p.replicas), dim3(Block::THREADS), product::BYTES<Block>};
    launch(device, {"gemm", __FILE__, __LINE__}, product_kernel<Block>, shape, p);
}

template <class Arithmetic, class Tiles>
void launch_form(CudaDevice& device, const em_gemm_args& a, const Product& p) {
    if (a.trans_a) {
        a.trans_b ? launch_tiles<typename Arithmetic::template Block<Tiles, true, true>>(device, a, p)
                  : launch_tiles<typename Arithmetic::template Block<Tiles, true, false>>(device, a, p);
    } else {
        a.trans_b ? launch_tiles<typename Arithmetic::template Block<Tiles, false, true>>(device, a, p)
                  : launch_tiles<typename Arithmetic::template Block<Tiles, false, false>>(device, a, p);
    }
}

template <class Arithmetic>
void multiply(CudaDevice& device, const em_gemm_args& a, const Epilogue& e) {
    const Product p = product::of(a, e, device.arithmetic(), Arithmetic::PIECE);
    switch (Arithmetic::side(device, a, p.pieces)) {
        case product::LARGE:
            return launch_form<Arithmetic, typename Arithmetic::Large>(device, a, p);
        case product::SMALL:
            return launch_form<Arithmetic, typename Arithmetic::Small>(device, a, p);
        default:
            return launch_form<Arithmetic, typename Arithmetic::Least>(device, a, p);
    }
}

}  // namespace

void own_product(CudaDevice& device, const em_gemm_args& a, const Epilogue& e) {
    product::dispatch_arithmetic(device, [&](auto arithmetic) { multiply<decltype(arithmetic)>(device, a, e); });
}

}  // namespace em::gpu

// Our own matrix product, alone.
#include "cuda/product_tile.h"

namespace em::gpu {
namespace {

using product::LARGE;
using product::Product;
using product::SMALL;
using product::THREADS;

// Grid (tiles, pieces, replicas).
template <int MINE, bool TRANS_A, bool TRANS_B>
__global__ void __launch_bounds__(THREADS, product::blocks_at_once(MINE)) product_kernel(Product p) {
    constexpr int floats = product::Memory<MINE, TRANS_A, TRANS_B>::FLOATS;
    EM_SHARED(float, memory, [floats]);
    EM_SHARED(int, is_last, [1]);
    for (int64_t r = blockIdx.z; r < p.replicas; r += gridDim.z) {
        product::product_block<MINE, TRANS_A, TRANS_B>(p, r, blockIdx.x, blockIdx.y, memory, is_last);
    }
}

template <int MINE>
void launch_tiles(CudaDevice& device, const em_gemm_args& a, const Product& p) {
    const int64_t tiles = product::tiles_of(a.m, a.n, product::SIDE * MINE);
    const Shape shape{grid_of(tiles, p.pieces, a.replicas), dim3(THREADS)};
    auto* kernel = a.trans_a ? (a.trans_b ? product_kernel<MINE, true, true> : product_kernel<MINE, true, false>)
                             : (a.trans_b ? product_kernel<MINE, false, true> : product_kernel<MINE, false, false>);
    launch(device, {"gemm", __FILE__, __LINE__}, kernel, shape, p);
}

}  // namespace

void own_product(CudaDevice& device, const em_gemm_args& a, const Epilogue& e) {
    Product p = product::of(a, e);
    const int64_t tiles = product::tiles_of(a.m, a.n, LARGE);
    const bool large = a.m > SMALL && a.n > SMALL && product::large_tiles(device, tiles, p.pieces, a.replicas);
    if (p.pieces > 1) {
        p.scratch = device.workspace(product::scratch(p));
        p.tickets = device.tickets(a.replicas * product::tiles_of(a.m, a.n, large ? LARGE : SMALL));
    }
    if (large) {
        launch_tiles<8>(device, a, p);
    } else {
        launch_tiles<4>(device, a, p);
    }
}

}  // namespace em::gpu

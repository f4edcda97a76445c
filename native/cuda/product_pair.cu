// Two products of our own of one form in one launch, where neither needs the other's result: a small one alone leaves most of a GPU idle,
// and takes as long as a larger one.
#include "cuda/joined.h"
#include "cuda/product_mma.h"
#include "cuda/product_tile.h"

namespace em::gpu {
namespace {

using product::LARGE;
using product::Product;
using product::SMALL;
using product::THREADS;

struct Pair {
    Product of[2];
    int64_t blocks;  // of the first
};

// Grid (tiles and pieces of both, 1, replicas).
template <class Block>
__global__ void __launch_bounds__(THREADS, Block::RESIDENT) pair_kernel(Pair pair) {
    EM_DYNAMIC_SHARED(float, memory);
    const bool second = blockIdx.x >= pair.blocks;
    const Product& p = pair.of[second ? 1 : 0];
    const int64_t mine = blockIdx.x - (second ? pair.blocks : 0);
    const int64_t tile = quotient(mine, p.pieces);
    for (int64_t r = blockIdx.z; r < p.replicas; r += gridDim.z) {
        product::product_block<Block>(p, r, tile, mine - tile * p.pieces, memory);
    }
}

int64_t blocks_of(const Product& p, int64_t side) { return product::tiles_of(p.m, p.n, side) * p.pieces; }

template <class Block>
void launch_pair(CudaDevice& device, Pair pair) {
    Product& one = pair.of[0];
    Product& two = pair.of[1];
    const int64_t floats = ceil_div(product::scratch(one), 64) * 64;
    const int64_t tickets = one.replicas * product::tiles_of(one.m, one.n, Block::SIDE);
    if (one.pieces > 1 || two.pieces > 1) {
        one.scratch = device.workspace(floats + product::scratch(two));
        two.scratch = one.scratch + floats;
        one.tickets = device.tickets(tickets + two.replicas * product::tiles_of(two.m, two.n, Block::SIDE));
        two.tickets = one.tickets + tickets;
    }
    pair.blocks = blocks_of(one, Block::SIDE);
    const Shape shape{grid_of(pair.blocks + blocks_of(two, Block::SIDE), 1, one.replicas), dim3(THREADS), product::BYTES<Block>};
    launch(device, {"two products", __FILE__, __LINE__}, pair_kernel<Block>, shape, pair);
}

template <class Arithmetic, int SIDE>
void launch_form(CudaDevice& device, bool trans_b, const Pair& pair) {
    trans_b ? launch_pair<typename Arithmetic::template Block<SIDE, false, true>>(device, pair)
            : launch_pair<typename Arithmetic::template Block<SIDE, false, false>>(device, pair);
}

Pair pair_of(const Finished& one, const Finished& two, int64_t depth) {
    return {{product::of(*one.product, one.epilogue, depth), product::of(*two.product, two.epilogue, depth)}, 0};
}

// The shape decides which tiles a product has, and these its bits.
void multiply_float32(CudaDevice& device, const Finished& one, const Finished& two) {
    const Pair pair = pair_of(one, two, product::Float32::PIECE);
    const auto large = [&](const Finished& f, const Product& p) {
        return p.m > SMALL && p.n > SMALL && product::Float32::large(device, *f.product, p.pieces);
    };
    if (large(one, pair.of[0]) || large(two, pair.of[1])) {
        own_product(device, *one.product, one.epilogue);
        own_product(device, *two.product, two.epilogue);
    } else {
        launch_form<product::Float32, SMALL>(device, one.product->trans_b != 0, pair);
    }
}

template <class P>
void multiply_on_tensor_cores(CudaDevice& device, const Finished& one, const Finished& two) {
    using Arithmetic = product::OnTensorCores<P>;
    const Pair pair = pair_of(one, two, Arithmetic::PIECE);
    const bool trans_b = one.product->trans_b != 0;
    if (product::large_tiles(device, blocks_of(pair.of[0], LARGE) + blocks_of(pair.of[1], LARGE), pair.of[0].replicas)) {
        launch_form<Arithmetic, LARGE>(device, trans_b, pair);
    } else {
        launch_form<Arithmetic, SMALL>(device, trans_b, pair);
    }
}

}  // namespace

void two_products(CudaDevice& device, const Finished& one, const Finished& two) {
    switch (device.arithmetic()) {
        case EM_TF32:
            return multiply_on_tensor_cores<Tf32>(device, one, two);
        case EM_BF16:
            return multiply_on_tensor_cores<Bf16>(device, one, two);
        default:
            return multiply_float32(device, one, two);
    }
}

}  // namespace em::gpu

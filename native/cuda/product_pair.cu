// Two products of our own of one form in one launch, where neither needs the other's result: a small one alone leaves most of a GPU idle,
// and takes as long as a larger one.
#include <algorithm>

#include "cuda/joined.h"
#include "cuda/product_block.h"

namespace em::gpu {
namespace {

using product::LARGE;
using product::Product;
using product::SMALL;

struct Pair {
    Product of[2];
    int64_t blocks;  // of the first
};

// Grid (tiles and pieces of both, 1, replicas).
template <class Block>
__global__ void __launch_bounds__(Block::THREADS, Block::RESIDENT) pair_kernel(Pair pair) {
    EM_DYNAMIC_SHARED(float, memory);
    const bool second = blockIdx.x >= pair.blocks;
    const Product& p = pair.of[second ? 1 : 0];
    const int64_t mine = blockIdx.x - (second ? pair.blocks : 0);
    const int64_t tile = quotient(mine, p.pieces);
    for (int64_t r = blockIdx.z; r < p.replicas; r += gridDim.z) {
        product::product_block<Block>(p, r, tile, mine - tile * p.pieces, memory);
    }
}

template <class Block>
void launch_pair(CudaDevice& device, Pair pair) {
    Product& one = pair.of[0];
    Product& two = pair.of[1];
    const int64_t floats = ceil_div(product::scratch(one), 64) * 64;
    const int64_t tickets = one.replicas * tiles_of(one.m, one.n, Block::SIDE);
    if (one.pieces > 1 || two.pieces > 1) {
        one.scratch = device.workspace(floats + product::scratch(two));
        two.scratch = one.scratch + floats;
        one.tickets = device.tickets(tickets + two.replicas * tiles_of(two.m, two.n, Block::SIDE));
        two.tickets = one.tickets + tickets;
    }
    pair.blocks = blocks_of(one, Block::SIDE);
    const Shape shape{grid_of(pair.blocks + blocks_of(two, Block::SIDE), 1, one.replicas), dim3(Block::THREADS), product::BYTES<Block>};
    launch(device, {"two products", __FILE__, __LINE__}, pair_kernel<Block>, shape, pair);
}

template <class Arithmetic, class Tiles>
void launch_form(CudaDevice& device, bool trans_b, const Pair& pair) {
    trans_b ? launch_pair<typename Arithmetic::template Block<Tiles, false, true>>(device, pair)
            : launch_pair<typename Arithmetic::template Block<Tiles, false, false>>(device, pair);
}

// With the larger of both tiles. In float32 the shape says whether tiles are large, and these change bits; so they have launches of their
// own.
template <class Arithmetic>
void multiply(CudaDevice& device, const Finished& one, const Finished& two) {
    const auto of = [&](const Finished& f) { return product::of(*f.product, f.epilogue, device.arithmetic(), Arithmetic::PIECE); };
    const Pair pair{{of(one), of(two)}, 0};
    const int side =
        std::max(Arithmetic::side(device, *one.product, pair.of[0].pieces), Arithmetic::side(device, *two.product, pair.of[1].pieces));
    const bool trans_b = one.product->trans_b != 0;
    if (side == SMALL) {
        launch_form<Arithmetic, typename Arithmetic::Small>(device, trans_b, pair);
    } else if (side != LARGE) {
        launch_form<Arithmetic, typename Arithmetic::Least>(device, trans_b, pair);
    } else if constexpr (Arithmetic::LARGE_HAVE_OTHER_BITS) {
        own_product(device, *one.product, one.epilogue);
        own_product(device, *two.product, two.epilogue);
    } else {
        launch_form<Arithmetic, typename Arithmetic::Large>(device, trans_b, pair);
    }
}

}  // namespace

void two_products(CudaDevice& device, const Finished& one, const Finished& two) {
    product::dispatch_arithmetic(device, [&](auto arithmetic) { multiply<decltype(arithmetic)>(device, one, two); });
}

}  // namespace em::gpu

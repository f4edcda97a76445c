// The launch of several gradients of parameters (gradients.h). A product makes the sum of a bias beside it where it reads the rows. Of one
// replica products and all others fill a GPU together. Those of several do so alone: their tiles need no regard for others, and what is
// left has a launch of its own, in which more of its blocks run at once.
#include <algorithm>

#include "cuda/gradients.h"
#include "cuda/joined.h"
#include "cuda/product_block.h"

namespace em::gpu {
namespace {

using namespace gradient_parts;
using product::LARGE;
using product::LEAST;
using product::SMALL;

// Grid (blocks of all, 1, replicas). OTHERS: of others than products, too. Large tiles among others are of one replica: a loop over several
// would take registers from them.
template <class Block, bool OTHERS>
__global__ void __launch_bounds__(Block::THREADS, Block::RESIDENT) gradients_kernel(const __grid_constant__ Gradients g) {
    EM_DYNAMIC_SHARED(float, memory);
    const auto block = static_cast<int32_t>(blockIdx.x);
    constexpr bool ONE = OTHERS && Block::SIDE == LARGE;
    for (int64_t r = ONE ? 0 : blockIdx.z; r < (ONE ? 1 : g.replicas); r += ONE ? 1 : gridDim.z) {
        if (block < g.products.blocks()) {
            const int i = g.products.holder(block);
            const Product& p = g.products.of[i];
            const int64_t mine = block - g.products.first(i);
            const int64_t tile = quotient(mine, p.pieces);
            const Sum* sum = p.sum < 0 ? nullptr : &g.sums.of[p.sum];
            product::product_block<Block>(p, r, tile, mine - tile * p.pieces, memory, [=](const product::Tile& of, int64_t begin) {
                return product::SumBeside<Block>(sum, r, of, begin);
            });
        } else if constexpr (OTHERS) {
            static_assert(Block::FLOATS >= SUM_FLOATS && Block::THREADS == THREADS);
            other_block<false>(g, r, block - g.products.blocks(), memory, product::flag<Block>(memory));
        }
    }
}

// Hands out scratch of one allocation, whose size is known when all have asked.
class Scratch {
public:
    void product(Product& p, int64_t tiles) {
        if (p.pieces > 1) {
            p.scratch = floats_from + floats;
            p.tickets = tickets_from + tickets;
            floats += ceil_div(product::scratch(p), 64) * 64;
            tickets += p.replicas * tiles;
        }
    }
    void sum(ColumnSums& s, int64_t at_once) {
        if (s.cut.pieces > 1) {
            s.scratch = {floats_from + floats, tickets_from + tickets};
            floats += ceil_div(at_once * s.replicas * s.cut.pieces * s.columns, 64) * 64;
            tickets += s.replicas * s.cut.blocks;
        }
    }

    float* floats_from = nullptr;
    unsigned* tickets_from = nullptr;
    int64_t floats = 0, tickets = 0;
};

void give_scratch(Gradients& g, int64_t side, Scratch& scratch) {
    for (int32_t i = 0; i < g.products.count; ++i) {
        Product& p = g.products.of[i];
        scratch.product(p, tiles_of(p.m, p.n, side));
    }
    for (int32_t i = 0; i < g.sums.count; ++i) {
        Sum& s = g.sums.of[i];
        scratch.sum(s.sums, s.of.x.base == nullptr ? 1 : 2);
    }
}

int64_t count_blocks(Gradients& g, int64_t side) {
    return count_blocks(g.products, [=](const Product& p) { return blocks_of(p, side); }) + count_others(g);
}

// Blocks of all products with tiles of this side; without those that are too narrow for it.
int64_t blocks_of(const Gradients& g, int64_t side) {
    int64_t blocks = 0;
    for (int32_t i = 0; i < g.products.count; ++i) {
        const Product& p = g.products.of[i];
        blocks += side == LARGE && std::min(p.m, p.n) <= SMALL ? 0 : blocks_of(p, side);
    }
    return blocks * g.replicas;
}

// Gives products the sums that they can make beside them. Those lie behind the others, and are not counted any more.
void share_sums(Gradients& g) {
    const auto of = g.products.of;
    const auto end = of + g.products.count;
    Sum made[SUMS];
    int32_t others = 0, shared = 0;
    for (int32_t i = 0; i < g.sums.count; ++i) {
        const Sum& s = g.sums.of[i];
        const auto maker = std::find_if(of, end, [&](const Product& p) { return p.sum < 0 && product::has_rows_of(p, s); });
        if (maker != end) {
            maker->sum = static_cast<int8_t>(shared);
            made[shared++] = s;
        } else {
            g.sums.of[others++] = s;
        }
    }
    std::copy_n(made, shared, g.sums.of + others);
    std::for_each(of, end, [=](Product& p) { p.sum = static_cast<int8_t>(p.sum < 0 ? p.sum : p.sum + others); });
    g.sums.count = others;
}

template <class Block, bool OTHERS>
void launch_blocks(CudaDevice& device, Gradients& g) {
    const int64_t blocks = count_blocks(g, Block::SIDE);
    const Shape shape{grid_of(blocks, 1, g.replicas), dim3(Block::THREADS), product::BYTES<Block>};
    launch(device, {"gradients", __FILE__, __LINE__}, gradients_kernel<Block, OTHERS>, shape, g);
}

template <bool TOGETHER, class Arithmetic, class Tiles>
void launch_all(CudaDevice& device, Gradients& g) {
    using Block = typename Arithmetic::template Block<Tiles, true, false>;
    Scratch scratch;
    give_scratch(g, Block::SIDE, scratch);
    const Scratch wanted = scratch;
    scratch = {};
    scratch.floats_from = device.workspace(wanted.floats);
    scratch.tickets_from = device.tickets(wanted.tickets);
    give_scratch(g, Block::SIDE, scratch);
    share_sums(g);
    if constexpr (TOGETHER) {
        launch_blocks<Block, true>(device, g);
    } else {
        Gradients rest = g;
        rest.products.count = 0;
        g.sums.count = g.tokens.count = g.elements.count = 0;
        launch_blocks<Block, false>(device, g);
        other_gradients(device, rest);
    }
}

// Small tiles for each multiprocessor from which products of several replicas have a launch of their own. By arithmetic, not measured: a
// second launch is then little beside them.
constexpr int64_t ENOUGH_ALONE = 8;

template <class Arithmetic>
void compute(CudaDevice& device, const Operation* operations, size_t count) {
    Gradients g = gradients_of(operations, count, device.arithmetic(), Arithmetic::PIECE);
    const int64_t small = blocks_of(g, SMALL);
    const int side = Arithmetic::side_of(device, blocks_of(g, LARGE), small);
    const bool together = g.replicas == 1 || (side != LARGE && small < ENOUGH_ALONE * device.multiprocessors());
    if constexpr (!Arithmetic::LARGE_HAVE_OTHER_BITS) {
        if (side == LARGE) {
            return together ? launch_all<true, Arithmetic, typename Arithmetic::LargeGradients>(device, g)
                            : launch_all<false, Arithmetic, typename Arithmetic::LargeAlone>(device, g);
        }
    }
    if (!together) {
        return launch_all<false, Arithmetic, typename Arithmetic::SmallAlone>(device, g);
    }
    side == LEAST ? launch_all<true, Arithmetic, typename Arithmetic::LeastGradients>(device, g)
                  : launch_all<true, Arithmetic, typename Arithmetic::SmallGradients>(device, g);
}

}  // namespace

void gradients(CudaDevice& device, const Operation* operations, size_t count) {
    product::dispatch_arithmetic(device, [&](auto arithmetic) { compute<decltype(arithmetic)>(device, operations, count); });
}

}  // namespace em::gpu

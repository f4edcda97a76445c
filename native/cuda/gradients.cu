// Gradients of parameters that need nothing of each other, in one launch: products dW = dY^T X, and sums of rows for biases and layer
// norms. Alone each of them has
// too few blocks to fill a GPU, or is over before the next can begin. A block finds the piece of a product or sum that is its own by its
// number; it computes what it would compute in a launch for that one alone, so that the bits are the same. Products come first: they take
// longest.
#include "cuda/columns.h"
#include "cuda/joined.h"
#include "cuda/product_mma.h"
#include "cuda/product_tile.h"

namespace em::gpu {
namespace {

using product::LARGE;
using product::Product;
using product::SMALL;
using product::THREADS;

static_assert(THREADS == COLUMN_THREADS);

struct Sum {
    RowSums rows;    // of a bias
    NormSums norms;  // of a layer norm, whose columns are then not 0
    ColumnSums sums;
    bool fours;

    EM_DEVICE bool of_norm() const { return norms.columns != 0; }
};

// What a launch is told: less than the 4 KiB that arguments may have. `ends`: blocks of all up to this one.
struct Gradients {
    Product products[GRADIENTS];
    Sum sums[GRADIENTS];
    int32_t product_ends[GRADIENTS], sum_ends[GRADIENTS];
    int32_t product_count, sum_count;
    int64_t replicas;
};
static_assert(sizeof(Gradients) <= 4096);

constexpr int SUM_FLOATS = COLUMN_THREADS * 4 * 2;

EM_DEVICE int which(const int32_t* ends, int32_t block) {
    int i = 0;
    while (block >= ends[i]) {
        ++i;
    }
    return i;
}

// Grid (blocks of all, 1, replicas).
template <class Block>
__global__ void __launch_bounds__(THREADS, Block::RESIDENT) gradients_kernel(Gradients g) {
    static_assert(Block::FLOATS >= SUM_FLOATS);
    EM_DYNAMIC_SHARED(float, memory);
    int* const is_last = product::flag<Block>(memory);
    const auto block = static_cast<int32_t>(blockIdx.x);
    const int32_t products = g.product_count == 0 ? 0 : g.product_ends[g.product_count - 1];
    for (int64_t r = blockIdx.z; r < g.replicas; r += gridDim.z) {
        if (block < products) {
            const int i = which(g.product_ends, block);
            const Product& p = g.products[i];
            const int64_t mine = block - (i == 0 ? 0 : g.product_ends[i - 1]);
            const int64_t tile = quotient(mine, p.pieces);
            product::product_block<Block>(p, r, tile, mine - tile * p.pieces, memory);
            continue;
        }
        const int i = which(g.sum_ends, block - products);
        const Sum& s = g.sums[i];
        const int64_t mine = block - products - (i == 0 ? 0 : g.sum_ends[i - 1]);
        const int64_t column = quotient(mine, s.sums.cut.pieces);
        const int64_t piece = mine - column * s.sums.cut.pieces;
        const auto me = static_cast<int>(threadIdx.x);
        if (s.of_norm() && s.fours) {
            sum_columns<4, 2>(s.norms, s.sums, r, column, piece, me, memory, is_last);
        } else if (s.of_norm()) {
            sum_columns<1, 2>(s.norms, s.sums, r, column, piece, me, memory, is_last);
        } else if (s.fours) {
            sum_columns<4, 1>(s.rows, s.sums, r, column, piece, me, memory, is_last);
        } else {
            sum_columns<1, 1>(s.rows, s.sums, r, column, piece, me, memory, is_last);
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

template <class Args>
ColumnSums cut_of(const Args& a, bool fours) {
    return {column_cut(a.rows, a.columns, fours ? 4 : 1), {nullptr, nullptr}, a.rows, a.columns, a.replicas};
}

Sum sum_of(const Operation& operation) {
    if (const auto* norm = operation.as<em_layer_norm_backward_args>()) {
        const bool fours = norm_by_fours(*norm);
        return {{}, norm_sums(*norm), cut_of(*norm, fours), fours};
    }
    if (const auto* activation = operation.as<em_bias_activation_backward_args>()) {
        const auto& a = *activation;
        const bool fours = by_fours(a.replicas, a.columns, a.d_out, a.slope, a.d_z, a.d_bias);
        return {{view(a.d_z), view(a.d_bias), a.columns}, {}, cut_of(a, fours), fours};
    }
    const auto& a = *operation.as<em_bias_backward_args>();
    const bool fours = by_fours(a.replicas, a.columns, a.d_y, a.d_bias);
    return {{view(a.d_y), view(a.d_bias), a.columns}, {}, cut_of(a, fours), fours};
}

void give_scratch(Gradients& g, int64_t side, Scratch& scratch) {
    for (int32_t i = 0; i < g.product_count; ++i) {
        scratch.product(g.products[i], product::tiles_of(g.products[i].m, g.products[i].n, side));
    }
    for (int32_t i = 0; i < g.sum_count; ++i) {
        scratch.sum(g.sums[i].sums, g.sums[i].norms.columns == 0 ? 1 : 2);
    }
}

int64_t count_blocks(Gradients& g, int64_t side) {
    int64_t blocks = 0;
    for (int32_t i = 0; i < g.product_count; ++i) {
        const Product& p = g.products[i];
        blocks += product::tiles_of(p.m, p.n, side) * p.pieces;
        g.product_ends[i] = static_cast<int32_t>(blocks);
    }
    int64_t sums = 0;
    for (int32_t i = 0; i < g.sum_count; ++i) {
        const ColumnCut& cut = g.sums[i].sums.cut;
        sums += cut.blocks * cut.pieces;
        g.sum_ends[i] = static_cast<int32_t>(sums);
    }
    return blocks + sums;
}

template <class Arithmetic>
void compute(CudaDevice& device, const Operation* operations, size_t count) {
    Gradients g{};
    int64_t large = 0;  // blocks, if tiles are large
    for (size_t i = 0; i < count; ++i) {
        if (const auto* product = operations[i].as<em_gemm_args>()) {
            const Product& p = g.products[g.product_count++] = product::of(*product, {}, Arithmetic::PIECE);
            large += product::tiles_of(p.m, p.n, LARGE) * p.pieces;
            g.replicas = p.replicas;
        } else {
            const Sum& sum = g.sums[g.sum_count++] = sum_of(operations[i]);
            g.replicas = sum.sums.replicas;
        }
    }
    using Large = typename Arithmetic::template Block<LARGE, true, false>;
    using Small = typename Arithmetic::template Block<SMALL, true, false>;
    const bool is_large = Arithmetic::large_gradients(device, large, g.replicas);
    const int64_t side = is_large ? LARGE : SMALL;
    Scratch scratch;
    give_scratch(g, side, scratch);
    const Scratch wanted = scratch;
    scratch = {};
    scratch.floats_from = device.workspace(wanted.floats);
    scratch.tickets_from = device.tickets(wanted.tickets);
    give_scratch(g, side, scratch);
    const Shape shape{grid_of(count_blocks(g, side), 1, g.replicas), dim3(THREADS),
                      is_large ? product::BYTES<Large> : product::BYTES<Small>};
    launch(device, {"gradients", __FILE__, __LINE__}, is_large ? gradients_kernel<Large> : gradients_kernel<Small>, shape, g);
}

}  // namespace

void gradients(CudaDevice& device, const Operation* operations, size_t count) {
    switch (device.arithmetic()) {
        case EM_TF32:
            return compute<product::OnTensorCores<Tf32>>(device, operations, count);
        case EM_BF16:
            return compute<product::OnTensorCores<Bf16>>(device, operations, count);
        default:
            return compute<product::Float32>(device, operations, count);
    }
}

}  // namespace em::gpu

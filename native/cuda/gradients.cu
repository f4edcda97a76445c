// Gradients of parameters that need nothing of each other, in one launch: products dW = dY^T X, sums of rows for biases, positions and
// layer norms, sums of the rows of equal tokens, and short gradients that are added to others or set to zero. Alone each of them has too
// few blocks to fill a GPU, or is over before the next can begin. A block finds the piece that is its own by its number; it computes what
// it would compute in a launch for that one alone, so that the bits are the same. Products come first: they take longest.
// Of several replicas large tiles of tf32 have blocks of fewer threads, and what is no product has a launch of its own.
#include <algorithm>

#include "common/touched.h"
#include "cuda/columns.h"
#include "cuda/joined.h"
#include "cuda/product_mma.h"
#include "cuda/product_tile.h"
#include "cuda/token_sums.h"

namespace em::gpu {
namespace {

using product::LARGE;
using product::LEAST;
using product::Product;
using product::SMALL;

constexpr int THREADS = COLUMN_THREADS;
static_assert(THREADS == SCAN_WARPS * WARP);

// Of a layer norm; or of rows alone: from d_out to d_beta, without x.
struct Sum {
    NormSums of;
    ColumnSums sums;
    bool fours;

    EM_DEVICE bool of_norm() const { return of.x.base != nullptr; }
    EM_DEVICE RowSums rows() const { return {of.d_out, of.d_beta, of.columns}; }
};

// to += from; without one, to = 0.
struct Elements {
    View<float> from, to;
    int64_t count;
    bool fours;

    static constexpr int64_t OF_BLOCK = int64_t{THREADS} * 16;

    template <int V>
    EM_DEVICE void compute(int64_t r, int64_t block) const {
        const int64_t begin = block * OF_BLOCK;
        const int64_t end = begin + OF_BLOCK < count ? begin + OF_BLOCK : count;
        for (int64_t i = begin + threadIdx.x * V; i < end; i += THREADS * V) {
            Vec<V> sum = zeros<V>();
            if (from.base != nullptr) {
                sum = load<V>(to(r) + i);
                add(sum, load<V>(from(r) + i));
            }
            store(to(r) + i, sum);
        }
    }
};

// All of a kind. `ends`: blocks of all up to this one.
template <class T, size_t MOST>
struct Several {
    T of[MOST];
    int32_t ends[MOST];
    int32_t count;

    EM_DEVICE int32_t blocks() const { return count == 0 ? 0 : ends[count - 1]; }
    // Which of them has this block.
    EM_DEVICE int holder(int32_t block) const {
        int i = 0;
        while (block >= ends[i]) {
            ++i;
        }
        return i;
    }
    EM_DEVICE int64_t first(int i) const { return i == 0 ? 0 : ends[i - 1]; }
};

// What a launch is told: less than the 4 KiB that arguments may have.
struct Gradients {
    Several<Product, PRODUCTS> products;
    Several<Sum, SUMS> sums;
    Several<TokenSums, TOKEN_SUMS> tokens;
    Several<Elements, ELEMENTS> elements;
    int64_t replicas;
};
static_assert(sizeof(Gradients) <= 4096);

constexpr int SUM_FLOATS = COLUMN_THREADS * 4 * 2;
static_assert(SCAN_FLOATS <= SUM_FLOATS);

EM_DEVICE void sum_block(const Sum& s, int64_t r, int64_t block, float* memory, int* is_last) {
    const int64_t column = quotient(block, s.sums.cut.pieces);
    const int64_t piece = block - column * s.sums.cut.pieces;
    const auto me = static_cast<int>(threadIdx.x);
    if (s.of_norm() && s.fours) {
        sum_columns<4, 2>(s.of, s.sums, r, column, piece, me, memory, is_last);
    } else if (s.of_norm()) {
        sum_columns<1, 2>(s.of, s.sums, r, column, piece, me, memory, is_last);
    } else if (s.fours) {
        sum_columns<4, 1>(s.rows(), s.sums, r, column, piece, me, memory, is_last);
    } else {
        sum_columns<1, 1>(s.rows(), s.sums, r, column, piece, me, memory, is_last);
    }
}

// What a block does of the others than products; `block` counts from their first.
EM_DEVICE void other_block(const Gradients& g, int64_t r, int32_t block, float* memory, int* is_last) {
    if (block < g.sums.blocks()) {
        const int i = g.sums.holder(block);
        sum_block(g.sums.of[i], r, block - g.sums.first(i), memory, is_last);
        return;
    }
    block -= g.sums.blocks();
    if (block < g.tokens.blocks()) {
        const int i = g.tokens.holder(block);
        sum_tokens(g.tokens.of[i], r, block - g.tokens.first(i), memory);
        return;
    }
    block -= g.tokens.blocks();
    const int i = g.elements.holder(block);
    const Elements& e = g.elements.of[i];
    e.fours ? e.compute<4>(r, block - g.elements.first(i)) : e.compute<1>(r, block - g.elements.first(i));
}

// Grid (blocks of all, 1, replicas).
template <class Block>
__global__ void __launch_bounds__(Block::THREADS, Block::RESIDENT) gradients_kernel(Gradients g) {
    static_assert(Block::FLOATS >= SUM_FLOATS);
    EM_DYNAMIC_SHARED(float, memory);
    const auto block = static_cast<int32_t>(blockIdx.x);
    for (int64_t r = blockIdx.z; r < g.replicas; r += gridDim.z) {
        if (block < g.products.blocks()) {
            const int i = g.products.holder(block);
            const Product& p = g.products.of[i];
            const int64_t mine = block - g.products.first(i);
            const int64_t tile = quotient(mine, p.pieces);
            product::product_block<Block>(p, r, tile, mine - tile * p.pieces, memory);
        } else if constexpr (Block::THREADS == THREADS) {
            other_block(g, r, block - g.products.blocks(), memory, product::flag<Block>(memory));
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

ColumnSums cut_of(int64_t replicas, int64_t rows, int64_t columns, bool fours) {
    return {column_cut(rows, columns, fours ? 4 : 1), {nullptr, nullptr}, rows, columns, replicas};
}

Sum of_rows(const em_tensor& from, const em_tensor& to, int64_t replicas, int64_t rows, int64_t columns, bool fours) {
    const View<float> none{nullptr, 0};
    return {{view(from), none, none, none, none, view(to), columns}, cut_of(replicas, rows, columns, fours), fours};
}

Sum sum_of(const Operation& operation) {
    if (const auto* norm = operation.as<em_layer_norm_backward_args>()) {
        const bool fours = norm_by_fours(*norm);
        return {norm_sums(*norm), cut_of(norm->replicas, norm->rows, norm->columns, fours), fours};
    }
    if (const auto* activation = operation.as<em_bias_activation_backward_args>()) {
        const auto& a = *activation;
        return of_rows(a.d_z, a.d_bias, a.replicas, a.rows, a.columns, by_fours(a.replicas, a.columns, a.d_out, a.slope, a.d_z, a.d_bias));
    }
    if (const auto* positions = operation.as<em_add_positions_backward_args>()) {
        const auto& a = *positions;
        const int64_t columns = a.length * a.width;
        return of_rows(a.d_x, a.d_positions, a.replicas, a.batch, columns, by_fours(a.replicas, columns, a.d_x, a.d_positions));
    }
    const auto& a = *operation.as<em_bias_backward_args>();
    return of_rows(a.d_y, a.d_bias, a.replicas, a.rows, a.columns, by_fours(a.replicas, a.columns, a.d_y, a.d_bias));
}

Elements elements_of(const Operation& operation) {
    if (const auto* zero = operation.as<em_zero_args>()) {
        return {{nullptr, 0}, view(zero->x), zero->elements, by_fours(zero->replicas, zero->elements, zero->x)};
    }
    const auto& a = *operation.as<em_accumulate_args>();
    return {view(a.x), view(a.y), a.elements, by_fours(a.replicas, a.elements, a.x, a.y)};
}

template <class T, size_t MOST>
void append(Several<T, MOST>& all, const T& one) {
    all.of[all.count++] = one;
}

template <class Arithmetic>
Gradients gradients_of(int32_t arithmetic, const Operation* operations, size_t count) {
    Gradients g{};
    for (size_t i = 0; i < count; ++i) {
        const Operation& operation = operations[i];
        g.replicas = replicas_of(operation);
        if (const auto* product = operation.as<em_gemm_args>()) {
            append(g.products, product::of(*product, {}, arithmetic, Arithmetic::PIECE));
        } else if (const auto* embedding = operation.as<em_embed_backward_args>()) {
            append(g.tokens, token_sums_of(*embedding));
        } else if (operation.kind == Kind::zero || operation.kind == Kind::accumulate) {
            append(g.elements, elements_of(operation));
        } else {
            append(g.sums, sum_of(operation));
        }
    }
    return g;
}

// Blocks of products whose tiles have this side.
int64_t blocks_of(const Product& p, int64_t side) { return tiles_of(p.m, p.n, side) * p.pieces; }

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

template <class T, size_t MOST, class Blocks>
int64_t count_blocks(Several<T, MOST>& all, const Blocks& blocks) {
    int64_t sum = 0;
    for (int32_t i = 0; i < all.count; ++i) {
        sum += blocks(all.of[i]);
        all.ends[i] = static_cast<int32_t>(sum);
    }
    return sum;
}

int64_t count_blocks(Gradients& g, int64_t side) {
    return count_blocks(g.products, [=](const Product& p) { return blocks_of(p, side); }) +
           count_blocks(g.sums, [](const Sum& s) { return s.sums.cut.blocks * s.sums.cut.pieces; }) +
           count_blocks(g.tokens, [](const TokenSums& t) { return t.blocks(); }) +
           count_blocks(g.elements, [](const Elements& e) { return ceil_div(e.count, Elements::OF_BLOCK); });
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

template <class Block>
void launch_blocks(CudaDevice& device, Gradients& g) {
    const int64_t blocks = count_blocks(g, Block::SIDE);
    if (blocks > 0) {
        const Shape shape{grid_of(blocks, 1, g.replicas), dim3(Block::THREADS), product::BYTES<Block>};
        launch(device, {"gradients", __FILE__, __LINE__}, gradients_kernel<Block>, shape, g);
    }
}

template <class Arithmetic, class Tiles>
void launch_all(CudaDevice& device, Gradients& g) {
    using Block = typename Arithmetic::template Block<Tiles, true, false>;
    Scratch scratch;
    give_scratch(g, Block::SIDE, scratch);
    const Scratch wanted = scratch;
    scratch = {};
    scratch.floats_from = device.workspace(wanted.floats);
    scratch.tickets_from = device.tickets(wanted.tickets);
    give_scratch(g, Block::SIDE, scratch);
    if constexpr (Block::THREADS == THREADS) {
        launch_blocks<Block>(device, g);
    } else {
        Gradients products = g;
        products.sums.count = products.tokens.count = products.elements.count = 0;
        launch_blocks<Block>(device, products);
        g.products.count = 0;
        launch_blocks<typename Arithmetic::template Block<typename Arithmetic::LeastGradients, true, false>>(device, g);
    }
}

template <class Arithmetic>
void compute(CudaDevice& device, const Operation* operations, size_t count) {
    Gradients g = gradients_of<Arithmetic>(device.arithmetic(), operations, count);
    const int side = Arithmetic::side_of(device, blocks_of(g, LARGE), blocks_of(g, SMALL));
    if constexpr (!Arithmetic::LARGE_HAVE_OTHER_BITS) {
        if (side == LARGE && g.replicas > 1) {
            return launch_all<Arithmetic, typename Arithmetic::LargeGradients>(device, g);
        }
    }
    if (side != LEAST) {
        return launch_all<Arithmetic, typename Arithmetic::SmallGradients>(device, g);
    }
    launch_all<Arithmetic, typename Arithmetic::LeastGradients>(device, g);
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

// A matrix product C = op(A) op(B) + beta C for each replica, row-major, and what is then added to C or made of it: what a launch is told.
// product_tile.h multiplies in float32, product_mma.h on tensor cores, there too in float32 where numbers are split; product_finish.h
// stores; product_block.h is all that a block does.
//
// A block computes a tile of C. Where k is cut (common/own_products.h), a block has one piece of it and leaves its tile in
// scratch; the last block of a tile adds the pieces in order. Operations 2 m n k; bytes 8 m n k / side of a tile from the L2 cache and, of
// what an epilogue adds or makes, 4 an element.
#pragma once
#include "cuda/own_product.h"

namespace em::gpu {

namespace product {
// Sides of tiles. Large ones read less, where there are enough of them; the least let few products use all of a GPU.
constexpr int LARGE = 128;
constexpr int SMALL = 64;
constexpr int LEAST = 32;

// Of rows, columns and terms, so that a place in a tile that stands over their end is still an int.
constexpr int64_t MOST = INT32_MAX - LARGE;

struct Finish {
    View<float> bias, residual, positions, slope, activated;
    int64_t length;
    int32_t activation;
};

struct Product {
    View<float> a, b, c;
    int64_t replicas, m, n, k;
    float beta;
    bool a_by_fours, b_by_fours, c_by_fours;
    int8_t sum;             // of its launch's sums the one that it makes beside it; -1: none
    int64_t piece, pieces;  // multiply-adds of a piece of k, and how many pieces
    int64_t pitch;          // n, to a multiple of four
    float* scratch;         // (replicas, pieces, m, pitch) where there are several
    unsigned* tickets;      // (replicas, tiles)
    Finish finish;

    // Whether there is at most a bias, and a residual or a slope.
    EM_DEVICE bool simple() const {
        return beta == 0.0f && finish.positions.base == nullptr && finish.activated.base == nullptr &&
               (finish.residual.base == nullptr || finish.slope.base == nullptr);
    }
};

// Where a tile stands in C: its first element.
struct Tile {
    int64_t row, column;
};

// What else a block makes of a stage of A (gradient_sums.h); of most products nothing.
struct NothingBeside {
    EM_DEVICE void take(const float*) const {}
    EM_DEVICE void finish(int64_t, const Tile&) const {}
};

// Without the memory for its pieces, which are of a multiple of `depth`.
inline Product of(const em_gemm_args& a, const Epilogue& e, int32_t arithmetic, int64_t depth) {
    EM_REQUIRE(a.m <= MOST && a.n <= MOST && a.k <= MOST, "too large a product: %lld by %lld by %lld", (long long)a.m, (long long)a.n,
               (long long)a.k);
    const int64_t pieces = pieces_of(a.m, a.n, a.k, arithmetic);
    return {view(a.a),
            view(a.b),
            view(a.c),
            a.replicas,
            a.m,
            a.n,
            a.k,
            a.beta,
            by_fours(a.replicas, a.trans_a ? a.m : a.k, a.a),
            by_fours(a.replicas, a.trans_b ? a.k : a.n, a.b),
            by_fours(a.replicas, a.n, a.c, e.bias, e.residual, e.positions, e.slope, e.activated),
            -1,
            ceil_div(ceil_div(a.k, pieces), depth) * depth,
            pieces,
            ceil_div(a.n, 4) * 4,
            nullptr,
            nullptr,
            {view(e.bias), view(e.residual), view(e.positions), view(e.slope), view(e.activated), e.length, e.activation}};
}

// Whether so many tiles are enough for the GPU: with a few less than it has multiprocessors, larger ones are still faster than smaller
// ones.
inline bool fill(const CudaDevice& device, int64_t tiles) { return 4 * tiles >= 3 * device.multiprocessors(); }

// Blocks of a launch whose tiles have this side, of a replica.
inline int64_t blocks_of(const Product& p, int64_t side) { return tiles_of(p.m, p.n, side) * p.pieces; }

// Floats that the pieces take.
inline int64_t scratch(const Product& p) { return p.replicas * p.pieces * p.m * p.pitch; }

}  // namespace product
}  // namespace em::gpu

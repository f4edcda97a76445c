// All that a block does of a product (product.h), for the kernels that take one, two or several products; in the arithmetic of a device.
#pragma once
#include "cuda/product_finish.h"
#include "cuda/product_mma.h"
#include "cuda/product_tile.h"
#include "cuda/reduce.h"

namespace em::gpu {

namespace product {

// Shared memory of a block: its numbers, and behind them whether it is the last of its tile.
template <class T>
constexpr int64_t BYTES = 4 * (T::FLOATS + 1);

template <class T>
EM_DEVICE int* flag(float* memory) {
    return reinterpret_cast<int*>(memory + T::FLOATS);
}

// Where a tile stands; `index` counts along rows of tiles.
template <class T>
EM_DEVICE Tile tile_at(const Product& p, int64_t index) {
    const int64_t across = ceil_div(p.n, T::SIDE);
    const int64_t down = quotient(index, across);
    return {down * T::SIDE, (index - down * across) * T::SIDE};
}

// A tile of C of a replica, or a piece of it. make_beside(tile, begin): what takes its stages too, from term `begin` on. All threads come;
// ends in a barrier.
template <class T, class MakeBeside>
EM_DEVICE void product_block(const Product& p, int64_t r, int64_t index, int64_t piece, float* memory, const MakeBeside& make_beside) {
    const int64_t begin = piece * p.piece;
    const int64_t end = begin + p.piece < p.k ? begin + p.piece : p.k;
    const Tile read = tile_at<T>(p, index);
    auto beside = make_beside(read, begin);
    T::compute(p, r, read, begin, end, memory, beside);
    const Tile tile = tile_at<T>(p, from_here(index));  // the same, which needs no registers meanwhile
    bool finishes = true;
    if (p.pieces > 1) {
        const int64_t tiles = ceil_div(p.m, T::SIDE) * ceil_div(p.n, T::SIDE);
        leave_piece<T>(p, r, piece, tile, memory);
        finishes = last_block(p.tickets + r * tiles + index, static_cast<unsigned>(p.pieces), flag<T>(memory));
        if (finishes) {
            add_pieces<T>(p, r, tile, memory);
            __syncthreads();
        }
    }
    if (finishes) {
        beside.finish(r, tile);
    }
    if (finishes && p.c_by_fours) {
        finish_tile<4, T>(p, r, tile, memory);
    } else if (finishes) {
        finish_tile<1, T>(p, r, tile, memory);
    }
    __syncthreads();
}

template <class T>
EM_DEVICE void product_block(const Product& p, int64_t r, int64_t index, int64_t piece, float* memory) {
    product_block<T>(p, r, index, piece, memory, [](const Tile&, int64_t) { return NothingBeside(); });
}

// Calls body with what multiplies in the arithmetic of the operation that is being issued.
template <class Body>
void dispatch_arithmetic(const CudaDevice& device, Body&& body) {
    switch (device.arithmetic()) {
        case EM_TF32:
            return body(OnTensorCores<Tf32>());
        case EM_BF16:
            return body(OnTensorCores<Bf16>());
        default:
            return device.splits_products() ? body(OnTensorCores<SplitFloat>()) : body(Float32());
    }
}

}  // namespace product
}  // namespace em::gpu

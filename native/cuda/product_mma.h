// What a block does of a product (product.h) on tensor cores, in tf32 or bf16: operands are rounded when they are read from shared memory,
// sums are float32. In float32 they are split into two parts of tf32 there, and a product of two numbers is three of their parts.
//
// The warps of a block share a tile of C. A and B come by asynchronous copies, some stages ahead, and lie in shared memory as they lie in
// memory. Of 8 neighbours in k lane t of four takes 2 t and 2 t + 1, of A as of B: where k is contiguous these are one read of 8 bytes,
// else up to four neighbouring rows of op(A), or columns of op(B), are one. Exclusive-or with the row or with k puts what lanes read or
// write at once into 32 banks. The finished tile goes through shared memory, so that rows are read and written 16 bytes at a time.
//
// An element is one chain of products of 8 (tf32) or 16 (bf16) terms in a fixed order, whatever the tile, the replicas and the epilogue
// are: its bits depend on its row of op(A), its column of op(B) and the shape alone. Of split numbers every 16 terms are a chain, which
// begins with the small parts, and float32 adds the chains.
#pragma once
#include <type_traits>

#include "cuda/product_operands.h"

namespace em::gpu {

namespace product {

template <class P>
struct OnTensorCores {
    static constexpr int64_t PIECE = 32;
    static constexpr bool LARGE_HAVE_OTHER_BITS = false;  // than smaller tiles

    // A tile of SIDE by SIDE, of which a warp has TALL rows and WIDE columns. UNROLL: of the steps of a stage, of which there are 4 at
    // most.
    template <int OF, int TALL_OF, int WIDE_OF, int DEPTH_OF, int STAGES_OF, int RESIDENT_OF, int UNROLL_OF = 4>
    struct Tiles {
        static constexpr int SIDE = OF;
        static constexpr int TALL = TALL_OF;
        static constexpr int WIDE = WIDE_OF;
        static constexpr int DEPTH = DEPTH_OF;
        static constexpr int STAGES = STAGES_OF;
        static constexpr int RESIDENT = RESIDENT_OF;  // blocks that a multiprocessor has room for
        static constexpr int UNROLL = UNROLL_OF;
    };

    static constexpr bool TF32 = std::is_same_v<P, Tf32>;
    static constexpr bool SPLIT = std::is_same_v<P, SplitFloat>;
    using Large = std::conditional_t<SPLIT, Tiles<LARGE, 32, 64, 32, 3, 1, 2>,
                                     std::conditional_t<TF32, Tiles<LARGE, 64, 64, 32, 3, 2>, Tiles<LARGE, 64, 64, 16, 5, 2>>>;
    using Small = Tiles<SMALL, 32, 32, 32, 3, TF32 ? 4 : 3, SPLIT ? 2 : 4>;
    using Least = Tiles<LEAST, 16, 16, 32, 8, 3>;
    // Of gradients (gradients.cu): where sums of columns are among them, of blocks with as many threads as these have.
    using LargeGradients =
        std::conditional_t<SPLIT, Large, std::conditional_t<TF32, Tiles<LARGE, 64, 32, 32, 3, 2, 2>, Tiles<SMALL, 16, 32, 32, 3, 2>>>;
    using SmallGradients = Tiles<SMALL, 16, 32, 32, 3, TF32 ? 3 : 2>;
    using LeastGradients = Tiles<LEAST, 16, 8, 32, 8, SPLIT ? 2 : 3>;
    using SmallAlone = Small;
    using LargeAlone = std::conditional_t<TF32 || SPLIT, Large, Small>;

    // The side of tiles. It may depend on the replicas, since no bit depends on the tile.
    static int side(const CudaDevice& device, const em_gemm_args& a, int64_t pieces) {
        const int64_t narrow = a.m < a.n ? a.m : a.n;
        const int64_t blocks = pieces * a.replicas;
        const int64_t large = narrow <= SMALL ? 0 : tiles_of(a.m, a.n, LARGE) * blocks;
        return narrow <= LEAST ? LEAST : side_of(device, large, tiles_of(a.m, a.n, SMALL) * blocks);
    }
    // The same of several products together, by their large and their small tiles; of wide ones alone the large.
    static int side_of(const CudaDevice& device, int64_t large, int64_t small) {
        return fill(device, large) ? LARGE : fill(device, small) ? SMALL : LEAST;
    }

    template <class Tiles, bool TRANS_A, bool TRANS_B>
    struct Block {
        static constexpr int SIDE = Tiles::SIDE;
        static constexpr int DEPTH = Tiles::DEPTH;
        static constexpr int STAGES = Tiles::STAGES;
        static constexpr int RESIDENT = Tiles::RESIDENT;
        static constexpr int WARPS_ACROSS = SIDE / Tiles::WIDE;
        static constexpr int THREADS = SIDE / Tiles::TALL * WARPS_ACROSS * WARP;
        static constexpr int M = Tiles::TALL / MMA_ROWS;
        static constexpr int N = Tiles::WIDE / MMA_COLUMNS;
        static constexpr int ROWS_ADDED = THREADS * RESIDENT > 512 ? 2 : 4;  // at once, of pieces
        static constexpr int STEP = MMA_WORDS * P::PER_WORD;                 // terms of an instruction
        using A = Staged<SIDE, DEPTH, !TRANS_A>;
        using B = Staged<SIDE, DEPTH, TRANS_B>;
        static constexpr int STAGE = A::FLOATS + B::FLOATS;
        static constexpr int FLOATS = STAGES * STAGE;
        static_assert(SIDE * SIDE <= FLOATS && PIECE % DEPTH == 0 && DEPTH % STEP == 0);

        // Leaves the tile in shared memory. `beside` takes each stage too.
        template <class Beside>
        EM_DEVICE static void compute(const Product& p, int64_t r, const Tile& tile, int64_t begin, int64_t end, float* memory,
                                      Beside& beside) {
            FragmentC c[M][N] = {};
            each_stage<Block>(p, r, tile, begin, end, memory, [&](const float* stage) {
                if constexpr (SPLIT) {
#pragma unroll(Tiles::UNROLL / 2)
                    for (int k = 0; k < DEPTH; k += 2 * STEP) {
                        add_split_steps(stage, k, c);
                    }
                } else {
#pragma unroll(Tiles::UNROLL)
                    for (int k = 0; k < DEPTH; k += STEP) {
                        add_step(stage, k, c);
                    }
                }
                beside.take(stage);
            });
            __syncthreads();
            lay(c, memory);
            __syncthreads();
        }

        // Where a column of a row of the tile lies: what lanes write or read at once is in 32 banks.
        EM_DEVICE static int stored(int row, int column) {
            const int x = (row ^ row / 4) & 3;
            return row * SIDE + (column ^ (GROUP * x + 4 * ((x ^ x / 2) & 1)));
        }

    private:
        EM_DEVICE static int warp_row() { return warp_index() / WARPS_ACROSS * Tiles::TALL; }
        EM_DEVICE static int warp_column() { return warp_index() % WARPS_ACROSS * Tiles::WIDE; }

        // c += op(A) op(B) of STEP terms.
        EM_DEVICE static void add_step(const float* stage, int k, FragmentC (&c)[M][N]) {
            Words<P, N> right;
            right.template read<B>(stage + A::FLOATS, warp_column(), k);
            Words<P, 2 * M> left;
            left.template read<A>(stage, warp_row(), k);
#pragma unroll
            for (int m = 0; m < M; ++m) {
                const FragmentA rows = {left.at[2 * m][0], left.at[2 * m + 1][0], left.at[2 * m][1], left.at[2 * m + 1][1]};
#pragma unroll
                for (int n = 0; n < N; ++n) {
                    P::multiply(c[m][n], rows, right.at[n]);
                }
            }
        }

        // The same of numbers that are split, of two steps. A tensor core cuts sums off: so they are kept short, and products with small
        // parts come first, while the sum is small.
        EM_DEVICE static void add_split_steps(const float* stage, int k, FragmentC (&c)[M][N]) {
            constexpr int AT_ONCE = 4 / M < N ? 4 / M : N;  // columns' fragments: chains that need not wait for each other
            Words<P, N> right[2];
            SplitFloat::Parts<4> rows[2][M];
#pragma unroll
            for (int step = 0; step < 2; ++step) {
                right[step].template read<B>(stage + A::FLOATS, warp_column(), k + step * STEP);
                Words<P, 2 * M> left;
                left.template read<A>(stage, warp_row(), k + step * STEP);
#pragma unroll
                for (int m = 0; m < M; ++m) {
                    rows[step][m] = SplitFloat::left({left.at[2 * m][0], left.at[2 * m + 1][0], left.at[2 * m][1], left.at[2 * m + 1][1]});
                }
            }
#pragma unroll
            for (int n = 0; n < N; n += AT_ONCE) {
                SplitFloat::Parts<2> columns[2][AT_ONCE];
                FragmentC sums[AT_ONCE][M];
                const auto add = [&](int step, auto&& multiply) {
#pragma unroll
                    for (int i = 0; i < AT_ONCE; ++i) {
#pragma unroll
                        for (int m = 0; m < M; ++m) {
                            multiply(sums[i][m], rows[step][m], columns[step][i]);
                        }
                    }
                };
#pragma unroll
                for (int i = 0; i < 2 * AT_ONCE; ++i) {
                    columns[i / AT_ONCE][i % AT_ONCE] = SplitFloat::right(right[i / AT_ONCE].at[n + i % AT_ONCE]);
                }
                add(0, [](auto& sum, auto& row, auto& column) { Tf32::multiply_first(sum, row.small, column.large); });
                add(1, [](auto& sum, auto& row, auto& column) { Tf32::multiply(sum, row.small, column.large); });
                add(0, [](auto& sum, auto& row, auto& column) { Tf32::multiply(sum, row.large, column.small); });
                add(1, [](auto& sum, auto& row, auto& column) { Tf32::multiply(sum, row.large, column.small); });
                add(0, [](auto& sum, auto& row, auto& column) { Tf32::multiply(sum, row.large, column.large); });
                add(1, [](auto& sum, auto& row, auto& column) { Tf32::multiply(sum, row.large, column.large); });
#pragma unroll
                for (int i = 0; i < 4 * M * AT_ONCE; ++i) {
                    c[i / 4 % M][n + i / 4 / M][i % 4] += sums[i / 4 / M][i / 4 % M][i % 4];
                }
            }
        }

        // Fragments as rows.
        EM_DEVICE static void lay(const FragmentC (&c)[M][N], float* memory) {
            const int g = lane_index() / 4;
            const int t = lane_index() % 4;
            constexpr int beside = B::template WIDE<N>;  // fragments whose columns are neighbours
#pragma unroll
            for (int q = 0; q < 2 * M; ++q) {
                const int mine = warp_row() + A::template row_of<2 * M>(q, g);
                const FragmentC(&from)[N] = c[q / 2];
                const int half = q % 2 * 2;
#pragma unroll
                for (int n = 0; n < N; n += beside) {
                    const int first = warp_column() + n * MMA_COLUMNS;
                    if constexpr (beside == 1) {
                        *reinterpret_cast<float2*>(memory + stored(mine, first + 2 * t)) = make_float2(from[n][half], from[n][half + 1]);
                    } else if constexpr (beside == 2) {
                        *reinterpret_cast<float4*>(memory + stored(mine, first + 4 * t)) =
                            make_float4(from[n][half], from[n + 1][half], from[n][half + 1], from[n + 1][half + 1]);
                    } else {
#pragma unroll
                        for (int i = 0; i < 2; ++i) {
                            *reinterpret_cast<float4*>(memory + stored(mine, first + 4 * (2 * t + i))) =
                                make_float4(from[n][half + i], from[n + 1][half + i], from[n + 2][half + i], from[n + 3][half + i]);
                        }
                    }
                }
            }
        }
    };
};

}  // namespace product
}  // namespace em::gpu

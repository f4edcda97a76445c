// What a block does of a product (product.h) on tensor cores, in tf32 or bf16: operands are rounded when they are read from shared memory,
// sums are float32.
//
// Eight warps share a tile of C of 128 by 128 (64 by 32 a warp) or 64 by 64 (16 by 32 a warp). A and B come by asynchronous copies, up to
// three stages ahead, and lie in shared memory as they lie in memory. Of 8 neighbours in k lane t of four takes 2 t and 2 t + 1, of A as
// of B: where k is contiguous these are one read of 8 bytes, else up to four neighbouring rows of op(A), or columns of op(B), are one.
// Exclusive-or with the row or with k puts what lanes read or write at once into 32 banks. The finished tile goes through shared memory,
// so that rows are read and written 16 bytes at a time.
//
// An element is one chain of products of 8 (tf32) or 16 (bf16) terms in a fixed order, whatever the tile, the replicas and the epilogue
// are: its bits depend on its row of op(A), its column of op(B) and the shape alone.
#pragma once
#include "cuda/product_operands.h"

namespace em::gpu {

namespace product {

// A tile of ROWS by ROWS numbers of C.
template <class P>
struct OnTensorCores {
    static constexpr int64_t PIECE = 32;

    // Whether tiles are large: their number may depend on the replicas, since no bit depends on the tile.
    static bool large(const CudaDevice& device, const em_gemm_args& a, int64_t pieces) {
        return large_tiles(device, tiles_of(a.m, a.n, LARGE) * pieces, a.replicas);
    }
    static bool large_gradients(const CudaDevice& device, int64_t tiles, int64_t replicas) { return large_tiles(device, tiles, replicas); }

    template <int ROWS, bool TRANS_A, bool TRANS_B>
    struct Block {
        static constexpr int SIDE = ROWS;
        static constexpr int DEPTH = ROWS == LARGE ? 16 : 32;
        static constexpr int STAGES = ROWS == LARGE ? 4 : 3;
        // Blocks that a multiprocessor has room for. That of A B in bf16 would lack two registers with two.
        static constexpr bool NEEDS_MORE = P::PER_WORD == 2 && !TRANS_A && !TRANS_B;
        static constexpr int RESIDENT = ROWS == SMALL ? 3 : NEEDS_MORE ? 1 : 2;
        static constexpr int WARPS_ACROSS = ROWS / 32;
        static constexpr int TALL = ROWS * WARPS_ACROSS / (THREADS / WARP);  // rows of a warp
        static constexpr int M = TALL / MMA_ROWS;
        static constexpr int N = 32 / MMA_COLUMNS;
        static constexpr int STEP = MMA_WORDS * P::PER_WORD;  // terms of an instruction
        using A = Staged<ROWS, DEPTH, !TRANS_A>;
        using B = Staged<ROWS, DEPTH, TRANS_B>;
        static constexpr int STAGE = A::FLOATS + B::FLOATS;
        static constexpr int FLOATS = STAGES * STAGE;
        static_assert(ROWS * ROWS <= FLOATS && PIECE % DEPTH == 0);

        EM_DEVICE static void compute(const Product& p, int64_t r, int64_t piece, const Tile& tile, int64_t begin, int64_t end,
                                      float* memory) {
            // Half the registers that wait for the product.
            const auto row = static_cast<int>(tile.row);
            const auto column = static_cast<int>(tile.column);
            const auto part = static_cast<int>(piece);
            FragmentC c[M][N] = {};
            multiply(p, r, tile, begin, end, c, memory);
            __syncthreads();
            lay(c, memory);
            __syncthreads();
            store_rows<ROWS, ROWS>(p, r, part, {row, column}, memory, stored);
        }

    private:
        EM_DEVICE static int warp_row() { return warp_index() / WARPS_ACROSS * TALL; }
        EM_DEVICE static int warp_column() { return warp_index() % WARPS_ACROSS * 32; }

        EM_DEVICE static void multiply(const Product& p, int64_t r, const Tile& tile, int64_t begin, int64_t end, FragmentC (&c)[M][N],
                                       float* memory) {
            each_stage<Block>(p, r, tile, begin, end, memory, [&](const float* stage, int left) {
#pragma unroll
                for (int k = 0; k < DEPTH; k += STEP) {
                    if (k < left) {
                        add_step(stage, k, c);
                    }
                }
            });
        }

        // c += op(A) op(B) of STEP terms.
        EM_DEVICE static void add_step(const float* stage, int k, FragmentC (&c)[M][N]) {
            Words<P, N> right;
            right.template read<B>(stage + A::FLOATS, warp_column(), k);
#pragma unroll
            for (int m = 0; m < M; ++m) {
                Words<P, 2> left;
                left.template read<A>(stage, warp_row() + m * MMA_ROWS, k);
                const FragmentA rows = {left.at[0][0], left.at[1][0], left.at[0][1], left.at[1][1]};
#pragma unroll
                for (int n = 0; n < N; ++n) {
                    P::multiply(c[m][n], rows, right.at[n]);
                }
            }
        }

        // Where a column of a row that is stored lies: what lanes write or read at once is in 32 banks.
        EM_DEVICE static int stored(int row, int column) {
            const int x = (row ^ row / 4) & 3;
            return row * ROWS + (column ^ (GROUP * x + 4 * ((x ^ x / 2) & 1)));
        }

        // Fragments as rows.
        EM_DEVICE static void lay(const FragmentC (&c)[M][N], float* memory) {
            const int g = lane_index() / 4;
            const int t = lane_index() % 4;
#pragma unroll
            for (int q = 0; q < 2 * M; ++q) {
                const int mine = warp_row() + q / 2 * MMA_ROWS + A::template row_of<2>(q % 2, g);
                const FragmentC(&from)[N] = c[q / 2];
                const int half = q % 2 * 2;
                if constexpr (TRANS_B) {
#pragma unroll
                    for (int n = 0; n < N; ++n) {
                        *reinterpret_cast<float2*>(memory + stored(mine, warp_column() + n * MMA_COLUMNS + 2 * t)) =
                            make_float2(from[n][half], from[n][half + 1]);
                    }
                } else {
#pragma unroll
                    for (int i = 0; i < 2; ++i) {
                        *reinterpret_cast<float4*>(memory + stored(mine, warp_column() + 4 * (2 * t + i))) =
                            make_float4(from[0][half + i], from[1][half + i], from[2][half + i], from[3][half + i]);
                    }
                }
            }
        }
    };
};

}  // namespace product
}  // namespace em::gpu

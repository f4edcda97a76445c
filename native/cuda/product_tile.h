// What a block does of a product (product.h) in float32. A thread has 8 by 8 numbers of a tile: so for 128 multiply-adds it reads 128 bytes
// of shared memory. A tile of 128 by 128 has 256 threads. Of a tile of 64 by 64 it are four groups of 64 threads, and each group has a
// quarter of the terms of every stage: so small products have enough threads to fill a multiprocessor. A and B come by asynchronous copies,
// some stages ahead, and lie in shared memory as they lie in memory, in rows padded so that the reads of a quarter of a warp meet no bank
// twice. The finished tile goes through shared memory, so that rows are read and written 16 bytes at a time.
//
// An element is a chain of fused multiply-adds in the order of k, or of each piece of it; in small tiles it is four, of the terms 0 to 7, 8
// to 15, 16 to 23 and 24 to 31 of each 32, which are added in this order. The shape alone decides which tiles there are: so an element's
// bits depend on its row of op(A), its column of op(B) and the shape.
#pragma once
#include "cuda/product_source.h"

namespace em::gpu {

namespace product {
constexpr int MINE = 8;  // rows and columns of a thread
constexpr int HALF = MINE / 2;
constexpr int TERMS = 2;  // of which a thread reads both operands at once

// One operand in shared memory: ROWS vectors, DEPTH long.
template <int ROWS, int DEPTH, bool ALONG_K>
struct Padded {
    static constexpr bool BY_K = ALONG_K;
    static constexpr int PITCH = ALONG_K ? DEPTH + 4 : ROWS;
    static constexpr int FLOATS = ALONG_K ? ROWS * PITCH : DEPTH * PITCH;
    static constexpr int THREADS_ACROSS = ROWS / MINE;

    EM_DEVICE static int place(int row, int k) { return ALONG_K ? row * PITCH + k : k * PITCH + row; }

    // Row i of thread t: each half is as many rows of a half of the tile.
    EM_DEVICE static int row_of(int t, int i) {
        return ALONG_K ? i * THREADS_ACROSS + t : i / HALF * (HALF * THREADS_ACROSS) + t * HALF + i % HALF;
    }

    // Neighbours that lie beside each other: of row i of a thread the terms k .. k + V - 1, else of term k the rows i .. i + V - 1.
    template <int V>
    EM_DEVICE static Vec<V> read(const float* stage, int t, int i, int k) {
        const float* from = stage + place(row_of(t, i), k);
        if constexpr (V == 4) {
            return load<4>(from);
        } else {
            const float2 two = *reinterpret_cast<const float2*>(from);
            return {two.x, two.y};
        }
    }
};

// A tile of ROWS by ROWS numbers of C.
struct Float32 {
    static constexpr int PIECE = 32;
    static constexpr int64_t MANY = 128;  // tiles, about as many as a large GPU has multiprocessors

    // Whether there are enough large tiles. Gradients of weights have small ones: they are made together with others (gradients.cu).
    static bool large(const CudaDevice&, const em_gemm_args& a, int64_t pieces) {
        return !(a.trans_a && !a.trans_b) && tiles_of(a.m, a.n, LARGE) * pieces >= MANY;
    }
    static bool large_gradients(const CudaDevice&, int64_t, int64_t) { return false; }

    template <int ROWS, bool TRANS_A, bool TRANS_B>
    struct Block {
        static constexpr int SIDE = ROWS;
        static constexpr int GROUPS = ROWS == LARGE ? 1 : 4;
        static constexpr int DEPTH = ROWS == LARGE ? 16 : 32;
        static constexpr int STAGES = 4;
        static constexpr int WARPS_ACROSS = ROWS / MINE / 8;
        using A = Padded<ROWS, DEPTH, !TRANS_A>;
        using B = Padded<ROWS, DEPTH, TRANS_B>;
        // Blocks that a multiprocessor has room for: two where operands of so few registers are read.
        static constexpr int RESIDENT = A::BY_K && B::BY_K ? 2 : 1;
        static constexpr int STAGE = A::FLOATS + B::FLOATS;
        static constexpr int STORED_ROWS = 64;  // at once
        static constexpr int STORED_PITCH = ROWS + 8;
        static constexpr int STORED = STORED_ROWS * STORED_PITCH;  // of each group
        static constexpr int FLOATS = STAGES * STAGE > GROUPS* STORED ? STAGES* STAGE : GROUPS* STORED;
        static_assert(PIECE % DEPTH == 0);

        EM_DEVICE static void compute(const Product& p, int64_t r, int64_t piece, const Tile& tile, int64_t begin, int64_t end,
                                      float* memory) {
            float c[MINE][MINE] = {};
            multiply(p, r, tile, begin, end, c, memory);
            constexpr int rows = MINE * STORED_ROWS / ROWS;  // of a thread
#pragma unroll
            for (int first = 0; first < MINE; first += rows) {
                __syncthreads();
                lay(c, first, rows, memory);
                __syncthreads();
                add_groups(memory);
                const Tile part{tile.row + first * (ROWS / MINE), tile.column};
                store_rows<STORED_ROWS, ROWS>(p, r, piece, part, memory, [](int row, int column) { return row * STORED_PITCH + column; });
            }
        }

    private:
        static constexpr int WARPS = THREADS / WARP / GROUPS;  // of a group

        EM_DEVICE static int group() { return warp_index() / WARPS; }
        EM_DEVICE static int down() { return warp_index() % WARPS / WARPS_ACROSS * 4 + lane_index() / 8; }
        EM_DEVICE static int across() { return warp_index() % WARPS % WARPS_ACROSS * 8 + lane_index() % 8; }

        EM_DEVICE static void multiply(const Product& p, int64_t r, const Tile& tile, int64_t begin, int64_t end, float (&c)[MINE][MINE],
                                       float* memory) {
            each_stage<Block>(p, r, tile, begin, end, memory, [&](const float* stage, int) {
                const int mine = group() * (DEPTH / GROUPS);
#pragma unroll 2
                for (int step = 0; step < DEPTH / GROUPS; step += TERMS) {
                    add_step(stage, mine + step, c);
                }
            });
        }

        // c += op(A) op(B) of TERMS terms.
        EM_DEVICE static void add_step(const float* stage, int k, float (&c)[MINE][MINE]) {
            float left[MINE][TERMS];
            if constexpr (A::BY_K) {
#pragma unroll
                for (int i = 0; i < MINE; ++i) {
                    const Vec<TERMS> terms = A::template read<TERMS>(stage, down(), i, k);
#pragma unroll
                    for (int term = 0; term < TERMS; ++term) {
                        left[i][term] = terms.at[term];
                    }
                }
            } else {
#pragma unroll
                for (int term = 0; term < TERMS; ++term) {
#pragma unroll
                    for (int i = 0; i < MINE; i += 4) {
                        const Vec<4> rows = A::template read<4>(stage, down(), i, k + term);
#pragma unroll
                        for (int v = 0; v < 4; ++v) {
                            left[i + v][term] = rows.at[v];
                        }
                    }
                }
            }
            const float* const right = stage + A::FLOATS;
            if constexpr (B::BY_K) {
#pragma unroll
                for (int j = 0; j < MINE; ++j) {
                    const Vec<TERMS> terms = B::template read<TERMS>(right, across(), j, k);
#pragma unroll
                    for (int term = 0; term < TERMS; ++term) {
                        add_column(left, term, terms.at[term], c, j);
                    }
                }
            } else {
#pragma unroll
                for (int term = 0; term < TERMS; ++term) {
#pragma unroll
                    for (int j = 0; j < MINE; j += 4) {
                        const Vec<4> columns = B::template read<4>(right, across(), j, k + term);
#pragma unroll
                        for (int v = 0; v < 4; ++v) {
                            add_column(left, term, columns.at[v], c, j + v);
                        }
                    }
                }
            }
        }

        EM_DEVICE static void add_column(const float (&left)[MINE][TERMS], int term, float right, float (&c)[MINE][MINE], int column) {
#pragma unroll
            for (int i = 0; i < MINE; ++i) {
                c[i][column] = fmaf(left[i][term], right, c[i][column]);
            }
        }

        // A thread's rows first .. first + rows of what its group has summed.
        EM_DEVICE static void lay(const float (&c)[MINE][MINE], int first, int rows, float* memory) {
#pragma unroll
            for (int i = 0; i < rows; ++i) {
                float* to = memory + group() * STORED + (A::row_of(down(), first + i) - first * (ROWS / MINE)) * STORED_PITCH;
#pragma unroll
                for (int j = 0; j < MINE; j += 4) {
                    if constexpr (TRANS_B) {
#pragma unroll
                        for (int v = 0; v < 4; ++v) {
                            to[B::row_of(across(), j + v)] = c[first + i][j + v];
                        }
                    } else {
                        store_shared(to + B::row_of(across(), j),
                                     Vec<4>{{c[first + i][j], c[first + i][j + 1], c[first + i][j + 2], c[first + i][j + 3]}});
                    }
                }
            }
        }

        EM_DEVICE static void add_groups(float* memory) {
            if constexpr (GROUPS > 1) {
                for (int at = static_cast<int>(threadIdx.x); at < STORED / 4; at += THREADS) {
                    Vec<4> sum = load<4>(memory + 4 * at);
#pragma unroll
                    for (int group = 1; group < GROUPS; ++group) {
                        add(sum, load<4>(memory + group * STORED + 4 * at));
                    }
                    store_shared(memory + 4 * at, sum);
                }
                __syncthreads();
            }
        }
    };
};

}  // namespace product
}  // namespace em::gpu

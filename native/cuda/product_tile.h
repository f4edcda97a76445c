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
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em::gpu {

namespace product {
// One operand in shared memory: ROWS vectors, DEPTH long, of which a thread has MINE.
template <int ROWS, int MINE, int DEPTH, bool ALONG_K>
struct Padded {
    static constexpr bool BY_K = ALONG_K;
    static constexpr int PITCH = ALONG_K ? DEPTH + 4 : ROWS;
    static constexpr int FLOATS = ALONG_K ? ROWS * PITCH : DEPTH * PITCH;
    static constexpr int THREADS_ACROSS = ROWS / MINE;

    EM_DEVICE static int place(int row, int k) { return ALONG_K ? row * PITCH + k : k * PITCH + row; }

    // Row i of thread t: one of all THREADS_ACROSS, or four neighbours.
    EM_DEVICE static int row_of(int t, int i) { return ALONG_K ? i * THREADS_ACROSS + t : i / 4 * (4 * THREADS_ACROSS) + t * 4 + i % 4; }

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
    static constexpr bool LARGE_HAVE_OTHER_BITS = true;  // than smaller tiles

    // A tile of SIDE by SIDE: each group of threads has all of its numbers, MINE by MINE a thread, and a part of the terms of each stage.
    template <int OF, int MINE_OF, int GROUPS_OF, int DEPTH_OF, int STAGES_OF, int TERMS_OF, int UNROLL_OF, int RESIDENT_OF>
    struct Tiles {
        static constexpr int SIDE = OF;
        static constexpr int MINE = MINE_OF;  // rows and columns of a thread
        static constexpr int GROUPS = GROUPS_OF;
        static constexpr int DEPTH = DEPTH_OF;
        static constexpr int STAGES = STAGES_OF;
        static constexpr int TERMS = TERMS_OF;  // of which a thread reads both operands at once, where both lie along k
        static constexpr int UNROLL = UNROLL_OF;
        static constexpr int RESIDENT = RESIDENT_OF;  // blocks that a multiprocessor has room for
    };

    using Large = Tiles<LARGE, 8, 1, 16, 4, 2, 1, 2>;
    using Small = Tiles<SMALL, 8, 4, 32, 4, 2, 1, 2>;
    using Least = Tiles<LEAST, 4, 4, 32, 8, 4, 1, 3>;
    using SmallGradients = Tiles<SMALL, 8, 4, 32, 4, 2, 2, 1>;
    using LeastGradients = Least;
    using SmallAlone = SmallGradients;
    static constexpr int64_t MANY = 128;  // tiles, about as many as a large GPU has multiprocessors

    // The side of tiles. The shape alone says whether there are enough large ones; small ones and the least leave the same bits. Gradients
    // of weights have no large ones: they are made together with others (gradients.cu).
    static int side(const CudaDevice& device, const em_gemm_args& a, int64_t pieces) {
        if (a.m > SMALL && a.n > SMALL && !(a.trans_a && !a.trans_b) && tiles_of(a.m, a.n, LARGE) * pieces >= MANY) {
            return LARGE;
        }
        return a.m <= LEAST || a.n <= LEAST ? LEAST : side_of(device, 0, tiles_of(a.m, a.n, SMALL) * pieces * a.replicas);
    }
    static int side_of(const CudaDevice& device, int64_t, int64_t small) { return fill(device, small) ? SMALL : LEAST; }

    template <class Tiles, bool TRANS_A, bool TRANS_B>
    struct Block {
        static constexpr int THREADS = 256;
        static constexpr int SIDE = Tiles::SIDE;
        static constexpr int MINE = Tiles::MINE;
        static constexpr int GROUPS = Tiles::GROUPS;
        static constexpr int DEPTH = Tiles::DEPTH;
        static constexpr int STAGES = Tiles::STAGES;
        static constexpr int RESIDENT = Tiles::RESIDENT;
        static constexpr int ROWS_ADDED = RESIDENT > 2 ? 2 : 4;  // at once, of pieces
        static constexpr int WARPS_ACROSS = SIDE / MINE / 8;
        using A = Padded<SIDE, MINE, DEPTH, !TRANS_A>;
        using B = Padded<SIDE, MINE, DEPTH, TRANS_B>;
        static constexpr int TERMS = A::BY_K && B::BY_K ? Tiles::TERMS : 2;
        static constexpr int STAGE = A::FLOATS + B::FLOATS;
        static constexpr int STORED_PITCH = SIDE + 8;
        static constexpr int STORED = SIDE * STORED_PITCH;  // of each group
        static constexpr int FLOATS = STAGES * STAGE > GROUPS* STORED ? STAGES* STAGE : GROUPS* STORED;
        static_assert(PIECE % DEPTH == 0 && GROUPS * SIDE * SIDE == THREADS * MINE * MINE);

        // Leaves the tile in shared memory. `beside` takes each stage too.
        template <class Beside>
        EM_DEVICE static void compute(const Product& p, int64_t r, const Tile& tile, int64_t begin, int64_t end, float* memory,
                                      Beside& beside) {
            float c[MINE][MINE] = {};
            multiply(p, r, tile, begin, end, c, memory, beside);
            __syncthreads();
            lay(c, memory);
            __syncthreads();
            add_groups(memory);
        }

        EM_DEVICE static int stored(int row, int column) { return row * STORED_PITCH + column; }

    private:
        static constexpr int WARPS = THREADS / WARP / GROUPS;  // of a group

        EM_DEVICE static int group() { return warp_index() / WARPS; }
        EM_DEVICE static int down() { return warp_index() % WARPS / WARPS_ACROSS * 4 + lane_index() / 8; }
        EM_DEVICE static int across() { return warp_index() % WARPS % WARPS_ACROSS * 8 + lane_index() % 8; }

        template <class Beside>
        EM_DEVICE static void multiply(const Product& p, int64_t r, const Tile& tile, int64_t begin, int64_t end, float (&c)[MINE][MINE],
                                       float* memory, Beside& beside) {
            each_stage<Block>(p, r, tile, begin, end, memory, [&](const float* stage) {
                const int mine = group() * (DEPTH / GROUPS);
#pragma unroll(Tiles::UNROLL)
                for (int step = 0; step < DEPTH / GROUPS; step += TERMS) {
                    add_step(stage, mine + step, c);
                }
                beside.take(stage);
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

        // What a thread's group has summed.
        EM_DEVICE static void lay(const float (&c)[MINE][MINE], float* memory) {
#pragma unroll
            for (int i = 0; i < MINE; ++i) {
                float* to = memory + group() * STORED + A::row_of(down(), i) * STORED_PITCH;
#pragma unroll
                for (int j = 0; j < MINE; j += 4) {
                    if constexpr (TRANS_B) {
#pragma unroll
                        for (int v = 0; v < 4; ++v) {
                            to[B::row_of(across(), j + v)] = c[i][j + v];
                        }
                    } else {
                        store_shared(to + B::row_of(across(), j), Vec<4>{{c[i][j], c[i][j + 1], c[i][j + 2], c[i][j + 3]}});
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

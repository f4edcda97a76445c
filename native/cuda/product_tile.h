// What a block does of a product (product.h) in float32. A thread has 8 by 8 or 4 by 4 numbers of a tile of 128 by 128 or 64 by 64, in rows
// and columns 16 apart. A and B come in pieces 16 deep by asynchronous copies, one piece ahead, and lie in shared memory as they lie in
// memory, in rows padded so that the reads of a warp meet no bank twice. The finished tile goes through shared memory, so that rows are
// read and written 16 bytes at a time.
//
// An element is one chain of fused multiply-adds in the order of k, or of each piece of it, whatever the tile, the replicas and the
// epilogue are: its bits depend on its row of op(A), its column of op(B) and the shape alone.
#pragma once
#include "cuda/async_copy.h"
#include "cuda/product.h"

namespace em::gpu {

namespace product {
constexpr int SIDE = 16;  // threads in each direction
constexpr int DEPTH = 16;
constexpr int PITCH = DEPTH + 4;  // of rows along k
constexpr int SLAB = 4;           // rows of a thread that are stored at once

// One operand: `rows` vectors of length k. ALONG_K: element (row, k) at from[row * depth + k], else at from[k * rows + row].
template <int ROWS, bool ALONG_K>
struct Operand {
    static constexpr int ROW = ROWS + 4;  // pitch where rows are contiguous
    static constexpr int FLOATS = ALONG_K ? ROWS * PITCH : DEPTH * ROW;

    // Brings rows first .. first + ROWS of k0 .. k0 + DEPTH, FLOATS_AT_ONCE at a time; zeros outside.
    template <int AT_ONCE>
    EM_DEVICE static void bring(AsyncCopies& copies, float* to, const float* from, int64_t first, int64_t rows, int64_t k0, int64_t depth) {
        constexpr int ACROSS = (ALONG_K ? DEPTH : ROWS) / AT_ONCE;
        constexpr int COUNT = ROWS * DEPTH / AT_ONCE;
#pragma unroll 1
        for (int i = 0; i < COUNT / THREADS; ++i) {
            const int at = i * THREADS + static_cast<int>(threadIdx.x);
            const int outer = at / ACROSS;
            const int inner = at % ACROSS * AT_ONCE;
            const int64_t row = first + (ALONG_K ? outer : inner);
            const int64_t k = k0 + (ALONG_K ? inner : outer);
            // Where four are copied, a row ends at a multiple of four: all are inside or none.
            const bool inside = row < rows && k < depth;
            const int64_t place = ALONG_K ? row * depth + k : k * rows + row;
            copies.copy<AT_ONCE>(to + outer * (ALONG_K ? PITCH : ROW) + inner, inside ? from + place : from, inside);
        }
    }

    // Four neighbours in k of a row.
    EM_DEVICE static void read(float (&to)[4], const float* tile, int row, int k) {
        if constexpr (ALONG_K) {
            const float4 four = *reinterpret_cast<const float4*>(tile + row * PITCH + k);
            to[0] = four.x;
            to[1] = four.y;
            to[2] = four.z;
            to[3] = four.w;
        } else {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                to[i] = tile[(k + i) * ROW + row];
            }
        }
    }
};

// The tile in registers goes through shared memory, SLAB * SIDE rows at a time.
template <int MINE>
EM_DEVICE void store_tile(const Product& p, int64_t r, int64_t piece, const Tile& tile, const float (&c)[MINE][MINE], float* memory) {
    constexpr int COLUMNS = SIDE * MINE;
    constexpr int ROW = COLUMNS + 4;
    const int x = static_cast<int>(threadIdx.x) % SIDE;
    const int y = static_cast<int>(threadIdx.x) / SIDE;
#pragma unroll
    for (int slab = 0; slab < MINE; slab += SLAB) {
        __syncthreads();
#pragma unroll
        for (int i = 0; i < SLAB; ++i) {
#pragma unroll
            for (int j = 0; j < MINE; ++j) {
                memory[(i * SIDE + y) * ROW + j * SIDE + x] = c[slab + i][j];
            }
        }
        __syncthreads();
        store_rows<SLAB * SIDE, COLUMNS>(p, r, piece, {tile.row + slab * SIDE, tile.column}, memory,
                                         [](int row, int column) { return row * ROW + column; });
    }
}

// The two operands' shared memory, twice; what is stored of a tile lies there, too.
template <int MINE, bool TRANS_A, bool TRANS_B>
struct Memory {
    using A = Operand<SIDE * MINE, !TRANS_A>;
    using B = Operand<SIDE * MINE, TRANS_B>;
    static constexpr int STAGE = A::FLOATS + B::FLOATS;
    static constexpr int STORED = SLAB * SIDE * (SIDE * MINE + 4);
    static constexpr int FLOATS = 2 * STAGE > STORED ? 2 * STAGE : STORED;
};

// c += op(A) op(B) of a tile, of k from `begin`, a multiple of DEPTH, to before `end`.
template <int MINE, bool TRANS_A, bool TRANS_B>
EM_DEVICE void multiply(const Product& p, int64_t r, const Tile& tile, int64_t begin, int64_t end, float (&c)[MINE][MINE], float* memory) {
    using Mine = Memory<MINE, TRANS_A, TRANS_B>;
    using A = typename Mine::A;
    using B = typename Mine::B;
    const int x = static_cast<int>(threadIdx.x) % SIDE;
    const int y = static_cast<int>(threadIdx.x) / SIDE;
    AsyncCopies copies;
    const auto bring = [&](int64_t k0) {
        float* to = memory + k0 / DEPTH % 2 * Mine::STAGE;
        if (p.a_by_fours) {
            A::template bring<4>(copies, to, p.a(r), tile.row, p.m, k0, p.k);
        } else {
            A::template bring<1>(copies, to, p.a(r), tile.row, p.m, k0, p.k);
        }
        if (p.b_by_fours) {
            B::template bring<4>(copies, to + A::FLOATS, p.b(r), tile.column, p.n, k0, p.k);
        } else {
            B::template bring<1>(copies, to + A::FLOATS, p.b(r), tile.column, p.n, k0, p.k);
        }
    };
    bring(begin);
    copies.commit();
    for (int64_t k0 = begin; k0 < end; k0 += DEPTH) {
        if (k0 + DEPTH < end) {
            bring(k0 + DEPTH);
        }
        copies.commit();
        copies.wait<1>();
        __syncthreads();
        const float* stage = memory + k0 / DEPTH % 2 * Mine::STAGE;
#pragma unroll 1
        for (int k = 0; k < DEPTH; k += 4) {
            float left[MINE][4];
#pragma unroll
            for (int i = 0; i < MINE; ++i) {
                A::read(left[i], stage, i * SIDE + y, k);
            }
#pragma unroll
            for (int j = 0; j < MINE; ++j) {
                float right[4];
                B::read(right, stage + A::FLOATS, j * SIDE + x, k);
#pragma unroll
                for (int kk = 0; kk < 4; ++kk) {
#pragma unroll
                    for (int i = 0; i < MINE; ++i) {
                        c[i][j] = fmaf(left[i][kk], right[kk], c[i][j]);
                    }
                }
            }
        }
        __syncthreads();
    }
}

// A tile of ROWS by ROWS numbers of C, from float32 operands.
struct Float32 {
    static constexpr int64_t PIECE = DEPTH;

    template <int ROWS, bool TRANS_A, bool TRANS_B>
    struct Block {
        static constexpr int SIDE = ROWS;
        static constexpr int FLOATS = Memory<ROWS / product::SIDE, TRANS_A, TRANS_B>::FLOATS;
        static constexpr int RESIDENT = ROWS == LARGE ? 2 : 3;  // blocks that a multiprocessor has room for

        EM_DEVICE static void compute(const Product& p, int64_t r, int64_t piece, const Tile& tile, int64_t begin, int64_t end, float* memory) {
            constexpr int MINE = ROWS / product::SIDE;
            float c[MINE][MINE] = {};
            multiply<MINE, TRANS_A, TRANS_B>(p, r, tile, begin, end, c, memory);
            store_tile(p, r, piece, tile, c, memory);
        }
    };
};

}  // namespace product
}  // namespace em::gpu

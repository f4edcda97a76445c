// Operands of products on tensor cores (product_mma.h): how they lie in shared memory, and come from there to the registers of a warp.
#pragma once
#include "cuda/product_source.h"
#include "cuda/reduce.h"
#include "cuda/tensor_core.h"
#include "cuda/vectors.h"

namespace em::gpu {

namespace product {
constexpr int GROUP = 8;  // rows of op(A), or columns of op(B), of a fragment of which a lane has one; terms of which it has two

template <int V>
EM_DEVICE Vec<V> neighbours(const float* from) {
    if constexpr (V != 2) {
        return load<V>(from);
    } else {
        const float2 two = *reinterpret_cast<const float2*>(from);
        return {two.x, two.y};
    }
}

// One operand in shared memory: ROWS vectors, DEPTH long.
template <int ROWS, int DEPTH, bool ALONG_K>
struct Staged {
    static constexpr bool BY_K = ALONG_K;
    static constexpr int FLOATS = ROWS * DEPTH;
    // Neighbouring rows that one read has.
    template <int GROUPS>
    static constexpr int WIDE = ALONG_K      ? 1
                                : GROUPS < 4 ? GROUPS
                                             : 4;

    EM_DEVICE static int place(int row, int k) {
        if constexpr (ALONG_K) {
            return row * DEPTH + (k ^ (DEPTH == 16 ? row >> 1 & 1 : row & 3) * GROUP);
        } else {
            return k * ROWS + (row ^ (k >> 1 & 3) * GROUP);
        }
    }

    // Of GROUPS groups of rows, which of them lane / 4 = g has in group q.
    template <int GROUPS>
    EM_DEVICE static int row_of(int q, int g) {
        return q / WIDE<GROUPS> * (WIDE<GROUPS> * GROUP) + WIDE<GROUPS> * g + q % WIDE<GROUPS>;
    }

    // What a lane reads of GROUPS groups from `row` on: to[q] are two neighbours in k, from k + 2 (lane % 4), of its row in group q. `row`
    // is a multiple of GROUPS * GROUP, k of GROUP, so that exclusive-or leaves all reads at the same distances from the first.
    template <int GROUPS>
    EM_DEVICE static void read(float (&to)[GROUPS][2], const float* stage, int row, int k) {
        const float* from = stage + place(row + row_of<GROUPS>(0, lane_index() / 4), k + lane_index() % 4 * 2);
        if constexpr (ALONG_K) {
#pragma unroll
            for (int q = 0; q < GROUPS; ++q) {
                const Vec<2> two = neighbours<2>(from + q * GROUP * DEPTH);
                to[q][0] = two.at[0];
                to[q][1] = two.at[1];
            }
        } else {
#pragma unroll
            for (int i = 0; i < 2; ++i) {
#pragma unroll
                for (int q = 0; q < GROUPS; q += WIDE<GROUPS>) {
                    const Vec<WIDE<GROUPS>> some = neighbours<WIDE<GROUPS>>(from + i * ROWS + q * GROUP);
#pragma unroll
                    for (int v = 0; v < WIDE<GROUPS>; ++v) {
                        to[q + v][i] = some.at[v];
                    }
                }
            }
        }
    }
};

// Two words of each of GROUPS groups, as an instruction takes them.
template <class P, int GROUPS>
struct Words {
    uint32_t at[GROUPS][2];

    template <class Operand>
    EM_DEVICE void read(const float* stage, int row, int k) {
#pragma unroll
        for (int half = 0; half < P::PER_WORD; ++half) {
            float pairs[GROUPS][2];
            Operand::read(pairs, stage, row, k + half * GROUP);
#pragma unroll
            for (int q = 0; q < GROUPS; ++q) {
                if constexpr (P::PER_WORD == 1) {
                    at[q][0] = P::operand(pairs[q][0]);
                    at[q][1] = P::operand(pairs[q][1]);
                } else {
                    at[q][half] = P::word(pairs[q][0], pairs[q][1]);
                }
            }
        }
    }
};

}  // namespace product
}  // namespace em::gpu

// Left operands of attention on tensor cores: the 16 rows of a head that a warp multiplies with every tile, rounded to P, Tf32 or Bf16, or
// as they are (SplitFloat), in registers or in shared memory.
//
// Columns may be contracted in any order: of 16 a lane's four are neighbours.
#pragma once
#include "cuda/attention_mma.h"

namespace em {

// Steps of products over the columns of a head, of MMA_WORDS words each.
template <class P, int DH>
constexpr int HEAD_STEPS = DH / P::PER_WORD / MMA_WORDS;

// Uint4s of a warp's 16 rows in shared memory, as left operands.
template <class P, int DH>
constexpr int OPERANDS = HEAD_STEPS<P, DH>* WARP;

// Left operands in registers.
template <int STEPS>
struct LeftRows {
    FragmentA steps[STEPS];

    EM_DEVICE void read(int step, FragmentA& to) const {
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            to[i] = steps[step][i];
        }
    }
};

// Left operands in shared memory, where registers are short: [step][lane], each read by the lane that wrote it. ANEW: each time; else the
// compiler may keep what it has read, or made of it.
template <bool ANEW = false>
struct SharedLeftRows {
    uint4* mine;  // the lane's first

    template <int STEPS>
    EM_DEVICE void keep(const LeftRows<STEPS>& rows) const {
#pragma unroll
        for (int step = 0; step < STEPS; ++step) {
            const FragmentA& left = rows.steps[step];
            mine[step * WARP] = make_uint4(left[0], left[1], left[2], left[3]);
        }
    }
    EM_DEVICE void read(int step, FragmentA& to) const {
#if !defined(EM_EMU)
        if constexpr (ANEW) {
            const auto at = static_cast<uint32_t>(__cvta_generic_to_shared(mine + step * WARP));
            asm volatile("ld.volatile.shared.v4.u32 {%0, %1, %2, %3}, [%4];"
                         : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                         : "r"(at));
            return;
        }
#endif
        const uint4 left = mine[step * WARP];
        to[0] = left.x;
        to[1] = left.y;
        to[2] = left.z;
        to[3] = left.w;
    }
};

// Columns column .. column + 3 of a row in memory; zeros for a row that is not there.
template <bool WHOLE>
EM_DEVICE float4 four_of(const float* row, int column, bool present, const AttentionView& a) {
    if constexpr (WHOLE) {
        return present ? *reinterpret_cast<const float4*>(row + column) : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    } else {
        return head_four(row, column, present, a);
    }
}

// A lane's four of columns 16 part .. 16 part + 15: neighbours, of which one instruction contracts four (bf16) or two.
template <bool WHOLE>
EM_DEVICE float4 lane_four(const float* row, int part, bool present, const AttentionView& a) {
    return four_of<WHOLE>(row, 16 * part + 4 * lane_word(), present, a);
}

// The left operands of products over the columns of a head, from the lane's rows g and g + 8 in memory; zeros for a row that is not there.
template <class P, int DH, bool WHOLE>
EM_DEVICE void load_left(LeftRows<HEAD_STEPS<P, DH>>& left, const float* const (&rows)[2], const bool (&present)[2],
                         const AttentionView& a) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
#pragma unroll
        for (int part = 0; part < DH / 16; ++part) {
            const float4 four = lane_four<WHOLE>(rows[half], part, present[half], a);
            if constexpr (P::PER_WORD == 1) {
                left.steps[2 * part][half] = P::word(four.x);
                left.steps[2 * part][half + 2] = P::word(four.y);
                left.steps[2 * part + 1][half] = P::word(four.z);
                left.steps[2 * part + 1][half + 2] = P::word(four.w);
            } else {
                left.steps[part][half] = P::word(four.x, four.y);
                left.steps[part][half + 2] = P::word(four.z, four.w);
            }
        }
    }
}

// Left operands of two tensors' rows, in registers or, of SHARED, in shared memory: from `room` on, the lane's place for one tensor behind
// that for another. What stays in registers goes through shared memory too: as it was loaded the four registers of an operand are not
// neighbours, and it would be copied for every product.
template <class P, int DH, bool SHARED, bool ANEW = false>
struct KeptRows {
    using Registers = LeftRows<HEAD_STEPS<P, DH>>;
    std::conditional_t<SHARED, SharedLeftRows<ANEW>, Registers> rows;

    EM_DEVICE void keep(const Registers& loaded, uint4* room) {
        const SharedLeftRows<ANEW> shared{room + lane_index()};
        shared.keep(loaded);
        if constexpr (SHARED) {
            rows = shared;
        } else {
#if !defined(EM_EMU)
            asm volatile("" ::: "memory");  // else the compiler would take what it has stored
#endif
#pragma unroll
            for (int step = 0; step < HEAD_STEPS<P, DH>; ++step) {
                shared.read(step, rows.steps[step]);
            }
        }
    }
};

}  // namespace em

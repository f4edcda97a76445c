// Products of a warp on tensor cores: C (16, 8) += A (16, 8 words) B (8 words, 8) with float32 C. A word of 32 bits holds the elements
// that are contracted next to each other: one of tf32 or two of bf16. In words both instructions spread the matrices alike over the
// lanes; with g = lane / 4 and t = lane % 4 a lane holds
//   a: A[g][t], A[g + 8][t], A[g][t + 4], A[g + 8][t + 4]    b: B[t][g], B[t + 4][g]
//   c: C[g][2 t], C[g][2 t + 1], C[g + 8][2 t], C[g + 8][2 t + 1]
// (PTX ISA, "Matrix Fragments for mma.m16n8k8" and "m16n8k16"). The host emulation of the instructions is tests/native/emu/tensor_core.h.
#pragma once
#include "cuda/launch.h"

namespace em {

constexpr int MMA_ROWS = 16;
constexpr int MMA_COLUMNS = 8;
constexpr int MMA_WORDS = 8;

using FragmentA = uint32_t[4];
using FragmentB = uint32_t[2];
using FragmentC = float[4];

// 1 sign, 8 exponent, 10 mantissa bits: rounding costs at most 2^-11 of a value.
struct Tf32 {
    static constexpr int PER_WORD = 1;

    EM_DEVICE static uint32_t word(float x) {
#if defined(EM_EMU)
        return emu::to_tf32(x);
#else
        uint32_t bits;
        asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
        return bits;
#endif
    }
    // The word of an operand, whose bits below those of tf32 the product ignores: half of the last bit added in the direction of x is all
    // the rounding that is needed, in two instructions. NaN and the infinities stay.
    EM_DEVICE static uint32_t operand(float x) {
#if defined(EM_EMU)
        return word(x);
#else
        return __float_as_uint(fmaf(__uint_as_float(__float_as_uint(x) & 0xff800000u), 0x1p-11f, x));
#endif
    }
    EM_DEVICE static void multiply(FragmentC& c, const FragmentA& a, const FragmentB& b) {
#if defined(EM_EMU)
        emu::mma_tf32(c, a, b, {__FILE__, __LINE__});
#else
        asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                     : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
    }
};

// 1 sign, 8 exponent, 7 mantissa bits: rounding costs at most 2^-8 of a value.
struct Bf16 {
    static constexpr int PER_WORD = 2;

    EM_DEVICE static uint32_t word(float first, float second) {
#if defined(EM_EMU)
        return emu::to_bf16x2(first, second);
#else
        uint32_t bits;
        asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(second), "f"(first));
        return bits;
#endif
    }
    EM_DEVICE static void multiply(FragmentC& c, const FragmentA& a, const FragmentB& b) {
#if defined(EM_EMU)
        emu::mma_bf16(c, a, b, {__FILE__, __LINE__});
#else
        asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                     : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
    }
};

}  // namespace em

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
        const uint32_t bits = __float_as_uint(fmaf(__uint_as_float(__float_as_uint(x) & 0xff800000u), 0x1p-11f, x));
#if defined(EM_EMU)
        return emu::cut_to_tf32(bits);
#else
        return bits;
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
    // c = a b, without the instructions that make c zero.
    EM_DEVICE static void multiply_first(FragmentC& c, const FragmentA& a, const FragmentB& b) {
#if defined(EM_EMU)
        c[0] = c[1] = c[2] = c[3] = 0.0f;
        multiply(c, a, b);
#else
        asm volatile(
            "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %10, %10, %10};"
            : "=f"(c[0]), "=f"(c[1]), "=f"(c[2]), "=f"(c[3])
            : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(0.0f));
#endif
    }
};

// float32 by three products of tf32: each number is a large part, its first 11 bits, and a small one, what is left of it. Of the four
// products of parts that of the small ones, at most 2^-21 of the whole, is left out. Of a small part the product sees the first 11 bits, so
// that the last two of the 24 may be lost. All in all a product is off by at most 2^-20 of itself, and usually by 2^-22.
// A word is the number itself. What is not finite becomes NaN.
struct SplitFloat {
    static constexpr int PER_WORD = 1;

    template <int N>
    struct Parts {
        uint32_t large[N], small[N];
    };

    EM_DEVICE static uint32_t word(float x) { return __float_as_uint(x); }
    EM_DEVICE static uint32_t operand(float x) { return __float_as_uint(x); }
    // A large part is rounded, so that small ones of products that are added have no sign in common with them.
    EM_DEVICE static Parts<4> left(const FragmentA& a) { return split<4>(a, 0x1000u); }
    // A large part is cut off, which is an instruction less.
    EM_DEVICE static Parts<2> right(const FragmentB& b) { return split<2>(b, 0u); }
    // What a product of 1 with x, on the right, is: without those of its last bits that are lost.
    EM_DEVICE static float seen(float x) {
        const float large = __uint_as_float(__float_as_uint(x) & TF32_BITS);
        return large + __uint_as_float(__float_as_uint(x - large) & TF32_BITS);
    }
    EM_DEVICE static void multiply(FragmentC& c, const FragmentA& a, const FragmentB& b) {
        const Parts<4> rows = left(a);
        const Parts<2> columns = right(b);
        Tf32::multiply(c, rows.small, columns.large);
        Tf32::multiply(c, rows.large, columns.small);
        Tf32::multiply(c, rows.large, columns.large);
    }

private:
    template <int N>
    EM_DEVICE static Parts<N> split(const uint32_t (&words)[N], uint32_t half) {
        Parts<N> parts;
#pragma unroll
        for (int i = 0; i < N; ++i) {
            parts.large[i] = (words[i] + half) & TF32_BITS;
            parts.small[i] = cut(__uint_as_float(words[i]) - __uint_as_float(parts.large[i]));
        }
        return parts;
    }
    // The product ignores the bits below those of tf32.
    EM_DEVICE static uint32_t cut(float x) {
#if defined(EM_EMU)
        return emu::cut_to_tf32(__float_as_uint(x));
#else
        return __float_as_uint(x);
#endif
    }
    static constexpr uint32_t TF32_BITS = 0xffffe000u;
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

// Adds products of the same left operand to COUNT results of N from FIRST on, which are zero before.
template <class P, int FIRST, int COUNT, int N>
struct ProductSums {
    FragmentC (&sums)[N];

    EM_DEVICE void add(const FragmentA& left, const FragmentB (&right)[COUNT], bool) {
#pragma unroll
        for (int n = 0; n < COUNT; ++n) {
            P::multiply(sums[FIRST + n], left, right[n]);
        }
    }
    EM_DEVICE void finish() {}
};

// sums[n] += left times right[n], in float32; `first`: the sums are not set yet. Products that follow each other go to different sums, for
// which they need not wait. `small`, which may be the sums: where products with small parts go.
template <int N>
EM_DEVICE void multiply_split(FragmentC (&sums)[N], FragmentC (&small)[N], const FragmentA& left, const FragmentB (&right)[N], bool first) {
    const SplitFloat::Parts<4> rows = SplitFloat::left(left);
    SplitFloat::Parts<2> columns[N];
#pragma unroll
    for (int n = 0; n < N; ++n) {
        columns[n] = SplitFloat::right(right[n]);
        if (first) {
            Tf32::multiply_first(small[n], rows.small, columns[n].large);
        } else {
            Tf32::multiply(small[n], rows.small, columns[n].large);
        }
    }
#pragma unroll
    for (int n = 0; n < N; ++n) {
        Tf32::multiply(small[n], rows.large, columns[n].small);
    }
#pragma unroll
    for (int n = 0; n < N; ++n) {
        if (first && &sums != &small) {
            Tf32::multiply_first(sums[n], rows.large, columns[n].large);
        } else {
            Tf32::multiply(sums[n], rows.large, columns[n].large);
        }
    }
}

// A tensor core cuts sums off, where it should round them: so products with small parts have sums of their own.
template <int FIRST, int COUNT, int N>
struct ProductSums<SplitFloat, FIRST, COUNT, N> {
    FragmentC (&sums)[N];
    FragmentC large[COUNT];
    FragmentC small[COUNT];

    EM_DEVICE explicit ProductSums(FragmentC (&to)[N]) : sums(to) {}
    EM_DEVICE void add(const FragmentA& left, const FragmentB (&right)[COUNT], bool first) {
        multiply_split(large, small, left, right, first);
    }
    EM_DEVICE void finish() {
#pragma unroll
        for (int n = 0; n < COUNT; ++n) {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                sums[FIRST + n][i] = large[n][i] + small[n][i];
            }
        }
    }
};

}  // namespace em

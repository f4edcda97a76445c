// What mma.sync and the conversions of its operands do, bit by bit where PTX says so (PTX ISA, "Matrix multiply-accumulate operation
// using mma instruction" and "cvt"). The order and the rounding of the sum it leaves to the hardware; taken here is what has been
// measured of it and is worst for accuracy (Fasi et al. 2021, "Numerical behavior of NVIDIA tensor cores"): products are exact, addends
// keep one bit below the last of the largest, and the sum is cut off, not rounded, to single precision.
#pragma once
#include <cstdint>

#include "fibre.h"

namespace emu {

// cvt.rna.tf32.f32: to 10 bits of mantissa, ties away from zero.
uint32_t to_tf32(float x);
// What a product sees of an operand: without the bits that it ignores. NaN stays NaN.
uint32_t cut_to_tf32(uint32_t word);
// cvt.rn.bf16x2.f32: to 7 bits of mantissa, ties to even; the first in the lower half.
uint32_t to_bf16x2(float first, float second);

// mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32, and m16n8k16 for bf16: C += A B, spread over the 32 lanes of a warp. A tf32
// operand with bits below its 10 of mantissa, which hardware would ignore, ends the launch.
void mma_tf32(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], Place place);
void mma_bf16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], Place place);

}  // namespace emu

// Standard normals from whole vectors of Philox blocks.
#pragma once
#include "common/philox.h"
#include "cpu/mathematics.h"

namespace em::EM_ISA {

typedef uint64_t Longs __attribute__((vector_size(4 * LANES)));

// Both halves of the 64-bit products of 32-bit lanes.
EM_INLINE void multiply(Words a, uint32_t b, Words& high, Words& low) {
    const Longs even = (reinterpret_cast<Longs>(a) & 0xffffffffu) * static_cast<uint64_t>(b);
    const Longs odd = (reinterpret_cast<Longs>(a) >> 32) * static_cast<uint64_t>(b);
    high = reinterpret_cast<Words>((even >> 32) | (odd & 0xffffffff00000000u));
    low = reinterpret_cast<Words>((even & 0xffffffffu) | (odd << 32));
}

// The upper 24 bits of words, times 2^-24.
EM_INLINE Floats unit(Words w) { return __builtin_convertvector(reinterpret_cast<Ints>(w >> 8), Floats) * 0x1p-24f; }

// Standard normals by Box and Muller (1958): out[0 .. 4 LANES) are numbers first .. first + 4 LANES - 1 of a lane; first is a multiple
// of 4.
EM_INLINE void normals(const RandomLane& lane, int64_t first, float* out) {
    uint32_t blocks[LANES];
    for (int64_t i = 0; i < LANES; ++i) {
        blocks[i] = static_cast<uint32_t>((first >> 2) + i);
    }
    Words c[4] = {Words{}, lane.sample - Words{}, lane.step - Words{}, lane.lane - Words{}};
    __builtin_memcpy(&c[0], blocks, sizeof blocks);
    uint32_t k0 = lane.k0;
    uint32_t k1 = lane.k1;
    for (int round = 0; round < 10; ++round) {
        Words high0, low0, high1, low1;
        multiply(c[0], PHILOX_M0, high0, low0);
        multiply(c[2], PHILOX_M1, high1, low1);
        c[0] = high1 ^ c[1] ^ k0;
        c[1] = low1;
        c[2] = high0 ^ c[3] ^ k1;
        c[3] = low0;
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    float drawn[4][LANES];
    for (int pair = 0; pair < 2; ++pair) {
        const Floats radius = square_root(-2.0f * logarithm(unit(c[2 * pair]) + 0x1p-24f));
        const Circle angle = circle(unit(c[2 * pair + 1]));
        store(drawn[2 * pair], radius * angle.cosine);
        store(drawn[2 * pair + 1], radius * angle.sine);
    }
    for (int64_t i = 0; i < LANES; ++i) {
        for (int j = 0; j < 4; ++j) {
            out[4 * i + j] = drawn[j][i];
        }
    }
}

}  // namespace em::EM_ISA

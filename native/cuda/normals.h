// Standard normals from Philox blocks.
#pragma once
#include "common/philox.h"
#include "cuda/launch.h"

namespace em {

// Numbers 4 q .. 4 q + 3 of a lane, by Box and Muller (1958).
EM_DEVICE void four_normals(const RandomLane& lane, int64_t q, float (&numbers)[4]) {
    const PhiloxBlock block = philox(lane.k0, lane.k1, {{static_cast<uint32_t>(q), lane.sample, lane.step, lane.lane}});
#pragma unroll
    for (int pair = 0; pair < 2; ++pair) {
        const float u1 = static_cast<float>((block.word[2 * pair] >> 8) + 1) * 0x1p-24f;
        const float turns = static_cast<float>(block.word[2 * pair + 1] >> 8) * 0x1p-23f;
        float sine;
        float cosine;
        sincospif(turns, &sine, &cosine);
        const float radius = sqrtf(-2.0f * logf(u1));
        numbers[2 * pair] = radius * cosine;
        numbers[2 * pair + 1] = radius * sine;
    }
}

}  // namespace em

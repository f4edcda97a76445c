// Philox4x32-10 (Salmon et al. 2011) and the numbers made of its words: the native twin of dev.emergence.tensor.RandomLane.
#pragma once
#include <cstdint>

#if defined(__CUDACC__)
#define EM_EVERYWHERE __host__ __device__ __forceinline__
#else
#define EM_EVERYWHERE [[gnu::always_inline]] inline
#endif

namespace em {

struct PhiloxBlock {
    uint32_t word[4];
};

constexpr uint32_t PHILOX_M0 = 0xD2511F53u;
constexpr uint32_t PHILOX_M1 = 0xCD9E8D57u;
constexpr uint32_t PHILOX_W0 = 0x9E3779B9u;
constexpr uint32_t PHILOX_W1 = 0xBB67AE85u;

EM_EVERYWHERE PhiloxBlock philox(uint32_t k0, uint32_t k1, PhiloxBlock c) {
    for (int round = 0; round < 10; ++round) {
        const uint64_t p0 = static_cast<uint64_t>(PHILOX_M0) * c.word[0];
        const uint64_t p1 = static_cast<uint64_t>(PHILOX_M1) * c.word[2];
        c = {{static_cast<uint32_t>(p1 >> 32) ^ c.word[1] ^ k0, static_cast<uint32_t>(p1), static_cast<uint32_t>(p0 >> 32) ^ c.word[3] ^ k1,
              static_cast<uint32_t>(p0)}};
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    return c;
}

// One quantity of one sample of one batch: word i is word i mod 4 of the block with counter (i / 4, sample, step, lane).
struct RandomLane {
    uint32_t k0, k1, lane, step, sample;

    EM_EVERYWHERE uint32_t word(int64_t i) const {
        return philox(k0, k1, {{static_cast<uint32_t>(i >> 2), sample, step, lane}}).word[i & 3];
    }
    // An integer from 0 to n - 1.
    EM_EVERYWHERE int32_t bounded(int64_t i, int64_t n) const {
        return static_cast<int32_t>((static_cast<uint64_t>(word(i)) * static_cast<uint64_t>(n)) >> 32);
    }
    // True with probability p.
    EM_EVERYWHERE bool coin(int64_t i, float p) const { return static_cast<float>(word(i) >> 8) * 0x1p-24f < p; }
    // True with probability successes / trials.
    EM_EVERYWHERE bool coin(int64_t i, int64_t successes, int64_t trials) const {
        return static_cast<int64_t>(word(i) >> 8) * trials < successes * (INT64_C(1) << 24);
    }
};

// The lane of a quantity of row n of batch `step`, or of the sequence that the row takes from a data set: the first `dataset` of batch 0,
// chosen with lane -1 (RandomStream.place).
EM_EVERYWHERE RandomLane lane_of(const int32_t* key, uint32_t number, int32_t step, int64_t n, int32_t dataset) {
    RandomLane lane{static_cast<uint32_t>(key[0]), static_cast<uint32_t>(key[1]), number, static_cast<uint32_t>(step),
                    static_cast<uint32_t>(n)};
    if (dataset > 0) {
        const RandomLane choice{lane.k0, lane.k1, 0xFFFFFFFFu, lane.step, lane.sample};
        lane.step = 0;
        lane.sample = static_cast<uint32_t>(choice.bounded(0, dataset));
    }
    return lane;
}

}  // namespace em

// That the emulated tensor cores multiply, round and cut off as they should.
#include <vector>

#include "emulator_test.h"

namespace {

// C += A B of a warp, each lane taking its elements by the formulas of the PTX manual for row and column of ai, bi and ci.
void tensor_product(const float* a, const float* b, float* c, bool tf32) {
    const unsigned group = threadIdx.x >> 2;
    const unsigned member = threadIdx.x % 4;
    const unsigned depth = tf32 ? 8 : 16;
    uint32_t left[4], right[2];
    for (unsigned i = 0; i < 4; ++i) {
        const unsigned row = i % 2 == 0 ? group : group + 8;
        left[i] = tf32 ? emu::to_tf32(a[row * depth + member + (i < 2 ? 0 : 4)])
                       : emu::to_bf16x2(a[row * depth + member * 2 + (i < 2 ? 0 : 8)], a[row * depth + member * 2 + (i < 2 ? 1 : 9)]);
    }
    for (unsigned i = 0; i < 2; ++i) {
        right[i] = tf32 ? emu::to_tf32(b[(member + 4 * i) * 8 + group])
                        : emu::to_bf16x2(b[(member * 2 + 8 * i) * 8 + group], b[(member * 2 + 8 * i + 1) * 8 + group]);
    }
    float sum[4];
    for (unsigned i = 0; i < 4; ++i) {
        sum[i] = c[(i < 2 ? group : group + 8) * 8 + member * 2 + i % 2];
    }
    (tf32 ? emu::mma_tf32 : emu::mma_bf16)(sum, left, right, {});
    for (unsigned i = 0; i < 4; ++i) {
        c[(i < 2 ? group : group + 8) * 8 + member * 2 + i % 2] = sum[i];
    }
}

}  // namespace

void tensor_cores_multiply(bool tf32) {
    const int depth = tf32 ? 8 : 16;
    std::vector<float> a(static_cast<size_t>(16 * depth)), b(static_cast<size_t>(depth * 8)), c(128);
    // Small integers: every sum is exact.
    const auto fill = [](std::vector<float>& x, unsigned seed) {
        for (float& value : x) {
            seed = seed * 1664525u + 1013904223u;
            value = static_cast<float>(seed >> 28) - 7.0f;
        }
    };
    fill(a, 1);
    fill(b, 2);
    fill(c, 3);
    std::vector<float> want(c);
    for (int i = 0; i < 128; ++i) {
        for (int k = 0; k < depth; ++k) {
            want[static_cast<size_t>(i)] += a[static_cast<size_t>(i / 8 * depth + k)] * b[static_cast<size_t>(k * 8 + i % 8)];
        }
    }
    const cudaError_t error =
        launch(tensor_product, 1, 32, static_cast<const float*>(a.data()), static_cast<const float*>(b.data()), c.data(), tf32);
    expect(error == cudaSuccess, "mma.sync", cudaGetErrorString(error));
    expect(c == want, tf32 ? "C + A B of tf32" : "C + A B of bf16");
}

// Rounding of operands; a sum of which single precision would round the last bit up.
void tensor_cores_round() {
    const auto bits = [](float x) { return __float_as_uint(x); };
    const float tie = 1.0f + 0x1p-11f;
    expect(emu::to_tf32(tie) == bits(1.0f + 0x1p-10f) && emu::to_tf32(-tie) == bits(-1.0f - 0x1p-10f), "tf32: ties away from zero");
    expect(emu::to_tf32(1.0f + 0x1.ffp-12f) == bits(1.0f), "tf32: to nearest");
    expect(emu::to_bf16x2(1.0f + 0x1p-8f, 1.0f + 0x1.8p-7f) == ((bits(1.0f) >> 16) | (bits(1.0f + 0x1p-6f) & 0xffff0000u)),
           "bf16: ties to even");
    expect(emu::to_tf32(NAN) == 0x7fffffffu && emu::to_bf16x2(NAN, NAN) == 0x7fff7fffu, "NaN stays NaN");
    expect(emu::to_tf32(INFINITY) == bits(INFINITY) && emu::to_bf16x2(-INFINITY, 0.0f) == 0xff80u, "infinity stays infinite");
    std::vector<float> a(128), b(64), c(128);
    a[0] = 1.0f;
    b[0] = 1.0f;
    a[1] = 0x1.8p-24f;
    b[8] = 1.0f;
    launch(tensor_product, 1, 32, static_cast<const float*>(a.data()), static_cast<const float*>(b.data()), c.data(), true);
    expect(c[0] == 1.0f, "a sum is cut off, not rounded");
}

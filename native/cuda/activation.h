// Activations and their slopes. GELU is x Phi(x) (Hendrycks & Gimpel 2016) with the exact error function.
#pragma once
#include "cuda/launch.h"
#include "cuda/vectors.h"
#include "em/arithmetic.h"

namespace em {

// Phi, by erfc so that the left tail keeps its digits.
EM_DEVICE float normal_cdf(float z) { return 0.5f * erfcf(z * -0.70710678118654752f); }

struct Activated {
    float value, slope;
};

// NaN stays NaN in the value.
EM_DEVICE Activated activated(int32_t activation, float z) {
    if (activation == EM_RELU) {
        return {z < 0.0f ? 0.0f : z, z > 0.0f ? 1.0f : 0.0f};
    }
    constexpr float density_at_zero = 0.39894228040143268f;
    const float below = normal_cdf(z);
    return {z * below, below + z * density_at_zero * expf(-0.5f * z * z)};
}

// Values and slopes in place of what they are of.
template <int V>
EM_DEVICE void activate(int32_t activation, Vec<V>& values, Vec<V>& slopes) {
#pragma unroll
    for (int k = 0; k < V; ++k) {
        const Activated y = activated(activation, values.at[k]);
        values.at[k] = y.value;
        slopes.at[k] = y.slope;
    }
}

}  // namespace em

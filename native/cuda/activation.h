// Activations and their slopes. GELU is x Phi(x) (Hendrycks & Gimpel 2016) with the exact error function.
#pragma once
#include "cuda/launch.h"
#include "em/arithmetic.h"

namespace em {

// Phi, by erfc so that the left tail keeps its digits.
EM_DEVICE float normal_cdf(float z) { return 0.5f * erfcf(z * -0.70710678118654752f); }

// NaN stays NaN.
EM_DEVICE float activated(int32_t activation, float z) {
    if (activation == EM_RELU) {
        return z < 0.0f ? 0.0f : z;
    }
    return z * normal_cdf(z);
}

EM_DEVICE float slope(int32_t activation, float z) {
    if (activation == EM_RELU) {
        return z > 0.0f ? 1.0f : 0.0f;
    }
    constexpr float density_at_zero = 0.39894228040143268f;
    return normal_cdf(z) + z * density_at_zero * expf(-0.5f * z * z);
}

}  // namespace em

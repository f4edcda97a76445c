// Activations and their slopes. GELU is x Phi(x) (Hendrycks & Gimpel 2016).
#pragma once
#include "cuda/vectors.h"
#include "em/arithmetic.h"

namespace em {

// 1 / x of a number from 4 to 20, to a unit in the last place.
EM_DEVICE float reciprocal(float x) {
#if defined(EM_EMU)
    return 1.0f / x;
#else
    float y;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
#endif
}

// Phi, and exp(-z^2 / 2), of which the tail Phi(-a) is made for a = |z|: Phi(-a) = exp(-a^2 / 2) P(u) / (a + 4), u = (a - 4) / (a + 4). P
// is a polynomial of ninth degree that was fitted to the least relative error (4e-8, from 0 to infinity); so the left tail keeps its
// digits. With the rounding of float32 Phi has a relative error of up to 4.3e-7, about that of erfcf. One
// exponential does for Phi and for the slope. NaN is left to what follows, which multiplies by z.
struct Normal {
    float cdf, bell;

    EM_DEVICE explicit Normal(float z) {
        const float a = fminf(fabsf(z), 15.0f);  // beyond, the tail is zero
        const float square = a * a;
        const float rest = fmaf(a, a, -square);  // what rounding took from the square
        const float e = expf(-0.5f * square);
        bell = fmaf(e, -0.5f * rest, e);
        const float share = reciprocal(a + 4.0f);
        const float u = fmaf(-8.0f, share, 1.0f);
        float p = -1.545496634207666e-4f;
        p = fmaf(p, u, 1.272169902222231e-4f);
        p = fmaf(p, u, 1.5585699584335089e-3f);
        p = fmaf(p, u, -3.4723677672445774e-3f);
        p = fmaf(p, u, -7.509175222367048e-3f);
        p = fmaf(p, u, 6.039322540163994e-2f);
        p = fmaf(p, u, -1.865272969007492e-1f);
        p = fmaf(p, u, 3.8713791966438293e-1f);
        p = fmaf(p, u, -6.078963875770569e-1f);
        p = fmaf(p, u, 7.552851438522339e-1f);
        const float tail = rounded_product(p * share, bell);  // the same bits whatever follows
        cdf = z > 0.0f ? 1.0f - tail : tail;
    }
};

struct Activated {
    float value, slope;
};

// NaN stays NaN in the value.
EM_DEVICE Activated activated(int32_t activation, float z) {
    if (activation == EM_RELU) {
        return {z < 0.0f ? 0.0f : z, z > 0.0f ? 1.0f : 0.0f};
    }
    constexpr float density_at_zero = 0.39894228040143268f;
    const Normal normal(z);
    return {z * normal.cdf, fmaf(z * density_at_zero, normal.bell, normal.cdf)};
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

// Elementary functions on vectors. Polynomials are near-minimax fits (reweighted least squares on Chebyshev points, coefficients
// rounded to float); the errors stated are what tests/native/mathematics.cpp measures against double precision.
#pragma once
#include "cpu/pair.h"

namespace em::EM_ISA {

// What is a template on Vector is for Floats or a Pair.

// c[0] + c[1] x + ..., by Horner's rule.
template <class Vector, int N>
EM_INLINE Vector polynomial(const float (&c)[N], Vector x) {
    Vector y = x * c[N - 1] + c[N - 2];
    for (int i = N - 3; i >= 0; --i) {
        y = y * x + c[i];
    }
    return y;
}

// x 2^n for -252 <= n <= 254, subnormal results included.
EM_INLINE Floats scale_by_power(Floats x, Ints n) {
#if defined(__AVX512F__)
    return _mm512_maskz_scalef_ps(0xffff, x, __builtin_convertvector(n, Floats));
#else
    const Ints half = n >> 1;
    return x * from_bits((half + 127) << 23) * from_bits((n - half + 127) << 23);
#endif
}

// e^x = 2^n e^r.
template <class Vector>
struct Power {
    Vector of_rest, shifted;  // e^r, n + 1.5 2^23
};

template <class Vector>
EM_INLINE Power<Vector> power_of_e(Vector x) {
    // Adding and taking away 1.5 2^23 rounds to the nearest integer.
    const Vector shifted = x * 1.44269504f + 12582912.0f;
    const Vector n = shifted - 12582912.0f;
    Vector r = x - n * 0.693145752f;  // ln 2 in two parts; the first has trailing zeros, so the product is exact
    r = r - n * 1.42860682e-6f;
    constexpr float C[] = {0.499999934f, 0.166665201f, 0.0416683942f, 0.00836878041f, 0.00138144669f};
    return {r * r * polynomial(C, r) + r + 1.0f, shifted};
}

EM_INLINE Ints exponent(Floats shifted) { return bits(shifted) - 0x4b400000; }

// e^x, relative error below 1e-7; +inf from 88.73, 0 below -104, NaN for NaN.
EM_INLINE Floats exponential(Floats x) {
    const Power<Floats> power = power_of_e(keep_above(keep_below(x, 89.0f), -105.0f));
    return scale_by_power(power.of_rest, exponent(power.shifted));
}

// 2^n from n + 1.5 2^23, for normal results.
EM_INLINE Floats power_of_two(Floats shifted) { return from_bits((exponent(shifted) + 127) << 23); }
EM_INLINE Pair power_of_two(Pair shifted) { return {power_of_two(shifted.a), power_of_two(shifted.b)}; }

// e^x for x <= 88, relative error below 1e-7 from -87 on; at most 1.2e-38 below, 0 from -88 on; NaN for NaN. Where subnormal numbers are
// flushed it has exponential's bits, with fewer operations.
template <class Vector>
EM_INLINE Vector exponential_of_small(Vector x) {
    const Power<Vector> power = power_of_e(keep_above(x, -88.0f));
    return power.of_rest * power_of_two(power.shifted);
}

// ln x for normal x > 0, relative error below 1e-7.
EM_INLINE Floats logarithm(Floats x) {
    // x = 2^n (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)).
    const Ints shifted = bits(x) - 0x3f3504f3;
    const Floats n = __builtin_convertvector(shifted >> 23, Floats);
    const Floats f = from_bits((shifted & 0x7fffff) + 0x3f3504f3) - 1.0f;
    constexpr float C[] = {0.333333125f,  -0.250000096f, 0.200021261f,  -0.166680014f, 0.142193886f,
                           -0.124053624f, 0.118892423f,  -0.116776521f, 0.0674661971f};
    const Floats square = f * f;
    const Floats y = square * f * polynomial(C, f) + n * 1.42860682e-6f - 0.5f * square;
    return y + f + n * 0.693145752f;
}

struct Circle {
    Floats cosine, sine;
};

// cos 2 pi u and sin 2 pi u for u in [0, 1), absolute error below 1e-7.
EM_INLINE Circle circle(Floats u) {
    const Floats shifted = u * 4.0f + 12582912.0f;
    const Ints quarter = bits(shifted) & 3;
    const Floats x = u - (shifted - 12582912.0f) * 0.25f;  // exact, |x| <= 1/8
    const Floats square = x * x;
    constexpr float S[] = {6.28318531f, -41.3417022f, 81.6052038f, -76.6977741f, 41.4698888f};
    constexpr float C[] = {-19.7392088f, 64.9393939f, -85.4567692f, 60.2384564f, -26.0645245f};
    const Floats s = x * polynomial(S, square);
    const Floats c = square * polynomial(C, square) + 1.0f;
    const Ints swap = (quarter & 1) != 0;
    const Floats cosine = swap ? s : c;
    const Floats sine = swap ? c : s;
    return {from_bits(bits(cosine) ^ (((quarter + 1) & 2) << 30)), from_bits(bits(sine) ^ ((quarter & 2) << 30))};
}

template <class Vector>
struct Normal {
    Vector cumulative, density;
};

// Phi(z) and phi(z) of the standard normal distribution. Phi(-|z|) = e^(-z^2/2) t P(t), t = 1 / (1 + 0.35 |z|): relative errors
// below 4e-7 and 2e-7, times 1 + 0.15 z^2 for the rounding of z^2. What would be below 1.2e-38, from |z| = 13.2 on, may be 0.
template <class Vector>
EM_INLINE Normal<Vector> normal(Vector z) {
    const Vector e = exponential_of_small(-0.5f * z * z);
    const Vector t = 1.0f / (absolute(z) * 0.35f + 1.0f);
    constexpr float P[] = {0.139621307f, 0.139863514f,  0.119821296f, 0.105552469f,  -0.0232122736f,
                           0.159319576f, -0.255838898f, 0.144030867f, -0.0291578748f};
    const Vector tail = e * t * polynomial(P, t);
    return {where_positive(z, 1.0f - tail, tail), e * 0.398942280f};
}

}  // namespace em::EM_ISA

// Measures the elementary functions of cpu/mathematics.h against double precision, for one instruction set. The bounds are those that
// the header states.
#include "cpu/mathematics.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

using namespace em::EM_ISA;

namespace {

int failures = 0;

// Floats in order are integers in order: the magnitude's bits, negative for negative floats.
int32_t ordinal(float x) {
    int32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits < 0 ? -(bits & 0x7fffffff) : bits;
}

float at_ordinal(int32_t n) {
    const int32_t bits = n < 0 ? -n | INT32_MIN : n;
    float x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

// Largest error(x, f(x)) over floats from `from` to `to`, `step` representable numbers apart.
template <class Function, class Error>
void bound(const char* name, double limit, float from, float to, int step, Function&& function, Error&& error) {
    double worst = 0;
    float at = from;
    const int64_t last = ordinal(to);
    for (int64_t n = ordinal(from); n <= last; n += LANES * step) {
        float lane[LANES];
        float result[LANES];
        for (int64_t i = 0; i < LANES; ++i) {
            lane[i] = at_ordinal(static_cast<int32_t>(n + i * step < last ? n + i * step : last));
        }
        store(result, function(load(lane)));
        for (int64_t i = 0; i < LANES; ++i) {
            const double e = error(static_cast<double>(lane[i]), static_cast<double>(result[i]));
            if (!(e <= worst)) {
                worst = e;
                at = lane[i];
            }
        }
    }
    std::printf("%-34s worst %.3g at %.9g, allowed %.3g\n", name, worst, at, limit);
    failures += !(worst <= limit);
}

void expect(const char* what, bool holds) {
    if (!holds) {
        std::printf("%s: no\n", what);
        ++failures;
    }
}

// A number that the compiler does not know: on one that it knows it would calculate by itself, without fusing.
Floats unknown(float x) {
    volatile float hidden = x;
    return splat(hidden);
}

double relative(double got, double want) { return got == want ? 0 : std::fabs(got - want) / std::fabs(want); }
double cumulative(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }
// The rounding of z^2 grows into an error of the exponential.
double share(double z) { return 1 + 0.15 * z * z; }

void errors() {
    const double tau = 6.283185307179586;
    const auto power = [](Floats x) { return exponential(x); };
    const auto of_power = [](double x, double y) { return relative(y, std::exp(x)); };
    bound("exponential, negative", 1e-7, -87, -1e-6f, 1009, power, of_power);
    bound("exponential, positive", 1e-7, 1e-6f, 88.72f, 1009, power, of_power);
    bound("exponential, subnormal, absolute", 2e-45, -110, -87, 101, power, [](double x, double y) { return std::fabs(y - std::exp(x)); });
    const auto small = [](Floats x) { return exponential_of_small(x); };
    bound("exponential of small, negative", 1e-7, -87, -1e-6f, 1009, small, of_power);
    bound("exponential of small, positive", 1e-7, 1e-6f, 88, 1009, small, of_power);
    bound("exponential of small, below, absolute", 1.2e-38, -110, -87, 101, small,
          [](double x, double y) { return std::fabs(y - std::exp(x)); });
    bound(
        "logarithm", 1e-7, std::numeric_limits<float>::min(), 1e38f, 10007, [](Floats x) { return logarithm(x); },
        [](double x, double y) { return relative(y, std::log(x)); });
    bound(
        "cosine", 1e-7, 1e-8f, 0.99999994f, 1009, [](Floats u) { return circle(u).cosine; },
        [&](double u, double y) { return std::fabs(y - std::cos(tau * u)); });
    bound(
        "sine", 1e-7, 1e-8f, 0.99999994f, 1009, [](Floats u) { return circle(u).sine; },
        [&](double u, double y) { return std::fabs(y - std::sin(tau * u)); });
    const auto phi = [](Floats z) { return normal(z).cumulative; };
    const auto of_phi = [](double z, double y) { return relative(y, cumulative(z)) / share(z); };
    bound("cumulative, negative", 4e-7, -10, -1e-6f, 1009, phi, of_phi);
    bound("cumulative, positive", 4e-7, 1e-6f, 10, 1009, phi, of_phi);
    bound(
        "density", 2e-7, -10, -1e-6f, 1009, [](Floats z) { return normal(z).density; },
        [&](double z, double y) { return relative(y, std::exp(-0.5 * z * z) / std::sqrt(tau)) / share(z); });
}

void corners() {
    const float inf = std::numeric_limits<float>::infinity();
    const float nan = std::numeric_limits<float>::quiet_NaN();
    expect("e^-inf is 0", exponential(splat(-inf))[0] == 0);
    expect("e^inf is inf", exponential(splat(inf))[0] == inf);
    expect("e^89 is inf", exponential(splat(89))[0] == inf);
    expect("e^nan is nan", std::isnan(exponential(splat(nan))[0]));
    expect("e^0 is 1", exponential(splat(0))[0] == 1);
    expect("e^-inf of small is 0", exponential_of_small(splat(-inf))[0] == 0);
    expect("e^-88 of small is 0", exponential_of_small(splat(-88))[0] == 0);
    expect("e^nan of small is nan", std::isnan(exponential_of_small(splat(nan))[0]));
    expect("e^0 of small is 1", exponential_of_small(splat(0))[0] == 1);
    expect("Phi(-inf) is 0", normal(splat(-inf)).cumulative[0] == 0);
    expect("Phi(inf) is 1", normal(splat(inf)).cumulative[0] == 1);
    expect("nan kept below 1 is nan", std::isnan(keep_below(splat(nan), 1)[0]));
    expect("nan kept above 1 is nan", std::isnan(keep_above(splat(nan), 1)[0]));
    const Normal<Pair> two = normal(Pair{unknown(-0.7f), unknown(1.3f)});
    expect("Phi of the first of a pair is as alone", two.cumulative.a[0] == normal(unknown(-0.7f)).cumulative[0]);
    expect("Phi of the second of a pair is as alone", two.cumulative.b[0] == normal(unknown(1.3f)).cumulative[0]);
    expect("ln 1 is 0", logarithm(splat(1))[0] == 0);
    expect("Phi(nan) is nan", std::isnan(normal(splat(nan)).cumulative[0]));
    expect("Phi(0) is 1/2", normal(splat(0)).cumulative[0] == 0.5f);
    expect("the maximum of nan and 1 is nan", std::isnan(maximum(splat(nan), splat(1))[0]));
    expect("the maximum of 1 and nan is nan", std::isnan(maximum(splat(1), splat(nan))[0]));
    for (int64_t i = 0; i < LANES; ++i) {
        Floats numbers = splat(1);
        numbers[i] = nan;
        expect("the largest of 1, ..., nan is nan", std::isnan(largest(numbers)));
    }
}

}  // namespace

int main() {
#if defined(__AVX512F__)
    const bool here = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
#elif defined(__AVX2__)
    const bool here = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    const bool here = true;
#endif
    if (!here) {
        return 77;
    }
    errors();
    corners();
    return failures == 0 ? 0 : 1;
}

// Products of numbers that are split for tensor cores, held to float64: how far one is off, usually and at worst. And how operands of tf32
// are rounded.
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include "cuda/tensor_core.h"

namespace {

constexpr int DEPTH = em::MMA_WORDS;
int failures = 0;

void expect(bool condition, const char* what, double seen) {
    if (!condition) {
        ++failures;
        std::printf("FAILED: %s: %g\n", what, seen);
    }
}

// c (16, 8) = a (16, 8) b (8, 8) by one warp: in one product, or as attention sums its scores.
void multiply(const float* a, const float* b, float* c, bool sums) {
    const int g = static_cast<int>(threadIdx.x) / 4;
    const int t = static_cast<int>(threadIdx.x) % 4;
    const auto word = [](float x) { return em::SplitFloat::word(x); };
    const em::FragmentA left = {word(a[g * DEPTH + t]), word(a[(g + 8) * DEPTH + t]), word(a[g * DEPTH + t + 4]),
                                word(a[(g + 8) * DEPTH + t + 4])};
    const em::FragmentB right[1] = {{word(b[t * em::MMA_COLUMNS + g]), word(b[(t + 4) * em::MMA_COLUMNS + g])}};
    em::FragmentC sum[1] = {};
    if (sums) {
        em::ProductSums<em::SplitFloat, 0, 1, 1> products{sum};
        products.add(left, right, true);
        products.finish();
    } else {
        em::SplitFloat::multiply(sum[0], left, right[0]);
    }
    for (int i = 0; i < 4; ++i) {
        c[(g + i / 2 * 8) * em::MMA_COLUMNS + 2 * t + i % 2] = sum[0][i];
    }
}

std::vector<float> product(const std::vector<float>& a, const std::vector<float>& b, bool sums) {
    std::vector<float> c(em::MMA_ROWS * em::MMA_COLUMNS);
    cudaStream_t stream;
    cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
    const cudaError_t error =
        emu::launch<const float*, const float*, float*, bool>({"multiply", 1, 32, 0}, stream, multiply, a.data(), b.data(), c.data(), sums);
    expect(error == cudaSuccess, cudaGetErrorString(error), 0);
    cudaStreamDestroy(stream);
    return c;
}

// Of sums of `terms` products, of numbers of all sizes: the error beside the sum of absolute products.
void products_are_off_by_little(int terms) {
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    double worst = 0, squares = 0, mean = 0;
    int count = 0;
    for (int round = 0; round < 200; ++round) {
        std::vector<float> a(em::MMA_ROWS * DEPTH), b(DEPTH * em::MMA_COLUMNS);
        for (size_t i = 0; i < a.size(); ++i) {
            a[i] = static_cast<int>(i) % DEPTH < terms ? std::ldexp(normal(random), static_cast<int>(random() % 60) - 30) : 0;
        }
        for (float& x : b) {
            x = std::ldexp(normal(random), static_cast<int>(random() % 60) - 30);
        }
        for (bool sums : {false, true}) {
            const std::vector<float> c = product(a, b, sums);
            for (int i = 0; i < em::MMA_ROWS * em::MMA_COLUMNS; ++i) {
                double want = 0, size = 0;
                for (int k = 0; k < DEPTH; ++k) {
                    const double one = static_cast<double>(a[static_cast<size_t>(i / em::MMA_COLUMNS * DEPTH + k)]) *
                                       b[static_cast<size_t>(k * em::MMA_COLUMNS + i % em::MMA_COLUMNS)];
                    want += one;
                    size += std::fabs(one);
                }
                const double error = (c[static_cast<size_t>(i)] - want) / size;
                worst = std::fmax(worst, std::fabs(error));
                squares += error * error;
                mean += want < 0 ? -error : error;
                ++count;
            }
        }
    }
    // Parts that are left out, 8 units of 2^-23 in all, and three sums that are cut off.
    expect(worst <= 11 * 0x1p-23, "the worst product", worst * 0x1p23);
    expect(std::sqrt(squares / count) <= 0x1p-22, "a usual product", std::sqrt(squares / count) * 0x1p22);
    expect(std::fabs(mean / count) <= 0x1p-22, "the mean of errors in the direction of the product", mean / count * 0x1p22);
    std::printf("%d terms: worst 2^%.1f, usual 2^%.1f, mean %+.2g 2^-24\n", terms, std::log2(worst), std::log2(std::sqrt(squares / count)),
                mean / count * 0x1p24);
}

// What is not finite is not lost.
void what_is_not_finite_stays_so() {
    for (float bad : {HUGE_VALF, -HUGE_VALF, std::nanf("")}) {
        for (bool left : {true, false}) {
            std::vector<float> a(em::MMA_ROWS * DEPTH, 1.0f), b(DEPTH * em::MMA_COLUMNS, 1.0f);
            (left ? a : b)[0] = bad;
            for (bool sums : {false, true}) {
                const float found = product(a, b, sums)[0];
                expect(!std::isfinite(found), "a product with what is not finite", found);
            }
        }
    }
}

// By two instructions as by the one that is made for it.
void operands_are_rounded_to_nearest() {
    std::mt19937 random(7);
    const auto same = [](float x) { return em::Tf32::operand(x) == emu::to_tf32(x); };
    for (int i = 0; i < 100000; ++i) {
        const uint32_t sign_and_mantissa = static_cast<uint32_t>(random()) & 0x807fffffu, exponent = 1 + random() % 253;
        const uint32_t bits = sign_and_mantissa | exponent << 23;
        for (uint32_t last : {uint32_t{0}, uint32_t{0xfff}, uint32_t{0x1000}, uint32_t{0x1001}, bits & 0x1fffu}) {
            const float x = __uint_as_float((bits & 0xffffe000u) | last);
            expect(same(x), "an operand is not rounded to nearest", x);
        }
    }
    for (float x : {0.0f, -0.0f, 1.0f, HUGE_VALF, -HUGE_VALF, std::nanf(""), -std::nanf(""), 0x1.fffffep0f, -0x1.fffffep-126f}) {
        expect(same(x), "an operand is not rounded to nearest", x);
    }
}

}  // namespace

int main() {
    operands_are_rounded_to_nearest();
    products_are_off_by_little(1);
    products_are_off_by_little(8);
    what_is_not_finite_stays_so();
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}

#include "tensor_core.h"

#include <cmath>
#include <cstring>

namespace emu {
namespace {

constexpr int rows = 16;
constexpr int columns = 8;

uint32_t bits_of(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

float float_of(uint32_t bits) {
    float x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

uint32_t to_bf16(float x) {
    const uint32_t bits = bits_of(x);
    return std::isnan(x) ? 0x7fff : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

// 2^(exponent - 24) of a number that is far from the smallest normal double.
double last_unit(double x) {
    uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    bits = ((bits >> 52) - 24) << 52;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

float cut_off(double x) {
    const float nearest = static_cast<float>(x);
    return std::fabs(static_cast<double>(nearest)) > std::fabs(x) ? std::nextafterf(nearest, 0.0f) : nearest;
}

template <int DEPTH>
float add_products(float c, const double* a, const double (*b)[columns], int column) {
    double terms[DEPTH + 1];
    double largest = std::fabs(static_cast<double>(c));
    double plain = c;
    terms[DEPTH] = c;
    for (int k = 0; k < DEPTH; ++k) {
        terms[k] = a[k] * b[k][column];
        plain += terms[k];
        largest = std::fabs(terms[k]) > largest ? std::fabs(terms[k]) : largest;
    }
    if (!std::isfinite(plain) || largest == 0) {
        return static_cast<float>(plain);
    }
    const double unit = last_unit(largest);
    const double share = 1 / unit;
    int64_t sum = 0;
    for (double term : terms) {
        sum += static_cast<int64_t>(term * share);
    }
    return cut_off(static_cast<double>(sum) * unit);
}

// What a lane brings: its registers of A and B, and where its part of C is.
struct Fragments {
    const uint32_t* a;
    const uint32_t* b;
    float* c;
};

// The element of an operand that lies in part `part` of a register.
double element(uint32_t word, int part, bool tf32) { return float_of(tf32 ? word : (part == 0 ? word << 16 : word & 0xffff0000u)); }

// A is (16, DEPTH), B (DEPTH, 8): 8 registers of A's rows and of B's columns hold DEPTH elements. Lane 4 g + t has of A the rows g and
// g + 8, registers t and t + 4, of B column g, registers t and t + 4, of C the rows g and g + 8, columns 2 t and 2 t + 1.
template <int DEPTH>
void multiply(void* const* lanes, uint32_t) {
    constexpr bool tf32 = DEPTH == 8;
    constexpr int parts = DEPTH / 8;
    double a[rows][DEPTH];
    double b[DEPTH][columns];
    for (int lane = 0; lane < 32; ++lane) {
        const auto* from = static_cast<const Fragments*>(lanes[lane]);
        const int g = lane / 4;
        const int t = lane % 4;
        for (int part = 0; part < parts; ++part) {
            const int low = parts * t + part;
            const int high = parts * (t + 4) + part;
            a[g][low] = element(from->a[0], part, tf32);
            a[g + 8][low] = element(from->a[1], part, tf32);
            a[g][high] = element(from->a[2], part, tf32);
            a[g + 8][high] = element(from->a[3], part, tf32);
            b[low][g] = element(from->b[0], part, tf32);
            b[high][g] = element(from->b[1], part, tf32);
        }
    }
    for (int lane = 0; lane < 32; ++lane) {
        float* c = static_cast<const Fragments*>(lanes[lane])->c;
        const int g = lane / 4;
        const int column = lane % 4 * 2;
        c[0] = add_products<DEPTH>(c[0], a[g], b, column);
        c[1] = add_products<DEPTH>(c[1], a[g], b, column + 1);
        c[2] = add_products<DEPTH>(c[2], a[g + 8], b, column);
        c[3] = add_products<DEPTH>(c[3], a[g + 8], b, column + 1);
    }
}

bool is_tf32(uint32_t word) { return (word & 0x1fff) == 0 || std::isnan(float_of(word)); }

}  // namespace

uint32_t to_tf32(float x) {
    if (std::isnan(x)) {
        return 0x7fffffff;
    }
    return std::isinf(x) ? bits_of(x) : (bits_of(x) + 0x1000) & ~uint32_t{0x1fff};
}

uint32_t cut_to_tf32(uint32_t word) { return std::isnan(float_of(word)) ? 0x7fffffff : word & ~uint32_t{0x1fff}; }

uint32_t to_bf16x2(float first, float second) { return to_bf16(first) | to_bf16(second) << 16; }

void mma_tf32(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], Place place) {
    for (uint32_t word : {a[0], a[1], a[2], a[3], b[0], b[1]}) {
        if (!is_tf32(word)) {
            fail(place, "operand %08x of mma.sync is no tf32 number; cvt.rna.tf32.f32 makes one", word);
        }
    }
    Fragments mine{a, b, c};
    warp_collective(0xffffffffu, &mine, multiply<8>, place);
}

void mma_bf16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], Place place) {
    Fragments mine{a, b, c};
    warp_collective(0xffffffffu, &mine, multiply<16>, place);
}

}  // namespace emu

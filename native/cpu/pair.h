// Two vectors that are calculated with side by side. A long chain of operations leaves the processor waiting for each result; the other
// vector's operations fill the time. Every operation is that of the vectors one by one, so results are the same bits.
#pragma once
#include "cpu/simd.h"

namespace em::EM_ISA {

struct Pair {
    Floats a, b;
};

EM_INLINE Pair operator+(Pair x, Pair y) { return {x.a + y.a, x.b + y.b}; }
EM_INLINE Pair operator-(Pair x, Pair y) { return {x.a - y.a, x.b - y.b}; }
EM_INLINE Pair operator*(Pair x, Pair y) { return {x.a * y.a, x.b * y.b}; }
EM_INLINE Pair operator+(Pair x, float y) { return {x.a + y, x.b + y}; }
EM_INLINE Pair operator-(Pair x, float y) { return {x.a - y, x.b - y}; }
EM_INLINE Pair operator*(Pair x, float y) { return {x.a * y, x.b * y}; }
EM_INLINE Pair operator-(float x, Pair y) { return {x - y.a, x - y.b}; }
EM_INLINE Pair operator*(float x, Pair y) { return {x * y.a, x * y.b}; }
EM_INLINE Pair operator/(float x, Pair y) { return {x / y.a, x / y.b}; }

EM_INLINE Pair keep_above(Pair x, float limit) { return {keep_above(x.a, limit), keep_above(x.b, limit)}; }
EM_INLINE Pair absolute(Pair x) { return {absolute(x.a), absolute(x.b)}; }

// x where z > 0, else y.
EM_INLINE Floats where_positive(Floats z, Floats x, Floats y) { return z > 0.0f ? x : y; }
EM_INLINE Pair where_positive(Pair z, Pair x, Pair y) { return {where_positive(z.a, x.a, y.a), where_positive(z.b, x.b, y.b)}; }

struct WholePair {
    EM_INLINE Pair load(const float* from) const { return {EM_ISA::load(from), EM_ISA::load(from + LANES)}; }
    EM_INLINE void store(float* to, Pair x) const {
        EM_ISA::store(to, x.a);
        EM_ISA::store(to + LANES, x.b);
    }
};

// body(i, access) as vectors() calls it, for two vectors at a time while there are two.
template <class Body>
EM_INLINE void pairs(int64_t begin, int64_t end, Body&& body) {
    int64_t i = begin;
    for (; i + 2 * LANES <= end; i += 2 * LANES) {
        body(i, WholePair{});
    }
    vectors(i, end, body);
}

}  // namespace em::EM_ISA

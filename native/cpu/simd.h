// Vectors of floats and 32-bit integers as wide as the instruction set this file is compiled for, by the compiler's vector extension.
// Everything is in the namespace of the instruction set and always inlined, so that no code crosses from one set to another.
#pragma once
#include <cstdint>

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if !defined(EM_ISA)
#error "EM_ISA names the instruction set"
#endif

#define EM_INLINE [[gnu::always_inline]] inline

namespace em::EM_ISA {

constexpr int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// Vector registers, of which tiles of accumulators are made.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int REGISTERS = 32;
#else
constexpr int REGISTERS = 16;
#endif

#if defined(__AVX512F__)
constexpr int64_t LANES = 16;
#elif defined(__AVX2__)
constexpr int64_t LANES = 8;
#else
constexpr int64_t LANES = 4;
#endif

typedef float Floats __attribute__((vector_size(4 * LANES)));
typedef int32_t Ints __attribute__((vector_size(4 * LANES)));
typedef uint32_t Words __attribute__((vector_size(4 * LANES)));

EM_INLINE Floats splat(float x) { return x - Floats{}; }
EM_INLINE Ints splat_int(int32_t x) { return x - Ints{}; }

EM_INLINE Floats load(const float* from) {
    Floats x;
    __builtin_memcpy(&x, from, sizeof x);
    return x;
}

EM_INLINE void store(float* to, Floats x) { __builtin_memcpy(to, &x, sizeof x); }

// The first `count` lanes, 0 <= count < LANES; the others are 0, and their memory is not touched.
EM_INLINE Floats load_first(const float* from, int64_t count) {
#if defined(__AVX512F__)
    return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from);
#else
    Floats x{};
    for (int64_t i = 0; i < count; ++i) {
        x[i] = from[i];
    }
    return x;
#endif
}

EM_INLINE void store_first(float* to, Floats x, int64_t count) {
#if defined(__AVX512F__)
    _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << count) - 1), x);
#else
    for (int64_t i = 0; i < count; ++i) {
        to[i] = x[i];
    }
#endif
}

// How a loop body reads and writes LANES elements, or the last few.
struct Whole {
    EM_INLINE Floats load(const float* from) const { return EM_ISA::load(from); }
    EM_INLINE void store(float* to, Floats x) const { EM_ISA::store(to, x); }
};
struct First {
    int64_t count;
    EM_INLINE Floats load(const float* from) const { return load_first(from, count); }
    EM_INLINE void store(float* to, Floats x) const { store_first(to, x, count); }
};

// body(i, access) for i = begin, begin + LANES, ... below end.
template <class Body>
EM_INLINE void vectors(int64_t begin, int64_t end, Body&& body) {
    int64_t i = begin;
    for (; i + LANES <= end; i += LANES) {
        body(i, Whole{});
    }
    if (i < end) {
        body(i, First{end - i});
    }
}

// Select and maximum: the second operand when the comparison is false, so NaN in x stays. The compiler does not see that this is what the
// processor's own minimum and maximum do.
#if defined(__AVX512F__)
EM_INLINE Floats keep_below(Floats x, float limit) { return _mm512_maskz_min_ps(0xffff, splat(limit), x); }
EM_INLINE Floats keep_above(Floats x, float limit) { return _mm512_maskz_max_ps(0xffff, splat(limit), x); }
#elif defined(__AVX2__)
EM_INLINE Floats keep_below(Floats x, float limit) { return _mm256_min_ps(splat(limit), x); }
EM_INLINE Floats keep_above(Floats x, float limit) { return _mm256_max_ps(splat(limit), x); }
#else
EM_INLINE Floats keep_below(Floats x, float limit) { return x > limit ? splat(limit) : x; }
EM_INLINE Floats keep_above(Floats x, float limit) { return x < limit ? splat(limit) : x; }
#endif

// The larger one; NaN when either is.
EM_INLINE Floats maximum(Floats x, Floats y) { return x > y || x != x ? x : y; }

EM_INLINE Ints bits(Floats x) { return reinterpret_cast<Ints>(x); }
EM_INLINE Floats from_bits(Ints x) { return reinterpret_cast<Floats>(x); }
EM_INLINE Floats absolute(Floats x) { return from_bits(bits(x) & 0x7fffffff); }

EM_INLINE Floats square_root(Floats x) {
#if defined(__AVX512F__)
    return _mm512_maskz_sqrt_ps(0xffff, x);  // the plain form sets off a warning in gcc 12 about its own header
#elif defined(__AVX2__)
    return _mm256_sqrt_ps(x);
#elif defined(__aarch64__)
    return (Floats)vsqrtq_f32((float32x4_t)x);
#else
    for (int64_t i = 0; i < LANES; ++i) {
        x[i] = __builtin_sqrtf(x[i]);
    }
    return x;
#endif
}

// 0, 1, 2, ...
EM_INLINE Ints lane_numbers() {
    Ints n;
    for (int i = 0; i < LANES; ++i) {
        n[i] = i;
    }
    return n;
}

// Lane i is lane order[i] of x, or of x followed by y. Clang has no such function; of this loop it makes one instruction where it knows the
// order.
#if defined(__clang__)
EM_INLINE Floats shuffle(Floats x, Ints order) {
    Floats shuffled;
    for (int i = 0; i < LANES; ++i) {
        shuffled[i] = x[order[i]];
    }
    return shuffled;
}
EM_INLINE Floats shuffle(Floats x, Floats y, Ints order) {
    Floats shuffled;
    for (int i = 0; i < LANES; ++i) {
        shuffled[i] = order[i] < LANES ? x[order[i]] : y[order[i] - LANES];
    }
    return shuffled;
}
#else
EM_INLINE Floats shuffle(Floats x, Ints order) { return __builtin_shuffle(x, order); }
EM_INLINE Floats shuffle(Floats x, Floats y, Ints order) { return __builtin_shuffle(x, y, order); }
#endif

// Sums and maxima over lanes, always by the same tree of halves.
EM_INLINE float sum(Floats x) {
    for (int half = LANES / 2; half > 0; half /= 2) {
        x += shuffle(x, lane_numbers() ^ half);
    }
    return x[0];
}

EM_INLINE float largest(Floats x) {
    for (int half = LANES / 2; half > 0; half /= 2) {
        x = maximum(x, shuffle(x, lane_numbers() ^ half));
    }
    return x[0];
}

}  // namespace em::EM_ISA

// Transposes of parts of matrices.
#pragma once
#include "cpu/simd.h"

// GCC's header of shuffles passes values that it leaves undefined on purpose, and GCC warns of them where it inlines the header.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace em::EM_ISA {

#if defined(__AVX512F__)
EM_INLINE Floats low(Floats a, Floats b) { return _mm512_unpacklo_ps(a, b); }
EM_INLINE Floats high(Floats a, Floats b) { return _mm512_unpackhi_ps(a, b); }
EM_INLINE Floats low_pairs(Floats a, Floats b) { return (Floats)_mm512_unpacklo_pd((__m512d)a, (__m512d)b); }
EM_INLINE Floats high_pairs(Floats a, Floats b) { return (Floats)_mm512_unpackhi_pd((__m512d)a, (__m512d)b); }
#elif defined(__AVX2__)
EM_INLINE Floats low(Floats a, Floats b) { return _mm256_unpacklo_ps(a, b); }
EM_INLINE Floats high(Floats a, Floats b) { return _mm256_unpackhi_ps(a, b); }
EM_INLINE Floats low_pairs(Floats a, Floats b) { return (Floats)_mm256_unpacklo_pd((__m256d)a, (__m256d)b); }
EM_INLINE Floats high_pairs(Floats a, Floats b) { return (Floats)_mm256_unpackhi_pd((__m256d)a, (__m256d)b); }
#endif

#if defined(__AVX2__)
// Four floats from each of the rows r, r + 4, r + 8, ...
EM_INLINE Floats quads(const float* const* rows, int r, int64_t p) {
#if defined(__AVX512F__)
    __m512 x = _mm512_castps128_ps512(_mm_loadu_ps(rows[r] + p));
    x = _mm512_insertf32x4(x, _mm_loadu_ps(rows[r + 4] + p), 1);
    x = _mm512_insertf32x4(x, _mm_loadu_ps(rows[r + 8] + p), 2);
    return _mm512_insertf32x4(x, _mm_loadu_ps(rows[r + 12] + p), 3);
#else
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(rows[r] + p)), _mm_loadu_ps(rows[r + 4] + p), 1);
#endif
}
#endif

#if defined(__AVX512F__)
// 16 floats from each of 16 rows: block[s][r] is quads(rows, r, p + 4 s). Lines of the cache are read whole: those of rows that are 4,096
// bytes apart share one set and would not stay until the next quarter is wanted.
EM_INLINE void sixteen_from_each(const float* const* rows, int64_t p, Floats (&block)[4][4]) {
    for (int r = 0; r < 4; ++r) {
        const __m512 a = _mm512_loadu_ps(rows[r] + p), b = _mm512_loadu_ps(rows[r + 4] + p);
        const __m512 c = _mm512_loadu_ps(rows[r + 8] + p), d = _mm512_loadu_ps(rows[r + 12] + p);
        const __m512 ab = _mm512_shuffle_f32x4(a, b, 0x44), ab_high = _mm512_shuffle_f32x4(a, b, 0xee);
        const __m512 cd = _mm512_shuffle_f32x4(c, d, 0x44), cd_high = _mm512_shuffle_f32x4(c, d, 0xee);
        block[0][r] = _mm512_shuffle_f32x4(ab, cd, 0x88);
        block[1][r] = _mm512_shuffle_f32x4(ab, cd, 0xdd);
        block[2][r] = _mm512_shuffle_f32x4(ab_high, cd_high, 0x88);
        block[3][r] = _mm512_shuffle_f32x4(ab_high, cd_high, 0xdd);
    }
}
#endif

#if defined(__AVX2__)
// Four floats of LANES rows, as quads gives them, become four columns.
EM_INLINE void store_columns(Floats r0, Floats r1, Floats r2, Floats r3, float* to, int64_t step) {
    const Floats a = low(r0, r1), b = low(r2, r3), c = high(r0, r1), d = high(r2, r3);
    store(to, low_pairs(a, b));
    store(to + step, high_pairs(a, b));
    store(to + 2 * step, low_pairs(c, d));
    store(to + 3 * step, high_pairs(c, d));
}
#endif

// to[p * step + i] = from[i * row + p] for i < count <= LANES, p < depth, in the order of p. Up to LANES floats are written at each p,
// those beyond count with no meaning.
EM_INLINE void transpose(const float* from, int64_t row, int64_t count, int64_t depth, float* to, int64_t step) {
    int64_t p = 0;
#if defined(__AVX2__)
    const float* rows[LANES];
    for (int64_t i = 0; i < LANES; ++i) {
        rows[i] = from + (i < count ? i : count - 1) * row;
    }
#if defined(__AVX512F__)
    for (; p + 16 <= depth; p += 16) {
        Floats block[4][4];
        sixteen_from_each(rows, p, block);
        for (int s = 0; s < 4; ++s) {
            store_columns(block[s][0], block[s][1], block[s][2], block[s][3], to + (p + 4 * s) * step, step);
        }
    }
#endif
    for (; p + 4 <= depth; p += 4) {
        store_columns(quads(rows, 0, p), quads(rows, 1, p), quads(rows, 2, p), quads(rows, 3, p), to + p * step, step);
    }
#endif
    for (; p < depth; ++p) {
        for (int64_t i = 0; i < count; ++i) {
            to[p * step + i] = from[i * row + p];
        }
    }
}

}  // namespace em::EM_ISA

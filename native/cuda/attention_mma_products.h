// Products of attention on tensor cores with a tile (attention_mma_stage.h): a warp's 16 rows times the rows of the tile, which makes
// scores, and scores times its rows, which makes sums over a head. What lies in shared memory as float32 is rounded to P, Tf32 or Bf16, or
// split into two parts (SplitFloat), where a fragment is read.
#pragma once
#include "cuda/attention_mma_operands.h"
#include "cuda/attention_mma_stage.h"

namespace em {

// dots[n], which is zero before, += the left rows times rows 8 n .. 8 n + 7 of others, for n from FIRST on, COUNT of them. Every dot
// product adds up in the same order. four(n, part): lane_four of row 8 n + place(g).
template <class P, int DH, bool WHOLE, int FIRST, int COUNT, int N, class Left, class Four>
EM_DEVICE void add_dots_with(const Left& rows, const AttentionView& a, FragmentC (&dots)[N], Four&& four) {
    ProductSums<P, FIRST, COUNT, N> products{dots};
#pragma unroll
    for (int part = 0; part < DH / 16; ++part) {
        if (!WHOLE && 16 * part >= a.head_dim) {
            break;
        }
        FragmentB right[2 / P::PER_WORD][COUNT];
#pragma unroll
        for (int n = 0; n < COUNT; ++n) {
            const float4 x = four(FIRST + n, part);
            if constexpr (P::PER_WORD == 1) {
                right[0][n][0] = P::operand(x.x);
                right[0][n][1] = P::operand(x.y);
                right[1][n][0] = P::operand(x.z);
                right[1][n][1] = P::operand(x.w);
            } else {
                right[0][n][0] = P::word(x.x, x.y);
                right[0][n][1] = P::word(x.z, x.w);
            }
        }
#pragma unroll
        for (int step = 0; step < 2 / P::PER_WORD; ++step) {
            FragmentA left;
            rows.read(2 / P::PER_WORD * part + step, left);
            products.add(left, right[step], part == 0 && step == 0);
        }
    }
    products.finish();
}

// The same with the rows of a tile in rows of STRIDE floats.
template <class P, int DH, int STRIDE, bool WHOLE, int FIRST, int COUNT, int N, class Left>
EM_DEVICE void add_staged_dots(const Left& rows, const float* tile, const AttentionView& a, FragmentC (&dots)[N]) {
    const float* const from = tile + place(lane_row()) * STRIDE + 4 * lane_word();
    add_dots_with<P, DH, WHOLE, FIRST, COUNT>(
        rows, a, dots, [&](int n, int part) { return *reinterpret_cast<const float4*>(from + n * MMA_COLUMNS * STRIDE + 16 * part); });
}

// Sums over rows of a head, spread over the lanes as products leave them.
template <int DH>
struct HeadSums {
    // Neighbouring columns that a lane reads at once of a row.
    static constexpr int WIDE = DH < 32 ? 2 : 4;
    static constexpr int GROUPS = DH / (MMA_COLUMNS * WIDE);

    // Reads a lane's columns of a group from a row of values.
    EM_DEVICE static void read(const float* row, int group, float (&to)[WIDE]) {
        if constexpr (WIDE == 4) {
            const float4 four = *reinterpret_cast<const float4*>(row + 32 * group + 4 * place(lane_row()));
            to[0] = four.x;
            to[1] = four.y;
            to[2] = four.z;
            to[3] = four.w;
        } else {
            const float2 two = *reinterpret_cast<const float2*>(row + 16 * group + 2 * lane_row());
            to[0] = two.x;
            to[1] = two.y;
        }
    }

    // to[column] = factor sums[column] of one of the lane's rows.
    template <bool WHOLE>
    EM_DEVICE static void store(float* to, const FragmentC (&sums)[DH / 8], int half, float factor, const AttentionView& a) {
#pragma unroll
        for (int group = 0; group < GROUPS; ++group) {
#pragma unroll
            for (int four = 0; four < WIDE / 2; ++four) {
                const int column = MMA_COLUMNS * WIDE * group + 16 * four + 4 * lane_word();
                float x[4];
#pragma unroll
                for (int i = 0; i < 4; ++i) {
                    x[i] = factor * sums[WIDE * group + i % WIDE][2 * half + (WIDE == 4 ? four : i / 2)];
                }
                if (WHOLE || a.fours) {
                    if (WHOLE || column < a.head_dim) {
                        store_wide(to + column, make_float4(x[0], x[1], x[2], x[3]));
                    }
                } else {
#pragma unroll
                    for (int i = 0; i < 4; ++i) {
                        if (column + i < a.head_dim) {
                            to[column + i] = x[i];
                        }
                    }
                }
            }
        }
    }
};

// A group's columns of the lane's values, from its first on: t and t + 4 of 8; of bf16 t, t + 4, t + 8 and t + 12 of 16.
template <class P, int DH>
EM_DEVICE void right_of(const float* row, int group, FragmentB (&right)[HeadSums<DH>::WIDE]) {
    float read[2 * P::PER_WORD][HeadSums<DH>::WIDE];
#pragma unroll
    for (int i = 0; i < 2 * P::PER_WORD; ++i) {
        HeadSums<DH>::read(row + 4 * i * VALUE_STRIDE<DH>, group, read[i]);
    }
#pragma unroll
    for (int i = 0; i < HeadSums<DH>::WIDE; ++i) {
        if constexpr (P::PER_WORD == 1) {
            right[i][0] = P::operand(read[0][i]);
            right[i][1] = P::operand(read[1][i]);
        } else {
            right[i][0] = P::word(read[0][i], read[1][i]);
            right[i][1] = P::word(read[2][i], read[3][i]);
        }
    }
}

// Sums that a tensor core adds to for long must not be float32's where it cuts them off: products of 16 keys are summed apart.
template <int DH, bool WHOLE, int FIRST, int COUNT, int N>
EM_DEVICE void add_weighed_apart(const FragmentC (&weights)[N], const float* from, const AttentionView& a, FragmentC (&sums)[DH / 8]) {
    using Sums = HeadSums<DH>;
    constexpr int AT_ONCE = 2;
#pragma unroll
    for (int first = FIRST; first < FIRST + COUNT; first += AT_ONCE) {
#pragma unroll
        for (int group = 0; group < Sums::GROUPS; ++group) {
            if (!WHOLE && group * MMA_COLUMNS * Sums::WIDE >= a.head_dim) {
                break;
            }
            FragmentC some[Sums::WIDE];
#pragma unroll
            for (int n = first; n < first + AT_ONCE; ++n) {
                FragmentA left;
                left_of<SplitFloat>(weights, n, left);
                FragmentB right[Sums::WIDE];
                right_of<SplitFloat, DH>(from + n * MMA_COLUMNS * VALUE_STRIDE<DH>, group, right);
                multiply_split(some, some, left, right, n == first);
            }
#pragma unroll
            for (int i = 0; i < 4 * Sums::WIDE; ++i) {
                sums[Sums::WIDE * group + i / 4][i % 4] += some[i / 4][i % 4];
            }
        }
    }
}

// sums += weights (16, 8 COUNT) times rows 8 FIRST .. of a tile in rows of VALUE_STRIDE; the weights lie as add_staged_dots leaves scores.
template <class P, int DH, bool WHOLE, int FIRST, int COUNT, int N>
EM_DEVICE void add_weighed(const FragmentC (&weights)[N], const float* tile, const AttentionView& a, FragmentC (&sums)[DH / 8]) {
    using Sums = HeadSums<DH>;
    const float* const from = tile + lane_word() * VALUE_STRIDE<DH>;
    if constexpr (std::is_same_v<P, SplitFloat>) {
        add_weighed_apart<DH, WHOLE, FIRST, COUNT>(weights, from, a, sums);
        return;
    }
#pragma unroll
    for (int n = FIRST; n < FIRST + COUNT; n += P::PER_WORD) {
        FragmentA left;
        left_of<P>(weights, n, left);
#pragma unroll
        for (int group = 0; group < Sums::GROUPS; ++group) {
            if (!WHOLE && group * MMA_COLUMNS * Sums::WIDE >= a.head_dim) {
                break;
            }
            FragmentB right[Sums::WIDE];
            right_of<P, DH>(from + n * MMA_COLUMNS * VALUE_STRIDE<DH>, group, right);
#pragma unroll
            for (int i = 0; i < Sums::WIDE; ++i) {
                P::multiply(sums[Sums::WIDE * group + i], left, right[i]);
            }
        }
    }
}

// Dot products of query `row`, the lane's of one half, become log2 weights; those of keys from `seen` on -inf. PLAIN: no bias.
template <bool PLAIN, int N>
EM_DEVICE void weigh_scores(const AttentionView& a, const Head& head, int64_t row, int64_t key0, int half, int seen, FragmentC (&s)[N]) {
#pragma unroll
    for (int n = 0; n < N; ++n) {
#pragma unroll
        for (int e = 0; e < 2; ++e) {
            float& score = s[n][2 * half + e];
            const int key = score_key(n, e);
            if constexpr (PLAIN) {
                score = key < seen ? log2_score(score, a) : MINUS_INFINITY;
            } else {
                score = key < seen ? log2_weight(score, a, head, row, key0 + key) : MINUS_INFINITY;
            }
        }
    }
    if (PLAIN || a.listed_count == 0 || row >= a.queries) {
        return;
    }
    each_listed(a, head, row, [&](int32_t listed, float strength) {
        const int64_t key = listed - key0;
#pragma unroll
        for (int n = 0; n < N; ++n) {
            s[n][2 * half] += key == score_key(n, 0) ? strength : 0.0f;
            s[n][2 * half + 1] += key == score_key(n, 1) ? strength : 0.0f;
        }
    });
}

// 2^x; what is no normal number is 0.
EM_DEVICE float power_of_two(float x) {
#if defined(EM_EMU)
    return exp2f(x);
#else
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
#endif
}

// Calls body with fragments, of N of 8 columns, and how many: all at once, or 16 columns at a time, without those halves that are not
// wanted. APART: 16 columns at a time in any case, for which fewer registers are needed.
template <bool MASKED, int N, bool APART = false, class Body>
EM_DEVICE void each_sixteen(bool first, bool second, Body&& body) {
    if constexpr (!MASKED && APART && N == 4) {
        body(std::integral_constant<int, 0>(), std::integral_constant<int, 2>());
        body(std::integral_constant<int, 2>(), std::integral_constant<int, 2>());
    } else if constexpr (!MASKED || N == 2) {
        body(std::integral_constant<int, 0>(), std::integral_constant<int, N>());
    } else {
        static_assert(N == 4);
        if (first) {
            body(std::integral_constant<int, 0>(), std::integral_constant<int, 2>());
        }
        if (second) {
            body(std::integral_constant<int, 2>(), std::integral_constant<int, 2>());
        }
    }
}

}  // namespace em

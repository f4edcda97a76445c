// What a warp of the gradients of attention on tensor cores (attention_mma_backward.h) does for dK and dV of its 16 keys.
#pragma once
#include "cuda/attention_mma_backward.h"

namespace em::mma_gradient_parts {

// What the rows of a tile of queries need of the forward pass.
struct TileNumbers {
    float lse[TILE];  // in natural units
    float delta[TILE];
};

// What a warp has of its 16 keys, which stand where the queries stood.
template <class P, int DH, bool FAST>
struct KeyGradient {
    const AttentionView& a;
    int key0;
    SharedLeftRows<> k, v;
    FragmentC d_k[DH / MMA_COLUMNS] = {};
    FragmentC d_v[DH / MMA_COLUMNS] = {};

    // `rows`: room for the warp's operands.
    EM_DEVICE KeyGradient(const AttentionView& view, const Head& head, int first, uint4* rows)
        : a(view), key0(first), k{rows + lane_index()}, v{rows + OPERANDS<P, DH> + lane_index()} {
        const int mine = key0 + lane_row();
        const bool present[2] = {mine < a.keys, mine + 8 < a.keys};
        LeftRows<HEAD_STEPS<P, DH>> left;
        load_left<P, DH, FAST>(left, {head.key(a.k, a, mine), head.key(a.k, a, mine + 8)}, present, a);
        k.keep(left);
        load_left<P, DH, FAST>(left, {head.key(a.v, a, mine), head.key(a.v, a, mine + 8)}, present, a);
        as_output_sees(left);
        v.keep(left);
    }
    // Takes in a tile of queries. MASKED: some do not see all of the warp's keys; `first`, `second`: some of that half see one. Calls
    // slopes(dS), of the keys and the queries of the tile.
    template <bool MASKED, class Slopes>
    EM_DEVICE void take(const Head& head, const float* q, const float* d_out, const TileNumbers& numbers, int row0, bool first, bool second,
                        Slopes&& slopes) {
        constexpr int STRIDE = VALUE_STRIDE<DH>;
        FragmentC p[N] = {};
        each_sixteen<MASKED, N>(first, second, [&](auto from, auto count) {
            add_staged_dots<P, DH, STRIDE, FAST, decltype(from)::value, decltype(count)::value>(k, q, a, p);
        });
#pragma unroll
        for (int i = 0; i < 2 * N; ++i) {
            weigh<MASKED>(head, row0 + score_key(i / 2, i % 2), log2_sum(numbers.lse[score_key(i / 2, i % 2)]), p[i / 2][i % 2],
                          p[i / 2][2 + i % 2]);
        }
        FragmentC d_p[N] = {};
        each_sixteen<MASKED, N>(first, second, [&](auto from, auto count) {
            add_weighed<P, DH, FAST, decltype(from)::value, decltype(count)::value>(p, d_out, a, d_v);
            add_staged_dots<P, DH, STRIDE, FAST, decltype(from)::value, decltype(count)::value>(v, d_out, a, d_p);
        });
#pragma unroll
        for (int i = 0; i < 2 * N; ++i) {
            const float delta = numbers.delta[score_key(i / 2, i % 2)];
#pragma unroll
            for (int e = i % 2; e < 4; e += 2) {
                float& x = p[i / 2][e];
                const float slope = x * (d_p[i / 2][e] - delta);
                x = MASKED && x == 0.0f ? 0.0f : slope;
            }
        }
        slopes(p);
        each_sixteen<MASKED, N>(first, second, [&](auto from, auto count) {
            add_weighed<P, DH, FAST, decltype(from)::value, decltype(count)::value>(p, q, a, d_k);
        });
    }
    // The same for whatever the warp's keys, of which the last is before `end`, are to the tile; slopes is not called where no query sees
    // one.
    template <class Slopes>
    EM_DEVICE void take_seen(const Head& head, const float* q, const float* d_out, const TileNumbers& numbers, int row0, int end,
                             Slopes&& slopes) {
        if (FAST && row0 + TILE <= a.queries && seen_before(a, row0, row0 + 1) >= end) {
            take<false>(head, q, d_out, numbers, row0, true, true, slopes);
        } else if (key0 < end) {
            const bool first = seen_before(a, row0, row0 + MMA_ROWS) > key0;
            const bool second = seen_before(a, row0 + MMA_ROWS, row0 + TILE) > key0;
            if (first || second) {
                take<true>(head, q, d_out, numbers, row0, first, second, slopes);
            }
        }
    }
    EM_DEVICE void store(const AttentionGradients& g, const Head& head) const {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int key = key0 + lane_row() + 8 * half;
            if (key < a.keys) {
                HeadSums<DH>::template store<FAST>(head.key(g.d_k, a, key), d_k, half, a.scale, a);
                HeadSums<DH>::template store<FAST>(head.key(g.d_v, a, key), d_v, half, 1.0f, a);
            }
        }
    }

private:
    // Values are split otherwise on the left than they were on the right, forward. Where a weight is 1, O must be the value all the same.
    EM_DEVICE static void as_output_sees(LeftRows<HEAD_STEPS<P, DH>>& values) {
        if constexpr (std::is_same_v<P, SplitFloat>) {
#pragma unroll
            for (FragmentA& step : values.steps) {
#pragma unroll
                for (uint32_t& word : step) {
                    word = __float_as_uint(SplitFloat::seen(__uint_as_float(word)));
                }
            }
        }
    }
    // P of the dot products of a query with the lane's keys.
    template <bool MASKED>
    EM_DEVICE void weigh(const Head& head, int row, float lse, float& first, float& second) const {
        const int key = key0 + lane_row();
        const int seen = MASKED ? seen_before(a, row, row + 1) : 0;
        const auto score = [&](float dot, int of) {
            if (MASKED && of >= seen) {
                return MINUS_INFINITY;
            }
            return FAST ? log2_score(dot, a) : log2_weight(dot, a, head, row, of);
        };
        first = score(first, key);
        second = score(second, key + 8);
        if (!FAST && a.listed_count > 0 && row < a.queries) {
            each_listed(a, head, row, [&](int32_t listed, float strength) {
                first += listed == key ? strength : 0.0f;
                second += listed == key + 8 ? strength : 0.0f;
            });
        }
        first = weight_of<MASKED>(first, lse);
        second = weight_of<MASKED>(second, lse);
    }
};

// Copies queries row0 .. of a head, and their dO, to two tiles; zeros where there are none.
template <int DH, bool FAST>
EM_DEVICE void bring_queries(AsyncCopies& copies, float* tiles, const AttentionView& a, const AttentionGradients& g, const Head& head,
                             int row0) {
    constexpr int STRIDE = VALUE_STRIDE<DH>;
    bring_rows<DH, TILE, FAST>(copies, a.queries - row0, a, RowsOf<STRIDE>{tiles, head.query(a.q, a, row0), a.query_stride},
                               RowsOf<STRIDE>{tiles + TILE * STRIDE, head.output(g.d_out, a, row0), a.output_stride});
}

EM_DEVICE void bring_numbers(AsyncCopies& copies, TileNumbers& to, const AttentionView& a, const AttentionGradients& g, const Head& head,
                             int row0) {
    for (int i = static_cast<int>(threadIdx.x); i < 2 * TILE; i += static_cast<int>(blockDim.x)) {
        const int row = row0 + i % TILE;
        const float* const from = head.row(i < TILE ? a.lse : g.delta, a, row < a.queries ? row : 0);
        copies.copy<1>((i < TILE ? to.lse : to.delta) + i % TILE, from, row < a.queries);
    }
}

}  // namespace em::mma_gradient_parts

// How attention on tensor cores brings tiles to shared memory and multiplies them: float32 rows by asynchronous copies, which run beside
// the products of the tile before, rounded to P, Tf32 or Bf16, or split into two parts (SplitFloat), where a fragment is read.
//
// A row of a tile is a key or a value. Which of 8 rows is which row of an operand is free: operand row g is row place(g), so that in rows
// of DH + 4 floats the lanes that are served together meet all banks, also where they read 16 bytes at once. A lane's scores of 8 keys are
// then those of keys t and t + 4, with t = lane % 4. Columns may be contracted in any order too: of 16 a lane's four are neighbours.
#pragma once
#include "cuda/async_copy.h"
#include "cuda/attention_mma.h"

namespace em {

// Floats between rows of keys, and of values.
template <int DH>
constexpr int KEY_STRIDE = DH + 4;
template <int DH>
constexpr int VALUE_STRIDE = DH == 16 ? DH + 8 : DH + 4;

// Steps of products over the columns of a head, of MMA_WORDS words each.
template <class P, int DH>
constexpr int HEAD_STEPS = DH / P::PER_WORD / MMA_WORDS;

EM_DEVICE int place(int row) { return row / 2 + row % 2 * 4; }

// Of the lane's columns of 8 scores: the key of the first (element 0) or second.
EM_DEVICE int score_key(int n, int element) { return n * MMA_COLUMNS + lane_word() + 4 * element; }

// The same number, of which the compiler does not know it: what follows from it is found anew in each round of a loop, and no register is
// kept for it through the rounds.
EM_DEVICE unsigned found_anew(unsigned x) {
#if !defined(EM_EMU)
    asm volatile("" : "+r"(x));
#endif
    return x;
}

// A head by 32-bit numbers, which take half of the registers.
EM_DEVICE Head head_of(const AttentionView& a, unsigned replica, unsigned head) {
    Head it(a, replica, 0);
    it.b = head / static_cast<unsigned>(a.heads);
    it.h = head % static_cast<unsigned>(a.heads);
    return it;
}

// The same head: where its rows lie is found anew.
EM_DEVICE Head found_anew(const Head& head) {
    Head it = head;
    it.b = found_anew(static_cast<unsigned>(head.b));
    it.h = found_anew(static_cast<unsigned>(head.h));
    return it;
}

// Where rows of a head go to, in rows of STRIDE floats, and where they come from.
template <int STRIDE>
struct RowsOf {
    float* to;
    const float* from;
    int64_t stride;

    template <int FLOATS>
    EM_DEVICE void bring(AsyncCopies& copies, int row, int column, bool inside) const {
        copies.copy<FLOATS>(to + row * STRIDE + column, inside ? from + row * stride + column : from, inside);
    }
};

// Uint4s of a warp's 16 rows in shared memory, as left operands.
template <class P, int DH>
constexpr int OPERANDS = HEAD_STEPS<P, DH>* WARP;

// Copies rows 0 .. count - 1 of a head to tiles of ROWS, and zeros behind them. WHOLE: the head is DH wide and can be read by fours.
template <int FLOATS, int DH, int ROWS, bool WHOLE, class... Tiles>
EM_DEVICE void bring_rows_by(AsyncCopies& copies, int count, const AttentionView& a, const Tiles&... tiles) {
    constexpr int ACROSS = DH / FLOATS;
    const int threads = static_cast<int>(blockDim.x);
#pragma unroll 1
    for (int i = static_cast<int>(threadIdx.x); i < ROWS * ACROSS; i += threads) {
        const int row = i / ACROSS;
        const int column = i % ACROSS * FLOATS;
        const bool inside = row < count && (WHOLE || column < a.head_dim);
        (tiles.template bring<FLOATS>(copies, row, column, inside), ...);
    }
}

template <int DH, int ROWS, bool WHOLE, class... Tiles>
EM_DEVICE void bring_rows(AsyncCopies& copies, int64_t count, const AttentionView& a, const Tiles&... tiles) {
    const int some = static_cast<int>(count < ROWS ? count : ROWS);
    if (WHOLE || a.fours) {
        bring_rows_by<4, DH, ROWS, WHOLE>(copies, some, a, tiles...);
    } else {
        bring_rows_by<1, DH, ROWS, WHOLE>(copies, some, a, tiles...);
    }
}

// Left operands in registers.
template <int STEPS>
struct LeftRows {
    FragmentA steps[STEPS];

    EM_DEVICE void read(int step, FragmentA& to) const {
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            to[i] = steps[step][i];
        }
    }
};

// Left operands in shared memory, where registers are short: [step][lane], each read by the lane that wrote it. ANEW: each time; else the
// compiler may keep what it has read, or made of it.
template <bool ANEW = false>
struct SharedLeftRows {
    uint4* mine;  // the lane's first

    template <int STEPS>
    EM_DEVICE void keep(const LeftRows<STEPS>& rows) const {
#pragma unroll
        for (int step = 0; step < STEPS; ++step) {
            const FragmentA& left = rows.steps[step];
            mine[step * WARP] = make_uint4(left[0], left[1], left[2], left[3]);
        }
    }
    EM_DEVICE void read(int step, FragmentA& to) const {
#if !defined(EM_EMU)
        if constexpr (ANEW) {
            const auto at = static_cast<uint32_t>(__cvta_generic_to_shared(mine + step * WARP));
            asm volatile("ld.volatile.shared.v4.u32 {%0, %1, %2, %3}, [%4];"
                         : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                         : "r"(at));
            return;
        }
#endif
        const uint4 left = mine[step * WARP];
        to[0] = left.x;
        to[1] = left.y;
        to[2] = left.z;
        to[3] = left.w;
    }
};

// Columns column .. column + 3 of a row in memory; zeros for a row that is not there.
template <bool WHOLE>
EM_DEVICE float4 four_of(const float* row, int column, bool present, const AttentionView& a) {
    if constexpr (WHOLE) {
        return present ? *reinterpret_cast<const float4*>(row + column) : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    } else {
        return head_four(row, column, present, a);
    }
}

// A lane's four of columns 16 part .. 16 part + 15: neighbours, of which one instruction contracts four (bf16) or two. Of tf32 the order is
// that of attention_mma.h, whose sums must be the same bits: columns t, t + 4, t + 8, t + 12.
template <class P>
constexpr bool NEIGHBOURS = !std::is_same_v<P, Tf32>;

template <class P, bool WHOLE>
EM_DEVICE float4 lane_four(const float* row, int part, bool present, const AttentionView& a) {
    if constexpr (NEIGHBOURS<P>) {
        return four_of<WHOLE>(row, 16 * part + 4 * lane_word(), present, a);
    } else {
        const int first = 16 * part + lane_word();
        const auto at = [&](int column) { return present && (WHOLE || column < a.head_dim) ? row[column] : 0.0f; };
        return make_float4(at(first), at(first + 4), at(first + 8), at(first + 12));
    }
}

// The left operands of products over the columns of a head, from the lane's rows g and g + 8 in memory; zeros for a row that is not there.
template <class P, int DH, bool WHOLE>
EM_DEVICE void load_left(LeftRows<HEAD_STEPS<P, DH>>& left, const float* const (&rows)[2], const bool (&present)[2],
                         const AttentionView& a) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
#pragma unroll
        for (int part = 0; part < DH / 16; ++part) {
            const float4 four = lane_four<P, WHOLE>(rows[half], part, present[half], a);
            if constexpr (P::PER_WORD == 1) {
                left.steps[2 * part][half] = P::word(four.x);
                left.steps[2 * part][half + 2] = P::word(four.y);
                left.steps[2 * part + 1][half] = P::word(four.z);
                left.steps[2 * part + 1][half + 2] = P::word(four.w);
            } else {
                left.steps[part][half] = P::word(four.x, four.y);
                left.steps[part][half + 2] = P::word(four.z, four.w);
            }
        }
    }
}

// Left operands of two tensors' rows, in registers or, of SHARED, in shared memory: from `room` on, the lane's place for one tensor behind
// that for another. What stays in registers goes through shared memory too: as it was loaded the four registers of an operand are not
// neighbours, and it would be copied for every product.
template <class P, int DH, bool SHARED, bool ANEW = false>
struct KeptRows {
    using Registers = LeftRows<HEAD_STEPS<P, DH>>;
    std::conditional_t<SHARED, SharedLeftRows<ANEW>, Registers> rows;

    EM_DEVICE void keep(const Registers& loaded, uint4* room) {
        const SharedLeftRows<ANEW> shared{room + lane_index()};
        if constexpr (SHARED || NEIGHBOURS<P>) {
            shared.keep(loaded);
        }
        if constexpr (SHARED) {
            rows = shared;
        } else if constexpr (!NEIGHBOURS<P>) {
            rows = loaded;
        } else {
#if !defined(EM_EMU)
            asm volatile("" ::: "memory");  // else the compiler would take what it has stored
#endif
#pragma unroll
            for (int step = 0; step < HEAD_STEPS<P, DH>; ++step) {
                shared.read(step, rows.steps[step]);
            }
        }
    }
};

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
    const float* const from = tile + place(lane_row()) * STRIDE + (NEIGHBOURS<P> ? 4 : 1) * lane_word();
    add_dots_with<P, DH, WHOLE, FIRST, COUNT>(rows, a, dots, [&](int n, int part) {
        const float* const at = from + n * MMA_COLUMNS * STRIDE + 16 * part;
        if constexpr (NEIGHBOURS<P>) {
            return *reinterpret_cast<const float4*>(at);
        } else {
            return make_float4(at[0], at[4], at[8], at[12]);
        }
    });
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

// Scores, or what became of them, of 8 keys as a left operand; of bf16 of 16.
template <class P, int N>
EM_DEVICE void left_of(const FragmentC (&weights)[N], int n, FragmentA& left) {
    if constexpr (P::PER_WORD == 1) {
        left[0] = P::operand(weights[n][0]);
        left[1] = P::operand(weights[n][2]);
        left[2] = P::operand(weights[n][1]);
        left[3] = P::operand(weights[n][3]);
    } else {
        left[0] = P::word(weights[n][0], weights[n][1]);
        left[1] = P::word(weights[n][2], weights[n][3]);
        left[2] = P::word(weights[n + 1][0], weights[n + 1][1]);
        left[3] = P::word(weights[n + 1][2], weights[n + 1][3]);
    }
}

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
    const float scale = a.scale * LOG2_E;
#pragma unroll
    for (int n = 0; n < N; ++n) {
#pragma unroll
        for (int e = 0; e < 2; ++e) {
            float& score = s[n][2 * half + e];
            const int key = score_key(n, e);
            if constexpr (PLAIN) {
                score = key < seen ? score * scale : MINUS_INFINITY;
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

// Keys that the last query from `first` and before `end` sees; none where there is no such query.
EM_DEVICE int seen_before(const AttentionView& a, int first, int end) {
    const int queries = static_cast<int>(a.queries);
    const int keys = static_cast<int>(a.keys);
    const int last = end < queries ? end : queries;
    const int seen = a.causal && last + keys - queries < keys ? last + keys - queries : keys;
    return first < queries && seen > 0 ? seen : 0;
}

// The rows, of queries or keys, that a block takes, 16 a warp.
struct BlockRows {
    unsigned head;
    int first, end;  // of the block; end may be more than there are
    int mine;        // the warp's first

    // Of so many heads as the L2 cache has room for, first the blocks that under a causal mask have most to do: of LAST_FIRST, those of the
    // last rows. In the order of heads a multiprocessor would get the same rows of each, because its blocks are a number apart that many
    // numbers of blocks divide.
    EM_DEVICE BlockRows(const AttentionView& a, int64_t rows, bool last_first) {
        constexpr unsigned numbers = 1u << 21;  // of keys that are at hand
        unsigned block = found_anew(blockIdx.x);
        const unsigned each = found_anew(blockDim.x) / WARP * MMA_ROWS;
        const unsigned tiles = (static_cast<unsigned>(rows) + each - 1) / each;
        const unsigned heads = gridDim.x / tiles;
        const unsigned room = numbers / static_cast<unsigned>(a.keys) / static_cast<unsigned>(a.head_dim);
        const unsigned most = room == 0 ? 1 : (room < heads ? room : heads);
        const unsigned begin = block / (most * tiles) * most;
        const unsigned together = heads - begin < most ? heads - begin : most;
        block -= begin * tiles;
        head = begin + block % together;
        const unsigned tile = block / together;
        first = static_cast<int>((last_first ? tiles - 1 - tile : tile) * each);
        end = first + static_cast<int>(each);
        mine = first + warp_index() * MMA_ROWS;
    }
    // As few blocks of at most `most` warps as can be, of warps as equal as can be.
    static Shape shape(const AttentionView& a, int64_t rows, int64_t most) {
        EM_REQUIRE(a.queries <= INT32_MAX / 2 && a.keys <= INT32_MAX / 2, "too many tokens for a GPU: %lld queries, %lld keys",
                   (long long)a.queries, (long long)a.keys);
        const int64_t sixteens = ceil_div(rows, MMA_ROWS);
        const int64_t warps = ceil_div(sixteens, ceil_div(sixteens, most));
        return {grid_of(ceil_div(sixteens, warps) * a.batch * a.heads, 1, a.replicas), dim3(static_cast<unsigned>(warps * WARP))};
    }
};

// Kernels are compiled for heads that are as wide as they say, read by fours, and not biased; and for all others.
inline bool fast(const AttentionView& a) {
    const bool whole = a.head_dim == 16 || a.head_dim == 32 || a.head_dim == 64 || a.head_dim == 128;
    return whole && a.fours && a.bias.base == nullptr && a.listed_count == 0;
}

// Calls body with the precision and the narrowest width of a head that is compiled for. SPLIT: float32 is one of the precisions.
template <bool SPLIT = false, class Body>
void dispatch_staged(const CudaDevice& device, int64_t head_dim, Body&& body) {
    const auto width = [&](auto precision) {
        if (head_dim <= 16) {
            body(precision, std::integral_constant<int, 16>());
        } else {
            dispatch_head_dim(head_dim, [&](auto wider) {
                if constexpr (!std::is_same_v<decltype(precision), SplitFloat> || decltype(wider)::value <= 64) {
                    body(precision, wider);
                }
            });
        }
    };
    if (device.arithmetic() == EM_TF32) {
        width(Tf32());
    } else if (device.arithmetic() == EM_BF16) {
        width(Bf16());
    } else if constexpr (SPLIT) {
        width(SplitFloat());
    }
}

}  // namespace em

// attention_forward.cu on tensor cores: O = softmax(scale Q K^T + bias) V with Q, K, V and the weights before normalisation rounded to
// tf32 or bf16, products summed and all else computed in float32. In float32 they are not rounded but split into two parts of tf32, and a
// product of two numbers is three of their parts: 12 Lq Lk Dh operations of tf32 a head.
//
// A warp takes 16 queries, whose rows it keeps in registers; a block has up to 5 warps, so that 2 p + 1 queries leave few without work. It
// passes over tiles of 32 keys and values (16 where there are no more), the next tile on its way while one is used. Tiles that all rows of
// a warp see whole are not masked; of the last ones a warp computes the 16 keys at a time that one of its rows sees. Operations: 4 Lq Lk
// Dh a head, all on tensor cores; bytes as in attention_forward.cu. Bound by shared memory: each product of 16 by 8 (tf32: by 8, bf16: by
// 16) reads 256 (bf16: 512) bytes of it; in float32 by the tensor cores.
// A query that sees no key: out 0, lse -inf. A NaN among the values of a key that a query does not see reaches it all the same when the
// tile holds a query that does: 0 times NaN.
#include "cuda/attention_mma_blocks.h"
#include "cuda/attention_mma_products.h"

namespace em {
namespace {

template <class P, int DH>
constexpr int MOST_WARPS = std::is_same_v<P, SplitFloat>&& DH == 64 ? 4 : 5;

// The scores so far of the lane's two rows.
struct RunningSoftmax {
    float largest[2] = {MINUS_INFINITY, MINUS_INFINITY};
    float sum[2] = {};

    // Scores become weights 2^(s - largest); sums and outputs so far are brought to the new largest score of each row.
    template <int N, int D>
    EM_DEVICE void advance(FragmentC (&s)[N], FragmentC (&o)[D]) {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            float highest = largest[half];
#pragma unroll
            for (int n = 0; n < N; ++n) {
                highest = fmaxf(highest, fmaxf(s[n][2 * half], s[n][2 * half + 1]));
            }
            highest = fmaxf(highest, __shfl_xor_sync(ALL_LANES, highest, 1));
            highest = fmaxf(highest, __shfl_xor_sync(ALL_LANES, highest, 2));
            // A row that has seen nothing yet: all weights 0, and nothing to bring along.
            const float base = highest == MINUS_INFINITY ? 0.0f : highest;
            const float shrink = power_of_two(largest[half] - base);
            largest[half] = highest;
            sum[half] *= shrink;
#pragma unroll
            for (int d = 0; d < D; ++d) {
                o[d][2 * half] *= shrink;
                o[d][2 * half + 1] *= shrink;
            }
#pragma unroll
            for (int n = 0; n < N; ++n) {
#pragma unroll
                for (int e = 2 * half; e < 2 * half + 2; ++e) {
                    s[n][e] = power_of_two(s[n][e] - base);
                    sum[half] += s[n][e];
                }
            }
        }
    }
};

// Where registers hold no 16 rows of Q: an operand that is split takes twice as many.
template <class P, int DH>
constexpr bool SHARED_Q = DH == 64 && std::is_same_v<P, SplitFloat>;

// What a warp has of its 16 queries from `row0` on. FAST: heads are DH wide and read by fours, and nothing is biased.
template <class P, int DH, int KEYS, bool FAST>
struct QueryRows {
    static constexpr int N = KEYS / MMA_COLUMNS;
    const AttentionView& a;
    KeptRows<P, DH, SHARED_Q<P, DH>> q;
    FragmentC o[DH / MMA_COLUMNS] = {};
    RunningSoftmax softmax;

    // `room`: the warp's in shared memory, for good or, not of SHARED_Q, for now.
    EM_DEVICE QueryRows(const AttentionView& view, const Head& head, int row0, uint4* room) : a(view) {
        const int mine = row0 + lane_row();
        const float* const rows[2] = {head.query(a.q, a, mine), head.query(a.q, a, mine + 8)};
        const bool present[2] = {mine < a.queries, mine + 8 < a.queries};
        LeftRows<HEAD_STEPS<P, DH>> loaded;
        load_left<P, DH, FAST>(loaded, rows, present, a);
        q.keep(loaded, room);
    }
    // Takes in keys key0 .. key0 + KEYS - 1, of which the warp sees `limit` or, if that is more, all. MASKED: some row does not see all.
    template <bool MASKED>
    EM_DEVICE void take(const Head& head, const float* k, const float* v, int row0, int key0, int limit) {
        FragmentC s[N] = {};
        each_sixteen<MASKED, N>(true, limit > MMA_ROWS, [&](auto first, auto count) {
            add_staged_dots<P, DH, KEY_STRIDE<DH>, FAST, decltype(first)::value, decltype(count)::value>(q.rows, k, a, s);
        });
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int row = row0 + lane_row() + 8 * half;
            weigh_scores<FAST>(a, head, row, key0, half, MASKED ? seen_before(a, row, row + 1) - key0 : KEYS, s);
        }
        softmax.advance(s, o);
        each_sixteen<MASKED, N>(true, limit > MMA_ROWS, [&](auto first, auto count) {
            add_weighed<P, DH, FAST, decltype(first)::value, decltype(count)::value>(s, v, a, o);
        });
    }
    EM_DEVICE void store(const Head& head, int row0) const {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int row = row0 + lane_row() + 8 * half;
            const float total = lanes_sum<4>(softmax.sum[half]);
            if (row < a.queries) {
                const float factor = total == 0.0f ? 0.0f : 1.0f / total;
                HeadSums<DH>::template store<FAST>(head.output(a.out, a, row), o, half, factor, a);
                if (lane_word() == 0) {
                    *head.row(a.lse, a, row) = total == 0.0f ? MINUS_INFINITY : (softmax.largest[half] + log2f(total)) * LN_2;
                }
            }
        }
    }
};

template <int DH, int KEYS>
constexpr int TILE_FLOATS = KEYS*(KEY_STRIDE<DH> + VALUE_STRIDE<DH>);

// Blocks of a multiprocessor, for which registers are kept. 16 warps of tf32 up to 64 columns fit on a multiprocessor; more than 128
// registers a thread leave 12 or 8.
template <class P, int DH>
constexpr int BLOCKS = DH == 128                                                                        ? 1
                       : (std::is_same_v<P, Bf16> ? DH == 64 : std::is_same_v<P, SplitFloat>&& DH < 64) ? 2
                                                                                                        : 3;

// Grid (blocks of a head * batch * heads, 1, replicas).
template <class P, int DH, int KEYS, bool FAST>
__global__ void __launch_bounds__(MOST_WARPS<P, DH>* WARP, BLOCKS<P, DH>) attention_mma_forward_kernel(AttentionView a) {
    EM_DYNAMIC_SHARED(float, shared);
    AsyncCopies copies;
    for (unsigned r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        // The last queries first: under a causal mask they have most keys to see.
        const BlockRows rows(a, a.queries, true);
        const int block_sees = seen_before(a, rows.first, rows.end);
        const Head head = head_of(a, r, rows.head);
        const auto bring = [&](float* tile, int key0) {
            bring_rows<DH, KEYS, FAST>(copies, a.keys - key0, a, RowsOf<KEY_STRIDE<DH>>{tile, head.key(a.k, a, key0), a.key_stride},
                                       RowsOf<VALUE_STRIDE<DH>>{tile + KEYS * KEY_STRIDE<DH>, head.key(a.v, a, key0), a.key_stride});
            copies.commit();
        };
        if (block_sees > 0) {
            bring(shared, 0);
        }
        float* const room = shared + (SHARED_Q<P, DH> && a.keys > KEYS ? 2 : 1) * TILE_FLOATS<DH, KEYS>;
        QueryRows<P, DH, KEYS, FAST> mine(a, head, rows.mine, reinterpret_cast<uint4*>(room) + warp_index() * OPERANDS<P, DH>);
        for (int key0 = 0; key0 < block_sees; key0 += KEYS) {
            const int used = key0 / KEYS % 2;
            copies.wait<0>();
            __syncthreads();
            if (key0 + KEYS < block_sees) {
                bring(shared + (used ^ 1) * TILE_FLOATS<DH, KEYS>, key0 + KEYS);
            }
            const float* const k = shared + used * TILE_FLOATS<DH, KEYS>;
            const float* const v = k + KEYS * KEY_STRIDE<DH>;
            const int row0 = static_cast<int>(found_anew(static_cast<unsigned>(rows.first))) + warp_index() * MMA_ROWS;
            const int warp_sees = seen_before(a, row0, row0 + MMA_ROWS);
            const int all_see = seen_before(a, row0, row0 + 1);
            if (FAST && key0 + KEYS <= all_see) {
                mine.template take<false>(head, k, v, row0, key0, KEYS);
            } else if (key0 < warp_sees) {
                mine.template take<true>(head, k, v, row0, key0, warp_sees - key0);
            }
        }
        // Where Q is in registers, the output's places would take too many, if they were known already.
        mine.store(SHARED_Q<P, DH> ? head : found_anew(head), rows.first + warp_index() * MMA_ROWS);
        __syncthreads();
    }
}

// p = 2^(log2 weight - lse), from scores that are those of the forward pass bit by bit: scores of more precision would not fit its lse. A
// block takes 64 queries by 64 keys. Grid (tiles of queries * tiles of keys, 1, heads of all sequences and replicas). Without a number of
// blocks the compiler aims at more of them, and spills.
template <class P, int DH>
__global__ void __launch_bounds__(4 * WARP, 2) attention_mma_probabilities_kernel(AttentionView a, View<float> p) {
    constexpr int ROWS = 4 * MMA_ROWS;
    constexpr int KEYS = 64;
    constexpr int N = KEYS / MMA_COLUMNS;
    EM_SHARED(float, k, [KEYS * KEY_STRIDE<DH>]);
    const int64_t key_tiles = ceil_div(a.keys, KEYS);
    const int64_t row_tile = quotient(blockIdx.x, key_tiles);
    const int64_t key0 = (blockIdx.x - row_tile * key_tiles) * KEYS;
    const int64_t mine = row_tile * ROWS + warp_index() * MMA_ROWS + lane_row();
    AsyncCopies copies;
    for (int64_t task = blockIdx.z; task < a.replicas * a.batch * a.heads; task += gridDim.z) {
        const int64_t r = quotient(task, a.batch * a.heads);
        const int64_t head_index = task - r * a.batch * a.heads;
        const Head head(a, r, head_index);
        bring_rows<DH, KEYS, false>(copies, a.keys - key0, a, RowsOf<KEY_STRIDE<DH>>{k, head.key(a.k, a, key0), a.key_stride});
        copies.commit();
        LeftRows<HEAD_STEPS<P, DH>> q;
        load_left<P, DH, false>(q, {head.query(a.q, a, mine), head.query(a.q, a, mine + 8)}, {mine < a.queries, mine + 8 < a.queries}, a);
        copies.wait<0>();
        __syncthreads();
        FragmentC s[N] = {};
        add_staged_dots<P, DH, KEY_STRIDE<DH>, false, 0, N>(q, k, a, s);
        __syncthreads();
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int64_t row = mine + 8 * half;
            const float lse = row < a.queries ? log2_sum(*head.row(a.lse, a, row)) : 0.0f;
            float* const to = p(r) + (head_index * a.queries + row) * a.keys + key0;
            weigh_scores<false>(a, head, row, key0, half, visible_keys(a, row, key0, KEYS), s);
#pragma unroll
            for (int i = 0; i < 2 * N; ++i) {
                const int key = score_key(i / 2, i % 2);
                if (row < a.queries && key0 + key < a.keys) {
                    to[key] = probability(s[i / 2][2 * half + i % 2], lse);
                }
            }
        }
    }
}

template <class P, int DH, int KEYS, bool FAST>
void launch_forward(const CudaDevice& device, const AttentionView& a) {
    Shape shape = BlockRows::shape(a, a.queries, MOST_WARPS<P, DH>);
    constexpr int64_t tile = 4 * TILE_FLOATS<DH, KEYS>;
    const int64_t operands = shape.block.x / WARP * OPERANDS<P, DH> * static_cast<int64_t>(sizeof(uint4));
    const int64_t next = a.keys > KEYS ? tile : 0;
    // Operands lie where the second tile will, if they do not stay.
    shape.shared = tile + (SHARED_Q<P, DH> ? next + operands : larger(next, operands));
    EM_LAUNCH(device, (attention_mma_forward_kernel<P, DH, KEYS, FAST>), shape, a);
}

}  // namespace

void attention_mma(CudaDevice& device, const AttentionView& a) {
    dispatch_staged<true>(device, a.head_dim, [&](auto precision, auto width) {
        using P = decltype(precision);
        constexpr int DH = decltype(width)::value;
        if (!fast(a)) {
            launch_forward<P, DH, 32, false>(device, a);
        } else if (a.keys <= 16) {
            launch_forward<P, DH, 16, true>(device, a);
        } else {
            launch_forward<P, DH, 32, true>(device, a);
        }
    });
}

void attention_mma_probabilities(CudaDevice& device, const AttentionView& a, const View<float>& p) {
    dispatch_staged<true>(device, a.head_dim, [&](auto precision, auto width) {
        using P = decltype(precision);
        constexpr int DH = decltype(width)::value;
        const int64_t tiles = ceil_div(a.queries, 4 * MMA_ROWS) * ceil_div(a.keys, 64);
        const Shape shape{grid_of(tiles, 1, a.replicas * a.batch * a.heads), dim3(4 * WARP)};
        EM_LAUNCH(device, (attention_mma_probabilities_kernel<P, DH>), shape, a, p);
    });
}

}  // namespace em

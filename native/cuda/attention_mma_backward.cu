// attention_backward.cu on tensor cores: dS = P (dO V^T - delta), dQ = scale dS K, dK = scale dS^T Q, dV = P^T dO with Q, K, V, O, dO, P
// and dS rounded to tf32 or bf16, or in float32 split into two parts, products summed and all else computed in float32. Two launches
// without atomics, as there: 14 Lq Lk Dh operations a head, and 2 Lq Dh 16 for delta, which comes from the tensor cores too: where one
// weight is 1, O is that key's value as rounded, and dO V^T - delta is 0 rather than a rounding error, which a large score would multiply.
//
// Tiles of 32 come and are masked as in attention_mma_forward.cu. dQ keeps a warp's rows of Q and dO in registers, except where they would
// be too many. dK and dV have sums of two tensors there, so that the rows of K and V stay in shared memory, as operands.
#include "cuda/attention_mma_stage.h"

namespace em {
namespace {

constexpr int TILE = 32;
constexpr int N = TILE / MMA_COLUMNS;

// Wider heads leave shared memory for two warps of 8.6.
template <int DH>
constexpr int MOST_WARPS = DH == 128 ? 2 : 4;
// Of a multiprocessor, for which registers are kept: 128 a thread for narrow heads, 168 for 64 columns, 255 for 128. Of bf16, of split
// operands, and of heads that are biased or not whole, the compiler takes more.
template <class P, int DH, bool FAST>
constexpr int BLOCKS = DH == 128 ? 2 : (DH == 64 ? 3 : 4) - (std::is_same_v<P, Tf32> && FAST ? 0 : 1);
template <class P, int DH, bool FAST>
constexpr int QUERY_BLOCKS = std::is_same_v<P, SplitFloat> ? (DH == 64 && FAST ? 3 : 2) : BLOCKS<P, DH, FAST>;
template <class P, int DH, bool FAST>
constexpr int KEY_BLOCKS = std::is_same_v<P, SplitFloat> ? 2 : BLOCKS<P, DH, FAST>;

// Floats of a tile of rows of two tensors.
template <int DH>
constexpr int TWO_TILES = 2 * TILE* VALUE_STRIDE<DH>;

// P of a log2 weight, whose lse is in units of ln 2; MASKED: of keys that are not seen 0.
template <bool MASKED>
EM_DEVICE float weight_of(float log2_weight, float lse) {
    return MASKED && log2_weight == MINUS_INFINITY ? 0.0f : power_of_two(log2_weight - lse);
}

// Where registers do not hold 16 rows of Q and of dO and the sums: of 128 columns, and of split operands, which take twice as many.
template <class P, int DH>
constexpr bool SHARED_D_OUT = DH == 128 || (DH == 64 && std::is_same_v<P, SplitFloat>);
template <class P, int DH>
constexpr bool SHARED_Q = DH == 64 && std::is_same_v<P, SplitFloat>;

// What a warp has of its 16 queries.
template <class P, int DH, bool FAST>
struct QueryGradient {
    const AttentionView& a;
    int row0;
    // With few registers a thread more warps are at hand: the parts of operands are made anew for each 16 keys.
    static constexpr bool APART = SHARED_Q<P, DH> && SHARED_D_OUT<P, DH>;
    KeptRows<P, DH, SHARED_Q<P, DH>, APART> q;
    KeptRows<P, DH, SHARED_D_OUT<P, DH>, APART> d_out;
    FragmentC d_q[DH / MMA_COLUMNS] = {};
    float lse[2];
    float delta[2];

    // Uint4s of a warp in shared memory: for good, and for now.
    static constexpr int STAY = ((SHARED_Q<P, DH> ? 1 : 0) + (SHARED_D_OUT<P, DH> ? 1 : 0)) * OPERANDS<P, DH>;
    static constexpr int PASS = SHARED_Q<P, DH> && SHARED_D_OUT<P, DH> ? 0 : OPERANDS<P, DH>;

    // Finds delta too, for itself and for the gradients of keys.
    EM_DEVICE QueryGradient(const AttentionView& view, const AttentionGradients& g, const Head& head, int row, uint4* stay, uint4* pass)
        : a(view), row0(row) {
        const int mine = row0 + lane_row();
        const bool present[2] = {mine < a.queries, mine + 8 < a.queries};
        LeftRows<HEAD_STEPS<P, DH>> q_rows;
        LeftRows<HEAD_STEPS<P, DH>> d_rows;
        float4 out[2][DH / 16];
        load_left<P, DH, FAST>(d_rows, {head.output(g.d_out, a, mine), head.output(g.d_out, a, mine + 8)}, present, a);
#pragma unroll
        for (int n = 0; n < 2; ++n) {
            const int of = row0 + n * MMA_COLUMNS + place(lane_row());
#pragma unroll
            for (int part = 0; part < DH / 16; ++part) {
                out[n][part] = lane_four<P, FAST>(head.output(a.out, a, of), part, of < a.queries, a);
            }
        }
        load_left<P, DH, FAST>(q_rows, {head.query(a.q, a, mine), head.query(a.q, a, mine + 8)}, present, a);
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            lse[half] = present[half] ? *head.row(a.lse, a, mine + 8 * half) * LOG2_E : 0.0f;
        }
        d_out.keep(d_rows, SHARED_D_OUT<P, DH> ? stay : pass);
        find_delta(g, head, out);
        q.keep(q_rows, SHARED_Q<P, DH> ? stay + OPERANDS<P, DH> : pass);
    }
    // Takes in a tile of keys, of which the warp sees `limit` or, if that is more, all. MASKED: some row does not see all.
    template <bool MASKED>
    EM_DEVICE void take(const Head& head, const float* k, const float* v, int key0, int limit) {
        constexpr int STRIDE = VALUE_STRIDE<DH>;
        FragmentC s[N] = {};
        FragmentC d_p[N] = {};
        each_sixteen<MASKED, N, APART>(true, limit > MMA_ROWS, [&](auto first, auto count) {
            add_staged_dots<P, DH, STRIDE, FAST, decltype(first)::value, decltype(count)::value>(q.rows, k, a, s);
            add_staged_dots<P, DH, STRIDE, FAST, decltype(first)::value, decltype(count)::value>(d_out.rows, v, a, d_p);
        });
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int row = row0 + lane_row() + 8 * half;
            weigh_scores<FAST>(a, head, row, key0, half, MASKED ? seen_before(a, row, row + 1) - key0 : TILE, s);
#pragma unroll
            for (int i = 0; i < 2 * N; ++i) {
                float& x = s[i / 2][2 * half + i % 2];
                const float p = weight_of<MASKED>(x, lse[half]);
                const float slope = p * (d_p[i / 2][2 * half + i % 2] - delta[half]);
                x = MASKED && p == 0.0f ? 0.0f : slope;
            }
        }
        each_sixteen<MASKED, N>(true, limit > MMA_ROWS, [&](auto first, auto count) {
            add_weighed<P, DH, FAST, decltype(first)::value, decltype(count)::value>(s, k, a, d_q);
        });
    }
    EM_DEVICE void store(const AttentionGradients& g, const Head& head) const {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int row = row0 + lane_row() + 8 * half;
            if (row < a.queries) {
                HeadSums<DH>::template store<FAST>(head.query(g.d_q, a, row), d_q, half, a.scale, a);
            }
        }
    }

private:
    // dO O of the lane's two rows, summed in the order of dO V^T. out: the warp's rows, as the rows of a tile are read.
    EM_DEVICE void find_delta(const AttentionGradients& g, const Head& head, const float4 (&out)[2][DH / 16]) {
        FragmentC dots[2] = {};
        add_dots_with<P, DH, FAST, 0, 2>(d_out.rows, a, dots, [&](int n, int part) { return out[n][part]; });
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            // Of dots[half] the lane of row g = t or t + 4 holds the diagonal.
            const float own = lane_row() < 4 ? dots[half][2 * half] : dots[half][2 * half + 1];
            delta[half] = __shfl_sync(ALL_LANES, own, 4 * lane_row() + lane_row() % 4);
            const int row = row0 + lane_row() + 8 * half;
            if (row < a.queries && lane_word() == 0) {
                *head.row(g.delta, a, row) = delta[half];
            }
        }
    }
};

// dQ of 16 queries a warp, and their delta. Grid (blocks of a head * batch * heads, 1, replicas).
template <class P, int DH, bool FAST>
__global__ void __launch_bounds__(MOST_WARPS<DH>* WARP, QUERY_BLOCKS<P, DH, FAST>)
    attention_mma_query_gradient_kernel(AttentionView a, AttentionGradients g) {
    constexpr int STRIDE = VALUE_STRIDE<DH>;
    EM_DYNAMIC_SHARED(float, shared);
    AsyncCopies copies;
    for (unsigned r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        // The last queries first: under a causal mask they have most keys to see.
        const BlockRows rows(a, a.queries, true);
        const int block_sees = seen_before(a, rows.first, rows.end);
        const int warp_sees = seen_before(a, rows.mine, rows.mine + MMA_ROWS);
        const int all_see = seen_before(a, rows.mine, rows.mine + 1);
        const Head head = head_of(a, r, rows.head);
        const auto bring = [&](float* tile, int key0) {
            bring_rows<DH, TILE, FAST>(copies, a.keys - key0, a, RowsOf<STRIDE>{tile, head.key(a.k, a, key0), a.key_stride},
                                       RowsOf<STRIDE>{tile + TILE * STRIDE, head.key(a.v, a, key0), a.key_stride});
        };
        bring(shared, 0);
        copies.commit();
        // What does not stay lies where the second tile will.
        using Mine = QueryGradient<P, DH, FAST>;
        static_assert(MOST_WARPS<DH> * 4 * Mine::PASS <= TWO_TILES<DH>);
        Mine mine(a, g, head, rows.mine, reinterpret_cast<uint4*>(shared + 2 * TWO_TILES<DH>) + warp_index() * Mine::STAY,
                  reinterpret_cast<uint4*>(shared + TWO_TILES<DH>) + warp_index() * Mine::PASS);
        int used = 0;
        for (int key0 = 0; key0 < block_sees; key0 += TILE, used ^= 1) {
            copies.wait<0>();
            __syncthreads();
            if (key0 + TILE < block_sees) {
                bring(shared + (used ^ 1) * TWO_TILES<DH>, key0 + TILE);
                copies.commit();
            }
            const float* const k = shared + used * TWO_TILES<DH>;
            const float* const v = k + TILE * STRIDE;
            if (FAST && key0 + TILE <= all_see) {
                mine.template take<false>(head, k, v, key0, TILE);
            } else if (key0 < warp_sees) {
                mine.template take<true>(head, k, v, key0, warp_sees - key0);
            }
        }
        // The head is found anew: kept through the loop it would spill registers.
        mine.store(g, head_of(a, r, BlockRows(a, a.queries, true).head));
        __syncthreads();
    }
}

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
        v.keep(left);
    }
    // Takes in a tile of queries. MASKED: some do not see all of the warp's keys; `first`, `second`: some of that half see one.
    template <bool MASKED>
    EM_DEVICE void take(const Head& head, const float* q, const float* d_out, const TileNumbers& numbers, int row0, bool first,
                        bool second) {
        constexpr int STRIDE = VALUE_STRIDE<DH>;
        FragmentC p[N] = {};
        each_sixteen<MASKED, N>(first, second, [&](auto from, auto count) {
            add_staged_dots<P, DH, STRIDE, FAST, decltype(from)::value, decltype(count)::value>(k, q, a, p);
        });
#pragma unroll
        for (int i = 0; i < 2 * N; ++i) {
            weigh<MASKED>(head, row0 + score_key(i / 2, i % 2), numbers.lse[score_key(i / 2, i % 2)] * LOG2_E, p[i / 2][i % 2],
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
        each_sixteen<MASKED, N>(first, second, [&](auto from, auto count) {
            add_weighed<P, DH, FAST, decltype(from)::value, decltype(count)::value>(p, q, a, d_k);
        });
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
    // P of the dot products of a query with the lane's keys.
    template <bool MASKED>
    EM_DEVICE void weigh(const Head& head, int row, float lse, float& first, float& second) const {
        const int key = key0 + lane_row();
        const int seen = MASKED ? seen_before(a, row, row + 1) : 0;
        const auto score = [&](float dot, int of) {
            if (MASKED && of >= seen) {
                return MINUS_INFINITY;
            }
            return FAST ? dot * (a.scale * LOG2_E) : log2_weight(dot, a, head, row, of);
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

// dK and dV of 16 keys a warp. Grid (blocks of a head * batch * heads, 1, replicas).
template <class P, int DH, bool FAST>
__global__ void __launch_bounds__(MOST_WARPS<DH>* WARP, KEY_BLOCKS<P, DH, FAST>)
    attention_mma_key_gradient_kernel(AttentionView a, AttentionGradients g) {
    constexpr int STRIDE = VALUE_STRIDE<DH>;
    EM_DYNAMIC_SHARED(float, shared);
    EM_SHARED(TileNumbers, numbers, [2]);
    const int queries = static_cast<int>(a.queries);
    AsyncCopies copies;
    for (unsigned r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        // The first keys first: under a causal mask most queries see them.
        const BlockRows rows(a, a.keys, false);
        const int hidden = a.causal ? rows.first - static_cast<int>(a.keys - a.queries) : 0;
        const Head head = head_of(a, r, rows.head);
        const auto bring = [&](int to, int row0) {
            float* const tile = shared + to * TWO_TILES<DH>;
            bring_rows<DH, TILE, FAST>(copies, queries - row0, a, RowsOf<STRIDE>{tile, head.query(a.q, a, row0), a.query_stride},
                                       RowsOf<STRIDE>{tile + TILE * STRIDE, head.output(g.d_out, a, row0), a.output_stride});
            for (int i = static_cast<int>(threadIdx.x); i < 2 * TILE; i += static_cast<int>(blockDim.x)) {
                const int row = row0 + i % TILE;
                const float* const from = head.row(i < TILE ? a.lse : g.delta, a, row < queries ? row : 0);
                copies.copy<1>((i < TILE ? numbers[to].lse : numbers[to].delta) + i % TILE, from, row < queries);
            }
            copies.commit();
        };
        const int first_row = hidden > 0 ? hidden / TILE * TILE : 0;
        if (first_row < queries) {
            bring(0, first_row);
        }
        KeyGradient<P, DH, FAST> mine(a, head, rows.mine,
                                      reinterpret_cast<uint4*>(shared + 2 * TWO_TILES<DH>) + warp_index() * 2 * OPERANDS<P, DH>);
        int used = 0;
        for (int row0 = first_row; row0 < queries; row0 += TILE, used ^= 1) {
            copies.wait<0>();
            __syncthreads();
            if (row0 + TILE < queries) {
                bring(used ^ 1, row0 + TILE);
            }
            const float* const q = shared + used * TWO_TILES<DH>;
            const float* const d_out = q + TILE * STRIDE;
            const int last_key = rows.mine + MMA_ROWS < a.keys ? rows.mine + MMA_ROWS : static_cast<int>(a.keys);
            if (FAST && row0 + TILE <= queries && seen_before(a, row0, row0 + 1) >= last_key) {
                mine.template take<false>(head, q, d_out, numbers[used], row0, true, true);
            } else if (rows.mine < last_key) {
                const bool first = seen_before(a, row0, row0 + MMA_ROWS) > rows.mine;
                const bool second = seen_before(a, row0 + MMA_ROWS, row0 + TILE) > rows.mine;
                if (first || second) {
                    mine.template take<true>(head, q, d_out, numbers[used], row0, first, second);
                }
            }
        }
        mine.store(g, head_of(a, r, BlockRows(a, a.keys, false).head));
        __syncthreads();
    }
}

template <class P, int DH, bool FAST>
void launch_backward(const CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    constexpr int64_t tiles = 2 * 4 * TWO_TILES<DH>;
    constexpr int64_t operands = OPERANDS<P, DH> * static_cast<int64_t>(sizeof(uint4)) / WARP;  // a thread
    Shape shape = BlockRows::shape(a, a.queries, MOST_WARPS<DH>);
    shape.shared = tiles + shape.block.x / WARP * QueryGradient<P, DH, FAST>::STAY * static_cast<int64_t>(sizeof(uint4));
    EM_LAUNCH(device, (attention_mma_query_gradient_kernel<P, DH, FAST>), shape, a, g);
    shape = BlockRows::shape(a, a.keys, MOST_WARPS<DH>);
    shape.shared = tiles + 2 * shape.block.x * operands;
    EM_LAUNCH(device, (attention_mma_key_gradient_kernel<P, DH, FAST>), shape, a, g);
}

}  // namespace

// Of shorter sequences one block takes a head.
void attention_mma_backward(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    dispatch_staged<true>(device, fast(a) ? a.head_dim : larger(a.head_dim, 32), [&](auto precision, auto width) {
        using P = decltype(precision);
        constexpr int DH = decltype(width)::value;
        if (fast(a)) {
            launch_backward<P, DH, true>(device, a, g);
        } else if constexpr (DH > 16) {
            launch_backward<P, DH, false>(device, a, g);
        }
    });
}

}  // namespace em

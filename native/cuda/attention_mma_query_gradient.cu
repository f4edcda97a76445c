// dQ of attention on tensor cores (attention_mma_backward.h): 6 Lq Lk Dh operations a head, and 2 Lq Dh 16 for delta, which comes from the
// tensor cores too.
//
// A warp keeps its rows of Q and dO in registers, except where they would be too many, and passes over tiles of keys and values.
#include "cuda/attention_mma_backward.h"

namespace em {
namespace {

using namespace mma_gradient_parts;

template <class P, int DH, bool FAST>
constexpr int QUERY_BLOCKS = std::is_same_v<P, SplitFloat> ? (DH == 64 && FAST ? 3 : 2) : BLOCKS<P, DH, FAST>;

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
        OutputRows<P, DH, FAST> out;
        load_left<P, DH, FAST>(d_rows, {head.output(g.d_out, a, mine), head.output(g.d_out, a, mine + 8)}, present, a);
        out.load(a, head, a.out, row0);
        load_left<P, DH, FAST>(q_rows, {head.query(a.q, a, mine), head.query(a.q, a, mine + 8)}, present, a);
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            lse[half] = present[half] ? log2_sum(*head.row(a.lse, a, mine + 8 * half)) : 0.0f;
        }
        d_out.keep(d_rows, SHARED_D_OUT<P, DH> ? stay : pass);
        out.find_delta(a, g, head, row0, d_out.rows, delta);
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

}  // namespace

void attention_mma_query_gradient(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    dispatch_gradient(device, a, [&](auto precision, auto width, auto fast) {
        using P = decltype(precision);
        constexpr int DH = decltype(width)::value;
        constexpr bool FAST = decltype(fast)::value;
        Shape shape = BlockRows::shape(a, a.queries, MOST_WARPS<DH>);
        const int64_t stay = QueryGradient<P, DH, FAST>::STAY * static_cast<int64_t>(sizeof(uint4));  // a warp
        shape.shared = 2 * 4 * TWO_TILES<DH> + shape.block.x / WARP * stay;
        EM_LAUNCH(device, (attention_mma_query_gradient_kernel<P, DH, FAST>), shape, a, g);
    });
}

}  // namespace em

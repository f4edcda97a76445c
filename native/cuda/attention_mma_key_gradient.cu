// dK and dV of attention on tensor cores (attention_mma_backward.h): 8 Lq Lk Dh operations a head.
//
// A warp has sums of two tensors in registers, so that its rows of K and V stay in shared memory, as operands, while it passes over tiles
// of queries. It reads delta as the launch for dQ left it.
#include "cuda/attention_mma_backward.h"

namespace em {
namespace {

using namespace mma_gradient_parts;

template <class P, int DH, bool FAST>
constexpr int KEY_BLOCKS = std::is_same_v<P, SplitFloat> ? 2 : BLOCKS<P, DH, FAST>;

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

}  // namespace

void attention_mma_key_gradient(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    dispatch_gradient(device, a, [&](auto precision, auto width, auto fast) {
        using P = decltype(precision);
        constexpr int DH = decltype(width)::value;
        Shape shape = BlockRows::shape(a, a.keys, MOST_WARPS<DH>);
        const int64_t operands = 2 * OPERANDS<P, DH> * static_cast<int64_t>(sizeof(uint4));  // a warp
        shape.shared = 2 * 4 * TWO_TILES<DH> + shape.block.x / WARP * operands;
        EM_LAUNCH(device, (attention_mma_key_gradient_kernel<P, DH, decltype(fast)::value>), shape, a, g);
    });
}

}  // namespace em

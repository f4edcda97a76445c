// dK and dV of attention on tensor cores (attention_mma_backward.h): 8 Lq Lk Dh operations a head.
//
// A warp has sums of two tensors in registers, so that its rows of K and V stay in shared memory, as operands, while it passes over tiles
// of queries. It reads delta as the launch for dQ left it.
#include "cuda/attention_mma_key_gradient.h"

namespace em {
namespace {

using namespace mma_gradient_parts;

template <class P, int DH, bool FAST>
constexpr int KEY_BLOCKS = std::is_same_v<P, SplitFloat> ? 2 : BLOCKS<P, DH, FAST>;

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
            bring_queries<DH, FAST>(copies, shared + to * TWO_TILES<DH>, a, g, head, row0);
            bring_numbers(copies, numbers[to], a, g, head, row0);
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
            mine.take_seen(head, q, d_out, numbers[used], row0, last_key, [](const FragmentC(&)[N]) {});
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

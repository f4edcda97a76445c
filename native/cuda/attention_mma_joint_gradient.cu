// All gradients of attention on tensor cores in one launch (attention_mma_backward.h): a block goes through all of a head, so that scores
// and dO V^T are computed once. 10 Lq Lk Dh operations a head in place of 14, and 2 Lq Dh 16 for delta.
//
// A warp takes 16 keys of the block's and does for their dK and dV what it does in attention_mma_key_gradient.cu. For dQ it leaves dS in
// shared memory, a row for each query of the tile, and the warps share out the products of dS with all keys of the block: each takes 16
// queries and 16 columns. A head of more keys than a block has at once takes several rounds, and dQ of the later ones is added in memory.
#include "cuda/attention_mma_key_gradient.h"

namespace em {
namespace {

using namespace mma_gradient_parts;

// Columns of dQ that a warp computes at once: two products. A lane's are neighbours, placed so that the lanes that are served together meet
// all banks.
constexpr int PART = 2 * MMA_COLUMNS;
template <int DH>
EM_DEVICE int part_column(int part) {
    return DH == PART ? 0 : part / 2 * 32 + part % 2 * 8;
}
template <int DH>
EM_DEVICE int lane_column(int lane) {
    return DH == PART ? 2 * lane : lane % 2 * 16 + lane / 2 * 2;
}

// Where a block of `warps` has what, in floats from the start of its shared memory.
struct JointPlaces {
    int stride;  // between the queries of dS
    int k, d_s, operands;
    int64_t bytes;
};

template <class P, int DH>
JointPlaces joint_places(int warps, int64_t queries) {
    JointPlaces places;
    places.stride = warps * MMA_ROWS + 4;
    places.k = (queries > TILE ? 2 : 1) * TWO_TILES<DH>;
    places.d_s = places.k + warps * MMA_ROWS * VALUE_STRIDE<DH>;
    places.operands = places.d_s + TILE * places.stride;
    places.bytes = 4 * places.operands + warps * 2 * OPERANDS<P, DH> * static_cast<int64_t>(sizeof(uint4));
    return places;
}

// delta of all queries of a head, in memory.
template <class P, int DH, bool FAST>
EM_DEVICE void find_deltas(const AttentionView& a, const AttentionGradients& g, const Head& head, int block_rows) {
    for (int row0 = warp_index() * MMA_ROWS; row0 < a.queries; row0 += block_rows) {
        const int mine = row0 + lane_row();
        LeftRows<HEAD_STEPS<P, DH>> out;  // on the left, as V is
        OutputRows<P, DH, FAST> d_out;
        load_left<P, DH, FAST>(out, {head.output(a.out, a, mine), head.output(a.out, a, mine + 8)},
                               {mine < a.queries, mine + 8 < a.queries}, a);
        d_out.load(a, head, g.d_out, row0);
        float delta[2];
        d_out.find_delta(a, g, head, row0, out, delta);
    }
    __syncthreads();
}

// Words of dS of keys `key` and on, from the rows of queries g and g + 8: as left_of orders those that a warp has itself.
template <class P>
EM_DEVICE void left_slopes(const float* first, const float* second, FragmentA& left) {
    if constexpr (P::PER_WORD == 1) {
        left[0] = P::operand(first[0]);
        left[1] = P::operand(second[0]);
        left[2] = P::operand(first[4]);
        left[3] = P::operand(second[4]);
    } else {
        left[0] = P::word(first[0], first[4]);
        left[1] = P::word(second[0], second[4]);
        left[2] = P::word(first[8], first[12]);
        left[3] = P::word(second[8], second[12]);
    }
}

// The lane's columns of a part, of keys t and t + 4 (bf16: and t + 8, t + 12), from the row of key t.
template <class P, int DH>
EM_DEVICE void right_keys(const float* row, FragmentB (&right)[2]) {
    float2 read[2 * P::PER_WORD];
#pragma unroll
    for (int i = 0; i < 2 * P::PER_WORD; ++i) {
        read[i] = *reinterpret_cast<const float2*>(row + 4 * i * VALUE_STRIDE<DH>);
    }
    if constexpr (P::PER_WORD == 1) {
        right[0][0] = P::operand(read[0].x);
        right[0][1] = P::operand(read[1].x);
        right[1][0] = P::operand(read[0].y);
        right[1][1] = P::operand(read[1].y);
    } else {
        right[0][0] = P::word(read[0].x, read[1].x);
        right[0][1] = P::word(read[2].x, read[3].x);
        right[1][0] = P::word(read[0].y, read[1].y);
        right[1][1] = P::word(read[2].y, read[3].y);
    }
}

// sums += dS of 16 queries times a part of the columns of `keys` keys, 16 of them at a time. `slopes`: query g's; `k`: key t's lane_column.
template <class P, int DH>
EM_DEVICE void add_slopes_times_keys(const float* slopes, int stride, const float* k, int keys, FragmentC (&sums)[2]) {
#pragma unroll 2
    for (int key = 0; key < keys; key += MMA_ROWS) {
        FragmentC some[2] = {};
#pragma unroll
        for (int step = 0; step < 2 / P::PER_WORD; ++step) {
            const int at = key + step * MMA_COLUMNS;
            FragmentA left;
            left_slopes<P>(slopes + at, slopes + 8 * stride + at, left);
            FragmentB right[2];
            right_keys<P, DH>(k + at * VALUE_STRIDE<DH>, right);
            if constexpr (std::is_same_v<P, SplitFloat>) {
                multiply_split(some, some, left, right, step == 0);
            } else {
                P::multiply(sums[0], left, right[0]);
                P::multiply(sums[1], left, right[1]);
            }
        }
        if constexpr (std::is_same_v<P, SplitFloat>) {
#pragma unroll
            for (int i = 0; i < 8; ++i) {
                sums[i / 4][i % 4] += some[i / 4][i % 4];
            }
        }
    }
}

// Two neighbouring columns of a row in memory. WHOLE: the head has all columns and they are aligned.
template <bool WHOLE>
EM_DEVICE float2 two_of(const float* row, int column, const AttentionView& a) {
    if constexpr (WHOLE) {
        return *reinterpret_cast<const float2*>(row + column);
    } else {
        return make_float2(column < a.head_dim ? row[column] : 0.0f, column + 1 < a.head_dim ? row[column + 1] : 0.0f);
    }
}

template <bool WHOLE>
EM_DEVICE void store_two(float* row, int column, float2 two, const AttentionView& a) {
    if constexpr (WHOLE) {
        *reinterpret_cast<float2*>(row + column) = two;
    } else {
        if (column < a.head_dim) {
            row[column] = two.x;
        }
        if (column + 1 < a.head_dim) {
            row[column + 1] = two.y;
        }
    }
}

// dQ of 16 queries from `first` on, of which one sees `keys` of the block's, and a part of the columns; added to that of the keys before
// key0. d_s: the first query's.
template <class P, int DH, bool FAST>
EM_DEVICE void add_joint_query_gradient(const AttentionView& a, const AttentionGradients& g, const Head& head, const float* d_s, int stride,
                                        const float* k, int first, int part, int keys, bool others) {
    // A lane's results are of queries g and g + 8 and of two pairs of neighbouring columns.
    constexpr int NEXT = DH == PART ? 2 : 16;
    const int column = part_column<DH>(part) + lane_column<DH>(2 * lane_word());
    float* rows[2];
    float2 before[2][2] = {};
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        const int row = first + lane_row() + 8 * half;
        rows[half] = row < a.queries ? head.query(g.d_q, a, row) : nullptr;
#pragma unroll
        for (int pair = 0; pair < 2; ++pair) {
            if (others && rows[half] != nullptr) {
                before[half][pair] = two_of<FAST>(rows[half], column + pair * NEXT, a);
            }
        }
    }
    FragmentC sums[2] = {};
    add_slopes_times_keys<P, DH>(d_s + lane_row() * stride + lane_word(), stride,
                                 k + lane_word() * VALUE_STRIDE<DH> + part_column<DH>(part) + lane_column<DH>(lane_row()), keys, sums);
#pragma unroll
    for (int half = 0; half < 2; ++half) {
#pragma unroll
        for (int pair = 0; pair < 2; ++pair) {
            if (rows[half] != nullptr) {
                const float2 was = before[half][pair];
                const int of = 2 * half + pair;
                store_two<FAST>(rows[half], column + pair * NEXT, make_float2(was.x + a.scale * sums[0][of], was.y + a.scale * sums[1][of]),
                                a);
            }
        }
    }
}

// The same of a tile of queries, shared out to the warps. Every query gets its dQ with the first keys, though it may see none of them.
template <class P, int DH, bool FAST>
EM_DEVICE void add_joint_query_gradients(const AttentionView& a, const AttentionGradients& g, const Head& head, const float* d_s,
                                         int stride, const float* k, int key0, int row0) {
    constexpr int PARTS = DH / PART;
    const int warps = static_cast<int>(blockDim.x) / WARP;
    for (int unit = warp_index(); unit < TILE / MMA_ROWS * PARTS; unit += warps) {
        const int first = row0 + unit / PARTS * MMA_ROWS;
        const int sees = seen_before(a, first, first + MMA_ROWS) - key0;
        if (key0 == 0 || sees > 0) {
            const int keys = sees < warps * MMA_ROWS ? sees : warps * MMA_ROWS;
            add_joint_query_gradient<P, DH, FAST>(a, g, head, d_s + (first - row0) * stride, stride, k, first, unit % PARTS, keys,
                                                  key0 > 0);
        }
    }
}

// The most warps of a small block, of which a multiprocessor has two: others than tf32 have too few registers for five.
template <class P>
constexpr int SMALL = std::is_same_v<P, Tf32> ? 5 : 4;
constexpr int LARGE = 8;

// Grid (batch * heads, 1, replicas).
template <class P, int DH, bool FAST, int WARPS>
__global__ void __launch_bounds__(WARPS* WARP, WARPS == LARGE ? 1 : 2)
    attention_mma_joint_gradient_kernel(AttentionView a, AttentionGradients g, JointPlaces places) {
    constexpr int STRIDE = VALUE_STRIDE<DH>;
    EM_DYNAMIC_SHARED(float, shared);
    EM_SHARED(TileNumbers, numbers, [2]);
    const int block_keys = static_cast<int>(blockDim.x) / WARP * MMA_ROWS;
    const int queries = static_cast<int>(a.queries);
    const int keys = static_cast<int>(a.keys);
    float* const k = shared + places.k;
    float* const d_s = shared + places.d_s;
    AsyncCopies copies;
    for (unsigned r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head = head_of(a, r, found_anew(blockIdx.x));
        for (int key0 = 0; key0 < keys; key0 += block_keys) {
            const int hidden = a.causal && key0 > 0 ? key0 - (keys - queries) : 0;
            const int first_row = hidden > 0 ? hidden / TILE * TILE : 0;
#pragma unroll 1
            for (int some = 0; some < block_keys; some += MMA_ROWS) {
                const int from = key0 + some < keys ? key0 + some : keys - 1;
                bring_rows<DH, MMA_ROWS, FAST>(copies, keys - key0 - some, a,
                                               RowsOf<STRIDE>{k + some * STRIDE, head.key(a.k, a, from), a.key_stride});
            }
            bring_queries<DH, FAST>(copies, shared, a, g, head, first_row);
            if (key0 == 0) {
                find_deltas<P, DH, FAST>(a, g, head, block_keys);
            }
            bring_numbers(copies, numbers[0], a, g, head, first_row);
            copies.commit();
            const int mine0 = key0 + warp_index() * MMA_ROWS;
            KeyGradient<P, DH, FAST> mine(a, head, mine0,
                                          reinterpret_cast<uint4*>(shared + places.operands) + warp_index() * 2 * OPERANDS<P, DH>);
            int used = 0;
            for (int row0 = first_row; row0 < queries; row0 += TILE, used ^= 1) {
                copies.wait<0>();
                __syncthreads();
                if (row0 + TILE < queries) {
                    bring_queries<DH, FAST>(copies, shared + (used ^ 1) * TWO_TILES<DH>, a, g, head, row0 + TILE);
                    bring_numbers(copies, numbers[used ^ 1], a, g, head, row0 + TILE);
                    copies.commit();
                }
                const float* const q = shared + used * TWO_TILES<DH>;
                // dS of keys that are not there must be 0: the end is not theirs.
                mine.take_seen(head, q, q + TILE * STRIDE, numbers[used], row0, mine0 + MMA_ROWS, [&](const FragmentC(&slopes)[N]) {
                    float* const to = d_s + lane_word() * places.stride + warp_index() * MMA_ROWS + lane_row();
#pragma unroll
                    for (int i = 0; i < 2 * N; ++i) {
                        float* const query = to + (i / 2 * MMA_COLUMNS + i % 2 * 4) * places.stride;
                        query[0] = slopes[i / 2][i % 2];
                        query[8] = slopes[i / 2][2 + i % 2];
                    }
                });
                __syncthreads();
                add_joint_query_gradients<P, DH, FAST>(a, g, head, d_s, places.stride, k, key0, row0);
            }
            mine.store(g, head_of(a, r, found_anew(blockIdx.x)));
            __syncthreads();
        }
    }
}

template <class P, int DH, bool FAST, int WARPS>
void launch_joint(const CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    int most = WARPS;  // fewer where shared memory has no room for so many
    while (joint_places<P, DH>(most, a.queries).bytes > device.shared_limit()) {
        --most;
    }
    const dim3 block = BlockRows::shape(a, a.keys, most).block;
    const JointPlaces places = joint_places<P, DH>(static_cast<int>(block.x) / WARP, a.queries);
    EM_LAUNCH(device, (attention_mma_joint_gradient_kernel<P, DH, FAST, WARPS>),
              Shape{grid_of(a.batch * a.heads, 1, a.replicas), block, places.bytes}, a, g, places);
}

}  // namespace

void attention_mma_joint_gradient(CudaDevice& device, const AttentionView& a, const AttentionGradients& g) {
    dispatch_gradient(device, a, [&](auto precision, auto width, auto fast) {
        using P = decltype(precision);
        constexpr int DH = decltype(width)::value;
        constexpr bool FAST = decltype(fast)::value;
        if constexpr (DH <= 64) {
            // Two small blocks fill a multiprocessor as a large one does, and wait less; but there must be enough of them.
            const bool enough = a.keys <= SMALL<P> * MMA_ROWS || a.batch * a.heads >= 2 * device.multiprocessors();
            const bool room = joint_places<P, DH>(LARGE, a.queries).bytes <= device.shared_limit();
            if (!FAST || enough || !room) {
                launch_joint<P, DH, FAST, SMALL<P>>(device, a, g);
            } else {
                launch_joint<P, DH, true, LARGE>(device, a, g);
            }
        }
    });
}

}  // namespace em

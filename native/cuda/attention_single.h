// Attention of one query a head, which a read-out at one position needs: every key and value is read once, so bytes decide, 8 Lk Dh a
// head forward and 16 Lk Dh backward. A group of 8 lanes takes a key, and several keys at once, so that much is on its way. A warp keeps a
// running maximum and sums; up to 32 keys a warp has a head to itself and needs no barrier, else eight warps share one and are added in
// order. Which it is depends on the number of keys alone.
#pragma once
#include "cuda/attention.h"

namespace em::single {

constexpr int GROUP = 8;
constexpr int GROUPS = WARP / GROUP;  // of a warp
constexpr int64_t FEW_KEYS = 32;
constexpr int MANY_WARPS = 8;  // of a head with more keys
constexpr int HEADS = 4;       // of a block, with few keys

// Threads of a block, by the warps of a head.
constexpr int threads(int warps) { return WARP * (warps == 1 ? HEADS : warps); }

// Blocks that registers leave room for, of heads of that width.
constexpr int blocks(int width, int warps) { return warps > 1 ? 1 : (width == 32 ? 6 : (width == 64 ? 4 : 2)); }

EM_DEVICE int group_index() { return lane_index() / GROUP; }

// Columns 4 lane .. 4 lane + 3 of a head, and of each 32 columns after: a group reads whole sectors.
template <int DH>
struct Slice {
    static constexpr int COUNT = DH / GROUP;

    EM_DEVICE static int column(int c) { return c / 4 * (4 * GROUP) + static_cast<int>(threadIdx.x) % GROUP * 4 + c % 4; }
    // Zeros where the row is not there.
    EM_DEVICE static void load(const float* row, bool there, const AttentionView& a, float (&values)[COUNT]) {
#pragma unroll
        for (int c = 0; c < COUNT; c += 4) {
            if (a.fours) {
                float4 four = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
                if (there && column(c) < a.head_dim) {
                    four = *reinterpret_cast<const float4*>(row + column(c));
                }
                values[c] = four.x;
                values[c + 1] = four.y;
                values[c + 2] = four.z;
                values[c + 3] = four.w;
            } else {
#pragma unroll
                for (int n = 0; n < 4; ++n) {
                    values[c + n] = there && column(c + n) < a.head_dim ? row[column(c + n)] : 0.0f;
                }
            }
        }
    }
    EM_DEVICE static void store(float* row, const AttentionView& a, const float (&values)[COUNT]) {
#pragma unroll
        for (int c = 0; c < COUNT; c += 4) {
            if (a.fours) {
                if (column(c) < a.head_dim) {
                    store_wide(row + column(c), make_float4(values[c], values[c + 1], values[c + 2], values[c + 3]));
                }
            } else {
#pragma unroll
                for (int n = 0; n < 4; ++n) {
                    if (column(c + n) < a.head_dim) {
                        row[column(c + n)] = values[c + n];
                    }
                }
            }
        }
    }
    // Over the columns of the head, in all lanes of the group.
    EM_DEVICE static float dot(const float (&x)[COUNT], const float (&y)[COUNT]) {
        float sum = 0.0f;
#pragma unroll
        for (int c = 0; c < COUNT; ++c) {
            sum = fmaf(x[c], y[c], sum);
        }
        return lanes_sum<GROUP>(sum);
    }
};

// Over the groups of a warp; all lanes get the result.
EM_DEVICE float groups_sum(float value) {
#pragma unroll
    for (int distance = GROUP; distance < WARP; distance *= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    return value;
}

EM_DEVICE float groups_max(float value) {
#pragma unroll
    for (int distance = GROUP; distance < WARP; distance *= 2) {
        value = fmaxf(value, __shfl_xor_sync(ALL_LANES, value, distance));
    }
    return value;
}

// Where a warp is: which head, and which of the head's WARPS warps. Key i of a turn is key(first, i).
template <int WARPS>
struct Place {
    int64_t head;
    int warp;

    EM_DEVICE Place() {
        head = WARPS == 1 ? static_cast<int64_t>(blockIdx.x) * HEADS + warp_index() : blockIdx.x;
        warp = WARPS == 1 ? 0 : warp_index();
    }
    EM_DEVICE int64_t key(int64_t first, int i) const { return first + (i * WARPS + warp) * GROUPS + group_index(); }
};

// Blocks for all heads of a replica: body(width of a head, warps of a head).
template <class Body>
void dispatch(const AttentionView& a, Body&& body) {
    dispatch_head_dim(a.head_dim, [&](auto width) {
        if (a.keys <= FEW_KEYS) {
            body(width, std::integral_constant<int, 1>());
        } else {
            body(width, std::integral_constant<int, MANY_WARPS>());
        }
    });
}

inline Shape shape_of(const AttentionView& a, int warps) {
    const int64_t heads = a.batch * a.heads;
    return {grid_of(warps == 1 ? ceil_div(heads, HEADS) : heads, 1, a.replicas), dim3(static_cast<unsigned>(threads(warps)))};
}

}  // namespace em::single

// General draws, and looking numbers up. Words and integers are those of the Java definition bit for bit.
#include "cpu/kernels.h"
#include "cpu/normals.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {
namespace {

EM_INLINE void draw_tokens(const RandomLane& lane, int64_t bound, int64_t columns, int32_t* out) {
    for (int64_t first = 0; first < columns; first += 4) {
        const PhiloxBlock block = philox(lane.k0, lane.k1, {{static_cast<uint32_t>(first >> 2), lane.sample, lane.step, lane.lane}});
        for (int64_t i = 0; i < 4 && first + i < columns; ++i) {
            out[first + i] = static_cast<int32_t>((static_cast<uint64_t>(block.word[i]) * static_cast<uint64_t>(bound)) >> 32);
        }
    }
}

EM_INLINE void draw_normals(const RandomLane& lane, float scale, int64_t columns, float* out) {
    constexpr int64_t PIECE = 4 * LANES;
    float piece[PIECE];
    for (int64_t first = 0; first < columns; first += PIECE) {
        normals(lane, first, piece);
        for (int64_t i = 0; i < PIECE && first + i < columns; ++i) {
            out[first + i] = piece[i] * scale;
        }
    }
}

// The first entries of a shuffle (Fisher & Yates) of 0 .. bound - 1; deck: room for all of them.
EM_INLINE void draw_permutation(const RandomLane& lane, int64_t bound, int64_t columns, int32_t* deck, int32_t* out) {
    for (int64_t v = 0; v < bound; ++v) {
        deck[v] = static_cast<int32_t>(v);
    }
    for (int64_t i = 0; i < columns; ++i) {
        const int64_t drawn = i + lane.bounded(i, bound - i);
        out[i] = deck[drawn];
        deck[drawn] = deck[i];
    }
}

}  // namespace

void draw(Device& device, const em_draw_args& a) {
    each_task(device, a.replicas * a.rows, a.what == EM_PERMUTATIONS ? a.bound : 0, [&](int64_t task, float* scratch) {
        const int64_t r = task / a.rows;
        const int64_t n = task % a.rows;
        const RandomLane lane = lane_of(data<int32_t>(a.keys, r), static_cast<uint32_t>(a.lane), data<int32_t>(a.step, r)[0], n, 0);
        int32_t* out = data<int32_t>(a.out, r) + n * a.columns;
        if (a.what == EM_TOKENS) {
            draw_tokens(lane, a.bound, a.columns, out);
        } else if (a.what == EM_NORMALS) {
            draw_normals(lane, a.scale, a.columns, data(a.out, r) + n * a.columns);
        } else {
            draw_permutation(lane, a.bound, a.columns, reinterpret_cast<int32_t*>(scratch), out);
        }
    });
}

void gather(Device& device, const em_gather_args& a) {
    each_task(device, a.replicas * a.rows, 0, [&](int64_t task, float*) {
        const int64_t r = task / a.rows;
        const int64_t n = task % a.rows;
        const int32_t* table = data<int32_t>(a.table, r) + (a.table_rows == 1 ? 0 : n * a.table_columns);
        const int32_t* index = data<int32_t>(a.index, r) + n * a.columns;
        int32_t* out = data<int32_t>(a.out, r) + n * a.columns;
        for (int64_t k = 0; k < a.columns; ++k) {
            EM_REQUIRE(index[k] >= 0 && index[k] < a.table_columns, "index %d is not in 0..%lld", index[k], (long long)a.table_columns - 1);
            out[k] = table[index[k]];
        }
    });
}

}  // namespace em::EM_ISA

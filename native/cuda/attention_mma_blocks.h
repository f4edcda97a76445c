// The blocks of attention on tensor cores: which rows of which head a block takes, which keys they see, and for which precisions and widths
// kernels are compiled.
#pragma once
#include "cuda/attention_mma.h"

namespace em {

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

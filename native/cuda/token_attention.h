// What both passes of attention over tokens share: a single query a head, and tokens that all heads share. A block takes up to 64 tokens of
// a sequence, a piece, and four heads at once: it reads the tokens once from memory, for the products of all heads, and once more from the
// L1 cache, for the sums. The last block of a sequence to finish adds the pieces in order. How tokens are cut depends on their number
// alone, so bits do not depend on the replicas. Bytes: 4 L D a sequence forward, 8 L D backward, whatever the heads are (up to four;
// further fours come from the cache).
#pragma once
#include "cuda/kernels.h"
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em::gpu::token_attention_parts {

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / WARP;
constexpr int HEADS = 4;              // at once
constexpr int ROWS = WARP / HEADS;    // tokens of a warp at once: a lane for each product
constexpr int TOKENS = ROWS * WARPS;  // of a piece

struct Tokens {
    View<float> q, x, p, out;
    View<float> d_out, d_q, d_x, d_s;  // backward
    int64_t replicas, batch, heads, length, width, pieces;
    int across;  // threads beside each other in a row, a power of two
    float scale;
    float* sums;   // (replicas, batch, heads, pieces, width): each piece's
    float* stats;  // (replicas, batch, heads, pieces, 2): largest score and sum of weights of each piece; forward
    unsigned* tickets;
};

// Where a block is.
struct Piece {
    int b, piece, first;  // first: its first token
    int count;            // of its tokens

    EM_DEVICE explicit Piece(const Tokens& a) {
        b = static_cast<int>(quotient(blockIdx.x, a.pieces));
        piece = static_cast<int>(blockIdx.x - b * a.pieces);
        first = piece * TOKENS;
        count = static_cast<int>(a.length - first < TOKENS ? a.length - first : TOKENS);
    }
};

// Of four heads at once those from `first`.
struct Four {
    int first, count;

    EM_DEVICE Four(const Tokens& a, int four) {
        first = four * HEADS;
        count = static_cast<int>(a.heads - first < HEADS ? a.heads - first : HEADS);
    }
};

// Sum number `lane` of 32 over all lanes. Each is added in the same order as by lanes_sum.
template <int DISTANCE = WARP / 2>
EM_DEVICE float scattered_sums(float (&values)[WARP]) {
    if constexpr (DISTANCE == 0) {
        return values[0];
    } else {
        const bool upper = (lane_index() & DISTANCE) != 0;
#pragma unroll
        for (int i = 0; i < DISTANCE; ++i) {
            const float kept = upper ? values[i + DISTANCE] : values[i];
            const float given = upper ? values[i] : values[i + DISTANCE];
            values[i] = kept + __shfl_xor_sync(ALL_LANES, given, DISTANCE);
        }
        return scattered_sums<DISTANCE / 2>(values);
    }
}

// products[t][h] = factor * vector h . token t, for the tokens of a piece.
template <int V>
EM_DEVICE void all_products(const Tokens& a, int heads, const float* vectors, const float* tokens, int count, float factor,
                            float* products) {
    float sums[WARP] = {};
    const float* const rows = tokens + warp_index() * a.width;
    // 32-bit indices within a piece, which take fewer registers.
    const int width = static_cast<int>(a.width);
#pragma unroll 1
    for (int column = lane_index() * V; column < width; column += WARP * V) {
        Vec<V> x[ROWS];
#pragma unroll
        for (int i = 0; i < ROWS; ++i) {
            x[i] = warp_index() + WARPS * i < count ? load<V>(rows + (i * WARPS * width + column)) : zeros<V>();
        }
#pragma unroll
        for (int h = 0; h < HEADS; ++h) {
            const Vec<V> vector = h < heads ? load<V>(vectors + (h * width + column)) : zeros<V>();
#pragma unroll
            for (int i = 0; i < ROWS; ++i) {
#pragma unroll
                for (int k = 0; k < V; ++k) {
                    sums[i * HEADS + h] = fmaf(vector.at[k], x[i].at[k], sums[i * HEADS + h]);
                }
            }
        }
    }
    const float sum = scattered_sums(sums);
    const int t = warp_index() + WARPS * (lane_index() / HEADS);
    if (t < count) {
        products[t * HEADS + lane_index() % HEADS] = factor * sum;
    }
}

// vector . token, in all lanes; added in the order of all_products.
template <int V>
EM_DEVICE float product(const Tokens& a, const float* vector, const float* token) {
    float sum = 0.0f;
    for (int64_t column = lane_index() * V; column < a.width; column += WARP * V) {
        const Vec<V> x = load<V>(token + column);
        const Vec<V> y = load<V>(vector + column);
#pragma unroll
        for (int k = 0; k < V; ++k) {
            sum = fmaf(y.at[k], x.at[k], sum);
        }
    }
    return lanes_sum(sum);
}

template <int V>
EM_DEVICE void keep(float* shared, const Vec<V>& v) {
    if constexpr (V == 4) {
        *reinterpret_cast<float4*>(shared) = make_float4(v.at[0], v.at[1], v.at[2], v.at[3]);
    } else {
        *shared = v.at[0];
    }
}

template <int V>
EM_DEVICE void add_product(Vec<V>& to, float weight, const Vec<V>& x) {
#pragma unroll
    for (int k = 0; k < V; ++k) {
        to.at[k] = fmaf(weight, x.at[k], to.at[k]);
    }
}

// Rows of vectors to whole blocks: thread `me` has columns V * (me % across), and of the tokens those of group me / across.
struct Split {
    int across, groups, group, place;

    EM_DEVICE explicit Split(int across) : across(across) {
        const int me = static_cast<int>(threadIdx.x);
        group = me / across;
        place = me - group * across;
        groups = THREADS / across;
    }
};

// Adds the sums of all groups of tokens in order: to(h, sum) gets those of head h. All threads come; ends in a barrier.
template <int V, class To>
EM_DEVICE void add_groups(const Split& s, const Four& four, bool inside, const Vec<V> (&sums)[HEADS], float* partial, const To& to) {
    const int me = static_cast<int>(threadIdx.x);
#pragma unroll
    for (int h = 0; h < HEADS; ++h) {
        keep(partial + (h * THREADS + me) * V, sums[h]);
    }
    __syncthreads();
    for (int h = s.group; h < four.count && inside; h += s.groups) {
        Vec<V> total = zeros<V>();
        for (int group = 0; group < s.groups; ++group) {
            add(total, load<V>(partial + (h * THREADS + group * s.across + s.place) * V));
        }
        to(h, total);
    }
    __syncthreads();
}

// to = sum over pieces of their sums, each times its factor: that of the forward pass, or one.
template <int V>
EM_DEVICE void add_pieces(const Tokens& a, const Split& s, const float* sums, const float* stats, float* to) {
    for (int64_t column = s.place * V; column < a.width; column += s.across * V) {
        Vec<V> total = zeros<V>();
#pragma unroll 4
        for (int64_t i = 0; i < a.pieces; ++i) {
            add_product(total, stats == nullptr ? 1.0f : stats[2 * i], load<V>(sums + i * a.width + column));
        }
        store(to + column, total);
    }
}

inline Tokens tokens_of(CudaDevice& device, const em_token_attention_args& a, bool fours, int64_t tickets) {
    const int64_t vectors = a.width / (fours ? 4 : 1);
    const int64_t pieces = ceil_div(a.length, TOKENS);
    const int64_t cells = a.replicas * a.batch * a.heads * pieces;
    Tokens tokens{view(a.q), view(a.x), view(a.p), view(a.out), {}, {},      {},      {},      a.replicas, a.batch,
                  a.heads,   a.length,  a.width,   pieces,      1,  a.scale, nullptr, nullptr, nullptr};
    while (tokens.across < THREADS && tokens.across < vectors) {
        tokens.across *= 2;
    }
    if (pieces > 1) {
        tokens.sums = device.workspace(cells * (a.width + 2));
        tokens.stats = tokens.sums + cells * a.width;
        tokens.tickets = device.tickets(a.replicas * a.batch * tickets);
    }
    return tokens;
}

}  // namespace em::gpu::token_attention_parts

// Attention of a single query a head over tokens that all heads share. A block takes up to 64 tokens of a sequence, a piece, and four heads
// at once: it reads the tokens once from memory, for the products of all heads, and once more from the L1 cache, for the sums. The last
// block of a sequence to finish adds the pieces in order. How tokens are cut depends on their number alone, so bits do not depend on the
// replicas. Bytes: 4 L D a sequence forward, 8 L D backward, whatever the heads are (up to four; further fours come from the cache).
#include "cuda/kernels.h"
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / WARP;
constexpr int HEADS = 4;                // at once
constexpr int ROWS = WARP / HEADS;      // tokens of a warp at once: a lane for each product
constexpr int TOKENS = ROWS * WARPS;    // of a piece

struct Tokens {
    View<float> q, x, p, out;
    View<float> d_out, d_q, d_x, d_s;  // backward
    int64_t replicas, batch, heads, length, width, pieces;
    int across;     // threads beside each other in a row, a power of two
    float scale;
    float* sums;    // (replicas, batch, heads, pieces, width): each piece's
    float* stats;   // (replicas, batch, heads, pieces, 2): largest score and sum of weights of each piece; forward
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

EM_DEVICE float larger(float a, float b) { return a > b || a != a ? a : b; }

EM_DEVICE float base_of(float largest) { return largest == -INFINITY ? 0.0f : largest; }

// A head's scores of a piece, by a warp: they become weights, and where the piece is all there is probabilities.
EM_DEVICE void weigh(const Tokens& a, const Piece& at, int h, float* scores, float* row, float* stats) {
    float largest = -INFINITY;
    for (int t = lane_index(); t < at.count; t += WARP) {
        largest = larger(scores[t * HEADS + h], largest);
    }
    largest = lanes_max(largest);
    float total = 0.0f;
    for (int t = lane_index(); t < at.count; t += WARP) {
        const float score = scores[t * HEADS + h];
        const float weight = expf(score - base_of(largest));
        total += weight;
        scores[t * HEADS + h] = weight;
        if (a.pieces > 1) {
            row[at.first + t] = score;
        }
    }
    total = lanes_sum(total);
    if (a.pieces > 1) {
        if (lane_index() == 0) {
            stats[2 * at.piece] = largest;
            stats[2 * at.piece + 1] = total;
        }
        return;
    }
    for (int t = lane_index(); t < at.count; t += WARP) {
        const float weight = total == 0.0f ? 0.0f : scores[t * HEADS + h] / total;
        scores[t * HEADS + h] = weight;
        row[t] = weight;
    }
}

// What makes probabilities of the scores of a head.
struct Share {
    float base, total;

    EM_DEVICE float of(float score) const { return total == 0.0f ? 0.0f : expf(score - base) / total; }
};

// By a warp: each piece's largest score becomes the factor of its sum.
EM_DEVICE Share finish_stats(const Tokens& a, float* stats) {
    float largest = -INFINITY;
    for (int64_t i = lane_index(); i < a.pieces; i += WARP) {
        largest = larger(stats[2 * i], largest);
    }
    Share share{base_of(lanes_max(largest)), 0.0f};
    for (int64_t i = lane_index(); i < a.pieces; i += WARP) {
        share.total = fmaf(stats[2 * i + 1], expf(stats[2 * i] - share.base), share.total);
    }
    share.total = lanes_sum(share.total);
    for (int64_t i = lane_index(); i < a.pieces; i += WARP) {
        stats[2 * i] = share.of(stats[2 * i]);
    }
    return share;
}

// Scores of a head become probabilities, by TOKENS threads of which this is `mine`. The next ones are read before the last are written.
EM_DEVICE void finish_row(const Tokens& a, const Share& share, int mine, float* row) {
    constexpr int AT_ONCE = 4;
    for (int64_t first = mine; first < a.length; first += AT_ONCE * TOKENS) {
        float scores[AT_ONCE];
#pragma unroll
        for (int i = 0; i < AT_ONCE; ++i) {
            scores[i] = first + i * TOKENS < a.length ? row[first + i * TOKENS] : 0.0f;
        }
#pragma unroll
        for (int i = 0; i < AT_ONCE; ++i) {
            if (first + i * TOKENS < a.length) {
                row[first + i * TOKENS] = share.of(scores[i]);
            }
        }
    }
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

// Grid (batch * pieces, fours of heads, replicas).
template <int V>
__global__ void __launch_bounds__(THREADS, 2) token_attention_kernel(Tokens a) {
    EM_SHARED(float, weights, [TOKENS * HEADS]);
    EM_SHARED(float, partial, [HEADS * THREADS * V]);
    EM_SHARED(Share, shares, [HEADS]);
    EM_SHARED(int, is_last, [1]);
    const Piece at(a);
    const Four four(a, static_cast<int>(blockIdx.y));
    const Split s(a.across);
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const int64_t head = at.b * a.heads + four.first;
        const int64_t cell = (r * a.batch * a.heads + head) * a.pieces;
        const float* tokens = a.x(r) + (at.b * a.length + at.first) * a.width;
        all_products<V>(a, four.count, a.q(r) + head * a.width, tokens, at.count, a.scale, weights);
        __syncthreads();
        const int h = warp_index();
        if (h < four.count) {
            weigh(a, at, h, weights, a.p(r) + (head + h) * a.length, a.stats + 2 * (cell + h * a.pieces));
        }
        __syncthreads();
        for (int64_t start = 0; start < a.width; start += s.across * V) {
            const int64_t column = start + s.place * V;
            Vec<V> sums[HEADS] = {};
#pragma unroll 4
            for (int t = s.group; t < at.count && column < a.width; t += s.groups) {
                const Vec<V> x = load<V>(tokens + t * a.width + column);
                const Vec<HEADS> weight = load<HEADS>(weights + t * HEADS);
#pragma unroll
                for (int i = 0; i < HEADS; ++i) {
                    add_product(sums[i], weight.at[i], x);
                }
            }
            add_groups<V>(s, four, column < a.width, sums, partial, [&](int i, const Vec<V>& sum) {
                float* const whole = a.out(r) + (head + i) * a.width;
                store((a.pieces == 1 ? whole : a.sums + (cell + i * a.pieces + at.piece) * a.width) + column, sum);
            });
        }
        unsigned* const ticket = a.tickets + (r * a.batch + at.b) * gridDim.y + blockIdx.y;
        if (a.pieces == 1 || !last_block(ticket, static_cast<unsigned>(a.pieces), is_last)) {
            continue;
        }
        if (h < four.count) {
            const Share share = finish_stats(a, a.stats + 2 * (cell + h * a.pieces));
            if (lane_index() == 0) {
                shares[h] = share;
            }
        }
        __syncthreads();
        const int part = static_cast<int>(threadIdx.x) / TOKENS;
        if (part < four.count) {
            finish_row(a, shares[part], static_cast<int>(threadIdx.x) % TOKENS, a.p(r) + (head + part) * a.length);
        }
        for (int i = s.group; i < four.count; i += s.groups) {
            const int64_t place = cell + i * a.pieces;
            add_pieces<V>(a, s, a.sums + place * a.width, a.stats + 2 * place, a.out(r) + (head + i) * a.width);
        }
        __syncthreads();
    }
}

// With dP = dOut X^T and delta = dOut . out, which is the sum of P dP: dS = scale P (dP - delta), dQ = dS X, dX = dS^T Q + P^T dOut. Where
// one token takes all, its output is the token itself and delta its dP to the bit: both are added in the same order. Grid (batch * pieces,
// 1, replicas).
template <int V>
__global__ void __launch_bounds__(THREADS) token_attention_backward_kernel(Tokens a) {
    EM_SHARED(float, slopes, [TOKENS * HEADS]);
    EM_SHARED(float, weights, [TOKENS * HEADS]);
    EM_SHARED(float, deltas, [HEADS]);
    EM_SHARED(float, partial, [HEADS * THREADS * V]);
    EM_SHARED(int, is_last, [1]);
    const Piece at(a);
    const Split s(a.across);
    // A thread for each head and token.
    const int h = static_cast<int>(threadIdx.x) / TOKENS;
    const int mine = static_cast<int>(threadIdx.x) % TOKENS;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const int64_t token = at.b * a.length + at.first;
        const float* tokens = a.x(r) + token * a.width;
        for (int f = 0; f * HEADS < a.heads; ++f) {
            const Four four(a, f);
            const int64_t head = at.b * a.heads + four.first;
            const float* d_out = a.d_out(r) + head * a.width;
            const bool inside = h < four.count && mine < at.count;
            const float weight = inside ? a.p(r)[(head + h) * a.length + at.first + mine] : 0.0f;
            all_products<V>(a, four.count, d_out, tokens, at.count, 1.0f, slopes);
            if (warp_index() < four.count) {
                const float delta =
                    product<V>(a, d_out + warp_index() * a.width, a.out(r) + (head + warp_index()) * a.width);
                if (lane_index() == 0) {
                    deltas[warp_index()] = delta;
                }
            }
            __syncthreads();
            if (mine < at.count) {
                const int place = mine * HEADS + h;
                const float slope = weight == 0.0f ? 0.0f : weight * (slopes[place] - deltas[h]) * a.scale;
                slopes[place] = slope;
                weights[place] = weight;
                if (inside) {
                    a.d_s(r)[(head + h) * a.length + at.first + mine] = slope;
                }
            }
            __syncthreads();
            for (int64_t start = 0; start < a.width; start += s.across * V) {
                const int64_t column = start + s.place * V;
                const bool has = column < a.width;
                Vec<V> query[HEADS];
                Vec<V> gradient[HEADS];
                Vec<V> sums[HEADS] = {};
#pragma unroll
                for (int i = 0; i < HEADS; ++i) {
                    query[i] = has && i < four.count ? load<V>(a.q(r) + (head + i) * a.width + column) : zeros<V>();
                    gradient[i] = has && i < four.count ? load<V>(d_out + i * a.width + column) : zeros<V>();
                }
#pragma unroll 1
                for (int t = s.group; t < at.count && has; t += s.groups) {
                    const Vec<V> x = load<V>(tokens + t * a.width + column);
                    const Vec<HEADS> slope = load<HEADS>(slopes + t * HEADS);
                    const Vec<HEADS> share = load<HEADS>(weights + t * HEADS);
                    float* const to = a.d_x(r) + (token + t) * a.width + column;
                    Vec<V> d_x = f == 0 ? zeros<V>() : load<V>(to);
#pragma unroll
                    for (int i = 0; i < HEADS; ++i) {
                        add_product(sums[i], slope.at[i], x);
                        add_product(d_x, slope.at[i], query[i]);
                        add_product(d_x, share.at[i], gradient[i]);
                    }
                    store(to, d_x);
                }
                add_groups<V>(s, four, has, sums, partial, [&](int i, const Vec<V>& sum) {
                    float* const piece = a.sums + ((r * a.batch * a.heads + head + i) * a.pieces + at.piece) * a.width;
                    store((a.pieces == 1 ? a.d_q(r) + (head + i) * a.width : piece) + column, sum);
                });
            }
        }
        if (a.pieces > 1 && last_block(a.tickets + r * a.batch + at.b, static_cast<unsigned>(a.pieces), is_last)) {
            for (int64_t i = at.b * a.heads + s.group; i < (at.b + 1) * a.heads; i += s.groups) {
                add_pieces<V>(a, s, a.sums + (r * a.batch * a.heads + i) * a.pieces * a.width, nullptr, a.d_q(r) + i * a.width);
            }
            __syncthreads();
        }
    }
}

Tokens tokens_of(CudaDevice& device, const em_token_attention_args& a, bool fours, int64_t tickets) {
    const int64_t vectors = a.width / (fours ? 4 : 1);
    const int64_t pieces = ceil_div(a.length, TOKENS);
    const int64_t cells = a.replicas * a.batch * a.heads * pieces;
    Tokens tokens{view(a.q), view(a.x), view(a.p), view(a.out), {}, {}, {}, {}, a.replicas, a.batch, a.heads, a.length, a.width, pieces, 1,
                  a.scale,   nullptr,   nullptr,   nullptr};
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

}  // namespace

void token_attention(Device& d, const em_token_attention_args& a) {
    const bool fours = by_fours(a.replicas, a.width, a.q, a.x, a.out);
    const int64_t heads = ceil_div(a.heads, HEADS);
    const Tokens tokens = tokens_of(cuda(d), a, fours, heads);
    const Shape shape{grid_of(a.batch * tokens.pieces, heads, a.replicas), dim3(THREADS)};
    EM_LAUNCH(cuda(d), (fours ? token_attention_kernel<4> : token_attention_kernel<1>), shape, tokens);
}

void token_attention_backward(Device& d, const em_token_attention_backward_args& g) {
    const em_token_attention_args& a = g.forward;
    const bool fours = by_fours(a.replicas, a.width, a.q, a.x, a.out, g.d_out, g.d_q, g.d_x);
    Tokens tokens = tokens_of(cuda(d), a, fours, 1);
    tokens.d_out = view(g.d_out);
    tokens.d_q = view(g.d_q);
    tokens.d_x = view(g.d_x);
    tokens.d_s = view(g.d_s);
    const Shape shape{grid_of(a.batch * tokens.pieces, 1, a.replicas), dim3(THREADS)};
    EM_LAUNCH(cuda(d), (fours ? token_attention_backward_kernel<4> : token_attention_backward_kernel<1>), shape, tokens);
}

}  // namespace em::gpu

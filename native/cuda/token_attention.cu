// The forward pass of attention over tokens (token_attention.h): P = softmax(scale Q X^T), O = P X. Each piece has a softmax of its own,
// and leaves its scores in P; the last block of a sequence makes one of them.
#include "cuda/token_attention.h"

namespace em::gpu {
namespace {

using namespace token_attention_parts;

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

}  // namespace

void token_attention(Device& d, const em_token_attention_args& a) {
    const bool fours = by_fours(a.replicas, a.width, a.q, a.x, a.out);
    const int64_t heads = ceil_div(a.heads, HEADS);
    const Tokens tokens = tokens_of(cuda(d), a, fours, heads);
    const Shape shape{grid_of(a.batch * tokens.pieces, heads, a.replicas), dim3(THREADS)};
    EM_LAUNCH(cuda(d), (fours ? token_attention_kernel<4> : token_attention_kernel<1>), shape, tokens);
}

}  // namespace em::gpu

// The backward pass of attention over tokens (token_attention.h).
#include "cuda/token_attention.h"

namespace em::gpu {
namespace {

using namespace token_attention_parts;

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
                const float delta = product<V>(a, d_out + warp_index() * a.width, a.out(r) + (head + warp_index()) * a.width);
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

}  // namespace

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

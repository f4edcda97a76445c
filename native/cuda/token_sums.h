// Sums over the rows of equal tokens, in the order of the rows and without atomics.
#pragma once
#include "cuda/reduce.h"

namespace em {

constexpr int SCAN_WARPS = 8;
constexpr int SCAN_COLUMNS = 4;  // a lane's
constexpr int SCAN_AHEAD = 4;    // times 32 tokens are on their way to a warp at once
constexpr int SCAN_FLOATS = SCAN_WARPS * SCAN_COLUMNS * WARP;

// dTable[token] = sum of dOut over the rows with that token.
struct TokenSums {
    View<int32_t> tokens;
    View<float> d_out, d_table;
    int64_t rows, vocabulary, width;

    int64_t blocks() const { return vocabulary * ceil_div(width, WARP * SCAN_COLUMNS); }
};

inline TokenSums token_sums_of(const em_embed_backward_args& a) {
    return {view<int32_t>(a.tokens), view(a.d_out), view(a.d_table), a.rows, a.vocabulary, a.width};
}

// What a block of SCAN_WARPS warps does for a replica: one entry of the vocabulary and 128 columns. Its warps each look through an eighth
// of the tokens, 32 at a time, and add the rows that match in order; then the eighths are added in order. `partial` has SCAN_FLOATS. All
// threads come; ends in a barrier.
EM_DEVICE void sum_tokens(const TokenSums& a, int64_t r, int64_t block, float* partial) {
    const int lane = lane_index();
    const int warp = warp_index();
    const int64_t across = ceil_div(a.width, WARP * SCAN_COLUMNS);
    const int64_t entry = quotient(block, across);
    const int64_t column = (block - entry * across) * WARP * SCAN_COLUMNS + lane;
    const int64_t share = ceil_div(ceil_div(a.rows, SCAN_WARPS), WARP) * WARP;
    const int64_t end = (warp + 1) * share < a.rows ? (warp + 1) * share : a.rows;
    float sums[SCAN_COLUMNS] = {};
    for (int64_t first = warp * share; first < end; first += SCAN_AHEAD * WARP) {
        int32_t token[SCAN_AHEAD];
#pragma unroll
        for (int i = 0; i < SCAN_AHEAD; ++i) {
            const int64_t row = first + i * WARP + lane;
            token[i] = row < end ? a.tokens(r)[row] : -1;
        }
#pragma unroll
        for (int i = 0; i < SCAN_AHEAD; ++i) {
            uint32_t matches = __ballot_sync(ALL_LANES, token[i] == static_cast<int32_t>(entry));
            for (; matches != 0; matches &= matches - 1) {
                const float* from = a.d_out(r) + (first + i * WARP + __ffs(static_cast<int>(matches)) - 1) * a.width;
#pragma unroll
                for (int k = 0; k < SCAN_COLUMNS; ++k) {
                    sums[k] += column + k * WARP < a.width ? from[column + k * WARP] : 0.0f;
                }
            }
        }
    }
#pragma unroll
    for (int k = 0; k < SCAN_COLUMNS; ++k) {
        partial[(warp * SCAN_COLUMNS + k) * WARP + lane] = sums[k];
    }
    __syncthreads();
    if (warp < SCAN_COLUMNS && column + warp * WARP < a.width) {
        float sum = 0.0f;
        for (int w = 0; w < SCAN_WARPS; ++w) {
            sum += partial[(w * SCAN_COLUMNS + warp) * WARP + lane];
        }
        a.d_table(r)[entry * a.width + column + warp * WARP] = sum;
    }
    __syncthreads();
}

}  // namespace em

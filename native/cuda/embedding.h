// Rows of a table that tokens name, alone or with the vectors of their positions.
#pragma once
#include "common/operations.h"
#include "cuda/launch.h"
#include "cuda/vectors.h"

namespace em::gpu {

struct Embed {
    View<int32_t> tokens;
    View<float> table, out;
    int64_t vocabulary, width;
    int32_t* complaints;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t row, int64_t column) const {
        const int32_t token = tokens(r)[row];
        if (token < 0 || token >= vocabulary) {
            complain(complaints, BAD_TOKEN);
            return;
        }
        store(out(r) + row * width + column, load<V>(table(r) + token * width + column));
    }
};

struct PlacedToken {
    Embed plain;
    View<float> positions;
    int64_t length;

    template <int V>
    EM_DEVICE void element(int64_t r, int64_t row, int64_t column) const {
        const int32_t token = plain.tokens(r)[row];
        if (token < 0 || token >= plain.vocabulary) {
            complain(plain.complaints, BAD_TOKEN);
            return;
        }
        Vec<V> sum = load<V>(plain.table(r) + token * plain.width + column);
        add(sum, load<V>(positions(r) + (row - quotient(row, length) * length) * plain.width + column));
        store(plain.out(r) + row * plain.width + column, sum);
    }
};

inline Embed embed_of(Device& d, const em_embed_args& a) {
    return {view<int32_t>(a.tokens), view(a.table), view(a.out), a.vocabulary, a.width, cuda(d).complaints()};
}

inline PlacedToken placed_token_of(Device& d, const em_embed_args& a, const em_add_positions_args& positions) {
    return {embed_of(d, a), view(positions.positions), positions.length};
}

}  // namespace em::gpu

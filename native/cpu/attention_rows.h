// Probabilities of listed queries and keys, without the rest of their rows.
#pragma once
#include "cpu/attention_lists.h"
#include "cpu/attention_short.h"
#include "cpu/tiles.h"

namespace em::EM_ISA {

// The entries of a list that belong to the sequence of a head.
class List {
public:
    EM_INLINE List(const Head& head, const em_attention_list& list) : head_(head), list_(list) {
        const int64_t sequence = list.sequences == 1 ? 0 : head.b;
        queries_ = data<int32_t>(list.queries, head.r) + sequence * list.entries;
        keys_ = list.keys.buffer == nullptr ? nullptr : data<int32_t>(list.keys, head.r) + sequence * list.entries * list.width;
    }

    // -1: none. Raises an Error for a query that the attention does not have.
    EM_INLINE int64_t query(int64_t entry) const {
        const int32_t query = queries_[entry];
        EM_REQUIRE(query >= -1 && query < head_.a.queries, "query %d of sequence %lld is not in -1..%lld", query, (long long)head_.b,
                   (long long)head_.a.queries - 1);
        return query;
    }

    EM_INLINE const int32_t* keys(int64_t entry) const { return keys_ + entry * list_.width; }

private:
    const Head& head_;
    const em_attention_list& list_;
    const int32_t* queries_;
    const int32_t* keys_;
};

// Up to LANES keys.
struct Chosen {
    int64_t count;
    int64_t keys[LANES];
};

// Products of a vector of query i with the chosen vectors of `tensor`, summed in the order of the fused kernels.
EM_INLINE Floats chosen_dots(const Head& head, int64_t i, const float* x, const em_tensor& tensor, const Chosen& chosen) {
    const em_attention_args& a = head.a;
    const float* rows[LANES];
    for (int64_t lane = 0; lane < LANES; ++lane) {
        rows[lane] = head.key(tensor, chosen.keys[lane < chosen.count ? lane : chosen.count - 1]);
    }
    if (is_alone(a, i)) {
        return dots(x, a.head_dim, [&](int64_t lane) { return rows[lane]; });
    }
    Floats sums{};
    for (int64_t k = 0; k < a.head_dim; ++k) {
        Floats right{};
        for (int64_t lane = 0; lane < LANES; ++lane) {
            right[lane] = rows[lane][k];
        }
        sums += splat(x[k]) * right;
    }
    return sums;
}

// body(chosen, probabilities) for LANES of the `width` listed keys of query i at a time: for those that it sees, in the order of the list.
template <class Body>
EM_INLINE void each_listed_key(const Head& head, const Slots& slots, int64_t i, const int32_t* listed, int64_t width, Body&& body) {
    const em_attention_args& a = head.a;
    const bool biased = slots.any() || a.bias.buffer != nullptr;
    for (int64_t p = 0; p < width;) {
        Chosen chosen{0, {}};
        for (; p < width && chosen.count < LANES; ++p) {
            EM_REQUIRE(listed[p] >= -1 && listed[p] < a.keys, "key %d of sequence %lld is not in -1..%lld", listed[p], (long long)head.b,
                       (long long)a.keys - 1);
            if (listed[p] >= 0 && listed[p] < head.visible(i)) {
                chosen.keys[chosen.count++] = listed[p];
            }
        }
        if (chosen.count == 0) {
            continue;
        }
        Floats scores = chosen_dots(head, i, head.query(a.q, i), a.k, chosen) * a.scale;
        if (biased) {
            Floats bias{};
            for (int64_t lane = 0; lane < chosen.count; ++lane) {
                bias[lane] = slots.bias(head, i, chosen.keys[lane]);
            }
            scores += bias;
        }
        const float lse = head.statistic(a.lse)[i];
        body(chosen, lse == NOTHING ? Floats{} : exponential_of_small(scores - lse));
    }
}

EM_INLINE float entropy_of(const float* p, int64_t count) {
    Floats total{};
    vectors(0, count, [&](int64_t j, auto access) {
        // Below the smallest normal number p ln p is 0 to rounding, and the logarithm is not defined.
        const Floats x = access.load(p + j);
        total -= x < 1.17549435e-38f ? Floats{} : x * logarithm(x);
    });
    return sum(total);
}

}  // namespace em::EM_ISA

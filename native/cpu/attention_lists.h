// Biases that are given as lists: which of their entries belongs to a query, and what they add to its scores.
#pragma once
#include "cpu/attention_head.h"

namespace em::EM_ISA {

// For each bias, replica, sequence and query the entry that lists it, or -1. In memory that all tasks of an operation share.
class Slots {
public:
    // Room that `fill` needs, in floats.
    EM_INLINE static int64_t size(const em_attention_args& a) {
        int64_t floats = 0;
        for (int32_t n = 0; n < a.listed_count; ++n) {
            floats += a.replicas * a.listed[n].on.sequences * a.queries;
        }
        return floats;
    }

    // Raises an Error for a query or a key that the attention does not have, and for a query that is listed twice.
    Slots(const em_attention_args& a, float* memory) : a_(a) {
        int32_t* to = reinterpret_cast<int32_t*>(memory);
        for (int32_t n = 0; n < a.listed_count; ++n) {
            of_[n] = to;
            to += fill(a.listed[n], to);
        }
    }

    // body(key, strength) for every key that some bias lists for query i of a head.
    template <class Body>
    EM_INLINE void each(const Head& head, int64_t i, Body&& body) const {
        for (int32_t n = 0; n < a_.listed_count; ++n) {
            const em_attention_bias& bias = a_.listed[n];
            const int64_t sequence = bias.on.sequences == 1 ? 0 : head.b;
            const int32_t entry = of_[n][(head.r * bias.on.sequences + sequence) * a_.queries + i];
            if (entry < 0 || (bias.heads.buffer != nullptr && data<int32_t>(bias.heads, head.r)[head.h] == 0)) {
                continue;
            }
            const float strength = data(bias.strength, head.r)[0];
            const int32_t* keys = data<int32_t>(bias.on.keys, head.r) + (sequence * bias.on.entries + entry) * bias.on.width;
            for (int64_t p = 0; p < bias.on.width; ++p) {
                if (keys[p] >= 0) {
                    body(keys[p], strength);
                }
            }
        }
    }

    // What is added to the scores of query i with `columns` keys from `key` on; NULL: nothing. `room` holds that many floats.
    EM_INLINE const float* bias(const Head& head, int64_t i, int64_t key, int64_t columns, float* room) const {
        const float* dense = head.bias(i);
        dense = dense == nullptr ? nullptr : dense + key;
        if (a_.listed_count == 0) {
            return dense;
        }
        __builtin_memset(room, 0, columns * sizeof(float));
        if (dense != nullptr) {
            __builtin_memcpy(room, dense, least(columns, a_.keys - key) * sizeof(float));
        }
        each(head, i, [&](int64_t listed, float strength) {
            if (listed >= key && listed < key + columns) {
                room[listed - key] += strength;
            }
        });
        return room;
    }

    // The same for one key.
    EM_INLINE float bias(const Head& head, int64_t i, int64_t key) const {
        const float* dense = head.bias(i);
        float sum = dense == nullptr ? 0.0f : dense[key];
        each(head, i, [&](int64_t listed, float strength) { sum += listed == key ? strength : 0.0f; });
        return sum;
    }

    EM_INLINE bool any() const { return a_.listed_count > 0; }

private:
    int64_t fill(const em_attention_bias& bias, int32_t* to) const {
        const em_attention_list& list = bias.on;
        const int64_t size = a_.replicas * list.sequences * a_.queries;
        for (int64_t i = 0; i < size; ++i) {
            to[i] = -1;
        }
        for (int64_t task = 0; task < a_.replicas * list.sequences; ++task) {
            const int64_t r = task / list.sequences;
            const int64_t sequence = task % list.sequences;
            for (int64_t e = 0; e < list.entries; ++e) {
                const int32_t listed = data<int32_t>(list.queries, r)[sequence * list.entries + e];
                const int64_t query = listed - bias.first_query;
                EM_REQUIRE(listed >= -1 && query < a_.queries, "query %d of a bias is not in -1..%lld", listed,
                           (long long)(a_.queries + bias.first_query - 1));
                require_keys(list, r, sequence, e);
                if (listed < 0 || query < 0) {
                    continue;
                }
                int32_t& slot = to[task * a_.queries + query];
                EM_REQUIRE(slot < 0, "query %d is listed twice in a bias of sequence %lld", listed, (long long)sequence);
                slot = static_cast<int32_t>(e);
            }
        }
        return size;
    }

    void require_keys(const em_attention_list& list, int64_t r, int64_t sequence, int64_t e) const {
        const int32_t* keys = data<int32_t>(list.keys, r) + (sequence * list.entries + e) * list.width;
        for (int64_t p = 0; p < list.width; ++p) {
            EM_REQUIRE(keys[p] >= -1 && keys[p] < a_.keys, "key %d of a bias is not in -1..%lld", keys[p], (long long)a_.keys - 1);
        }
    }

    const em_attention_args& a_;
    const int32_t* of_[EM_MOST_BIASES] = {};
};

// In memory of the operation's own, which its next call of workspace() would lose.
EM_INLINE Slots slots_of(Device& device, const em_attention_args& a) {
    return Slots(a, a.listed_count == 0 ? nullptr : workspace(device, Slots::size(a)));
}

}  // namespace em::EM_ISA

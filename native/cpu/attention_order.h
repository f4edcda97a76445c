// The order in which attention goes through memory where a sequence fits into the second cache.
#pragma once
#include "cpu/attention_head.h"

namespace em::EM_ISA {

// Vectors of one head are far apart in memory: read or written one after the other, each is waited for. Rows of all heads lie from end to
// end, and there a processor fetches ahead by itself. So a sequence's rows are first read, and those to be written cleared, in that
// order. Then its heads find them in the cache.
class WholeRows {
public:
    EM_INLINE explicit WholeRows(const Head& first) : first_(first), width_(first.a.heads * first.a.head_dim) {}

    // of_query(i) and of_key(i) for token i, in the order of memory.
    template <class OfQuery, class OfKey>
    EM_INLINE void each(OfQuery&& of_query, OfKey&& of_key) const {
        for (int64_t i = 0; i < first_.a.queries || i < first_.a.keys; ++i) {
            if (i < first_.a.queries) {
                of_query(i);
            }
            if (i < first_.a.keys) {
                of_key(i);
            }
        }
    }
    EM_INLINE void read(const float* row) const {
        for (int64_t k = 0; k < width_; k += 16) {
            static_cast<void>(*static_cast<const volatile float*>(row + k));
        }
    }
    EM_INLINE void clear(float* row) const { __builtin_memset(row, 0, width_ * sizeof(float)); }

private:
    const Head& first_;
    int64_t width_;
};

// body(head, memory) for all heads; before(rows, head) once a sequence, with its first head.
template <class Before, class Body>
EM_INLINE void each_head(Device& device, const em_attention_args& a, int64_t scratch, Before&& before, Body&& body) {
    each_task(device, a.replicas * a.batch, scratch, [&](int64_t sequence, float* memory) {
        const Head first(a, sequence * a.heads);
        before(WholeRows(first), first);
        for (int64_t h = 0; h < a.heads; ++h) {
            body(Head(a, sequence * a.heads + h), memory);
        }
    });
}

}  // namespace em::EM_ISA

// Attention of one query a sequence, the read-out's.
#include "cpu/attention_single.h"

#include "cpu/attention_order.h"
#include "cpu/attention_query.h"

namespace em::EM_ISA {
namespace {

// Whether the rows of a sequence stay in the second cache until its last head.
EM_INLINE bool stay(const em_attention_args& a) { return a.keys * a.heads * a.head_dim <= 65536; }

// Brings the keys and values of a sequence into the cache.
EM_INLINE void read_keys(const WholeRows& rows, const Head& first) {
    const em_attention_args& a = first.a;
    if (!stay(a)) {
        return;
    }
    rows.each([](int64_t) {}, [&](int64_t j) { rows.read(first.key(a.k, j)), rows.read(first.key(a.v, j)); });
}

}  // namespace

void attention_single(Device& device, const em_attention_args& a) {
    const Slots slots = slots_of(device, a);
    each_head(device, a, 2 * padded(a.keys), read_keys, [&](const Head& head, float* row) { attend_query(head, slots, 0, row); });
}

void attention_single_backward(Device& device, const em_attention_backward_args& g) {
    const em_attention_args& a = g.forward;
    const Slots slots = slots_of(device, a);
    const auto before = [&](const WholeRows& rows, const Head& first) {
        read_keys(rows, first);
        if (!stay(a)) {
            return;
        }
        rows.each([](int64_t) {}, [&](int64_t j) { rows.clear(first.key(g.d_k, j)), rows.clear(first.key(g.d_v, j)); });
    };
    each_head(device, a, 3 * padded(a.keys), before, [&](const Head& head, float* p) { attend_query_backward(head, g, slots, 0, 0, p); });
}

}  // namespace em::EM_ISA

// The gradient of a bias that is given as a list, and outputs of heads that are put in place of what attention made.
#include "cpu/attention_lists.h"
#include "cpu/attention_rows.h"
#include "cpu/kernels.h"

namespace em::EM_ISA {

// A head sums its own P (dP - delta); heads are added in order.
void attention_bias_backward(Device& device, const em_attention_bias_backward_args& g) {
    const em_attention_args& a = g.forward;
    const em_attention_bias& bias = a.listed[g.which];
    float* partial = workspace(device, heads_of(a) + Slots::size(a));
    const Slots slots(a, partial + heads_of(a));
    each_task(device, heads_of(a), 0, [&](int64_t task, float*) {
        const Head head(a, task);
        const bool biased = bias.heads.buffer == nullptr || data<int32_t>(bias.heads, head.r)[head.h] != 0;
        const int64_t sequence = bias.on.sequences == 1 ? 0 : head.b;
        const int32_t* queries = data<int32_t>(bias.on.queries, head.r) + sequence * bias.on.entries;
        const int32_t* keys = data<int32_t>(bias.on.keys, head.r) + sequence * bias.on.entries * bias.on.width;
        float total = 0;
        for (int64_t e = 0; e < bias.on.entries && biased; ++e) {
            const int64_t i = queries[e] - bias.first_query;
            if (queries[e] < 0 || i < 0) {
                continue;
            }
            const float delta = head.statistic(g.delta)[i];
            each_listed_key(head, slots, i, keys + e * bias.on.width, bias.on.width, [&](const Chosen& chosen, Floats p) {
                const Floats d_p = chosen_dots(head, i, head.output(g.d_out, i), a.v, chosen);
                const Floats terms = p == 0.0f ? Floats{} : p * (d_p - delta);
                for (int64_t lane = 0; lane < chosen.count; ++lane) {
                    total += terms[lane];
                }
            });
        }
        partial[task] = total;
    });
    const int64_t heads = a.batch * a.heads;
    for (int64_t r = 0; r < a.replicas; ++r) {
        double total = g.accumulate != 0 ? data(g.d_strength, r)[0] : 0.0f;
        for (int64_t i = 0; i < heads; ++i) {
            total += partial[r * heads + i];
        }
        data(g.d_strength, r)[0] = static_cast<float>(total);
    }
}

void attention_override(Device& device, const em_attention_override_args& g) {
    constexpr int64_t QUERIES = 12;
    const em_attention_args& a = g.forward;
    const int64_t width = padded(a.head_dim);
    each_task(device, heads_of(a), (a.keys + QUERIES) * width, [&](int64_t task, float* values) {
        const Head head(a, task);
        const int32_t what = data<int32_t>(g.heads, head.r)[head.h];
        EM_REQUIRE(what >= 0 && what <= 2, "head %lld is to be left (0), replaced (1) or zeroed (2), got %d", (long long)head.h, what);
        float* sums = values + a.keys * width;
        if (what == 1) {
            pack(head.key(a.v, 0), a.key_stride, a.keys, a.head_dim, values);
        }
        for (int64_t first = 0; first < a.queries && what != 0; first += QUERIES) {
            const int64_t count = least(QUERIES, a.queries - first);
            if (what == 1) {
                const float* p = data(g.p, head.r) + ((head.b * a.heads + head.h) * a.queries + first) * a.keys;
                multiply(count, width, a.keys, {p, a.keys, 1}, rows_as_right(values, width), sums, width, false);
            }
            for (int64_t i = 0; i < count; ++i) {
                float* out = head.output(a.out, first + i);
                vectors(0, a.head_dim,
                        [&](int64_t j, auto access) { access.store(out + j, what == 1 ? load(sums + i * width + j) : Floats{}); });
            }
        }
    });
}

}  // namespace em::EM_ISA

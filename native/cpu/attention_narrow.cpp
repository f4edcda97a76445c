// Attention of one query a sequence with heads of 4, 8 or 16 numbers. Heads lie side by side, so that a vector holds several of them, each
// in a segment of WIDTH lanes. Scores of WIDTH keys are one vector: lane j of a segment is key j's with that segment's head.
#include "cpu/attention_narrow.h"

#include "cpu/attention_head.h"

namespace em::EM_ISA {
namespace {

// For each lane, the same segment's lane j.
template <int WIDTH>
EM_INLINE Floats spread(Floats x, int64_t j) {
    return shuffle(x, (lane_numbers() & -WIDTH) + splat_int(static_cast<int32_t>(j)));
}

// Combines the lanes of each segment; every lane gets the result.
template <int WIDTH, class Combine>
EM_INLINE Floats over_segment(Floats x, Combine&& combine) {
    for (int half = 1; half < WIDTH; half *= 2) {
        x = combine(x, shuffle(x, lane_numbers() ^ half));
    }
    return x;
}

template <int WIDTH>
EM_INLINE Floats segment_sum(Floats x) {
    return over_segment<WIDTH>(x, [](Floats a, Floats b) { return a + b; });
}

// Lane j of a segment becomes the sum of that segment of x[j].
template <int WIDTH>
EM_INLINE Floats sums_by_lane(Floats (&x)[WIDTH]) {
    for (int half = 1; half < WIDTH; half *= 2) {
        Ints low, high;
        for (int i = 0; i < LANES; ++i) {
            low[i] = (i & half) == 0 ? i : static_cast<int>(LANES) + i - half;
            high[i] = (i & half) == 0 ? i + half : static_cast<int>(LANES) + i;
        }
        for (int j = 0; j < WIDTH; j += 2 * half) {
            x[j] = shuffle(x[j], x[j + half], low) + shuffle(x[j], x[j + half], high);
        }
    }
    return x[0];
}

// Of one group of heads: products of `with` and the vectors of WIDTH keys from the first on; 0 from `count` on.
template <int WIDTH>
EM_INLINE Floats products(Floats with, const float* first, int64_t stride, int64_t count) {
    Floats x[WIDTH];
    for (int64_t j = 0; j < WIDTH; ++j) {
        x[j] = j < count ? with * load(first + j * stride) : Floats{};
    }
    return sums_by_lane<WIDTH>(x);
}

// Products become scores: those of the first `count` lanes of a segment, the others are nothing.
template <int WIDTH>
EM_INLINE Floats scores(const Head& head, Floats query, int64_t first) {
    const em_attention_args& a = head.a;
    const int64_t count = least(WIDTH, a.keys - first);
    const Floats x = products<WIDTH>(query, head.key(a.k, first), a.key_stride, count) * a.scale;
    return (lane_numbers() & (WIDTH - 1)) < splat_int(static_cast<int32_t>(count)) ? x : splat(NOTHING);
}

// What there is one of for each head.
template <int WIDTH>
EM_INLINE void write_statistic(Floats x, float* to) {
    for (int64_t h = 0; h < LANES / WIDTH; ++h) {
        to[h] = x[h * WIDTH];
    }
}

template <int WIDTH>
EM_INLINE Floats read_statistic(const float* from) {
    Floats x;
    for (int64_t i = 0; i < LANES; ++i) {
        x[i] = from[i / WIDTH];
    }
    return x;
}

EM_INLINE int64_t scratch(const em_attention_args& a) { return (a.keys + a.head_dim - 1) / a.head_dim * LANES; }

// body(first) for each WIDTH keys.
template <int WIDTH, class Body>
EM_INLINE void each_keys(int64_t keys, Body&& body) {
    for (int64_t first = 0; first < keys; first += WIDTH) {
        body(first);
    }
}

// body(head, memory) for the first head of each group.
template <int WIDTH, class Body>
EM_INLINE void each_group(Device& device, const em_attention_args& a, int64_t scratch_floats, Body&& body) {
    constexpr int64_t HEADS = LANES / WIDTH;
    each_task(device, heads_of(a) / HEADS, scratch_floats, [&](int64_t task, float* memory) { body(Head(a, task * HEADS), memory); });
}

template <int WIDTH>
void forward(Device& device, const em_attention_args& a) {
    each_group<WIDTH>(device, a, scratch(a), [&](const Head& head, float* memory) {
        const Floats query = load(head.query(a.q, 0));
        Floats top = splat(NOTHING);
        each_keys<WIDTH>(a.keys, [&](int64_t first) {
            const Floats x = scores<WIDTH>(head, query, first);
            store(memory + first / WIDTH * LANES, x);
            top = maximum(top, x);
        });
        top = over_segment<WIDTH>(top, [](Floats x, Floats y) { return maximum(x, y); });
        const Floats origin = top == NOTHING ? Floats{} : top;
        Floats total{};
        Floats out{};
        each_keys<WIDTH>(a.keys, [&](int64_t first) {
            const Floats weight = exponential_of_small(load(memory + first / WIDTH * LANES) - origin);
            total += weight;
            for (int64_t j = 0; j < least(WIDTH, a.keys - first); ++j) {
                out += spread<WIDTH>(weight, j) * load(head.key(a.v, first + j));
            }
        });
        total = segment_sum<WIDTH>(total);
        store(head.output(a.out, 0), total == 0.0f ? Floats{} : out / total);
        write_statistic<WIDTH>(total == 0.0f ? splat(NOTHING) : origin + logarithm(total), head.statistic(a.lse));
    });
}

template <int WIDTH>
void backward(Device& device, const em_attention_backward_args& g) {
    const em_attention_args& a = g.forward;
    each_group<WIDTH>(device, a, 0, [&](const Head& head, float*) {
        const Floats query = load(head.query(a.q, 0));
        const Floats d_out = load(head.output(g.d_out, 0));
        const Floats delta = segment_sum<WIDTH>(d_out * load(head.output(a.out, 0)));
        write_statistic<WIDTH>(delta, head.statistic(g.delta));
        const Floats lse = read_statistic<WIDTH>(head.statistic(a.lse));
        Floats d_q{};
        each_keys<WIDTH>(a.keys, [&](int64_t first) {
            const int64_t count = least(WIDTH, a.keys - first);
            const Floats x = exponential_of_small(scores<WIDTH>(head, query, first) - lse);
            const Floats p = lse == NOTHING ? Floats{} : x;
            const Floats d_p = products<WIDTH>(d_out, head.key(a.v, first), a.key_stride, count);
            const Floats d_s = p == 0.0f ? Floats{} : p * (d_p - delta) * a.scale;
            for (int64_t j = 0; j < count; ++j) {
                const Floats by_score = spread<WIDTH>(d_s, j);
                d_q += by_score * load(head.key(a.k, first + j));
                store(head.key(g.d_k, first + j), query * by_score);
                store(head.key(g.d_v, first + j), d_out * spread<WIDTH>(p, j));
            }
        });
        store(head.query(g.d_q, 0), d_q);
    });
}

}  // namespace

bool is_narrow(const em_attention_args& a) {
    const bool width = (a.head_dim == 4 || a.head_dim == 8 || a.head_dim == 16) && a.head_dim <= LANES;
    return a.queries == 1 && width && a.heads % (LANES / a.head_dim) == 0 && a.bias.buffer == nullptr && a.listed_count == 0;
}

void attention_narrow(Device& device, const em_attention_args& a) {
    if (a.head_dim == 4) {
        return forward<4>(device, a);
    }
    if constexpr (LANES >= 8) {
        if (a.head_dim == 8) {
            return forward<8>(device, a);
        }
    }
    if constexpr (LANES >= 16) {
        forward<16>(device, a);
    }
}

void attention_narrow_backward(Device& device, const em_attention_backward_args& g) {
    if (g.forward.head_dim == 4) {
        return backward<4>(device, g);
    }
    if constexpr (LANES >= 8) {
        if (g.forward.head_dim == 8) {
            return backward<8>(device, g);
        }
    }
    if constexpr (LANES >= 16) {
        backward<16>(device, g);
    }
}

}  // namespace em::EM_ISA

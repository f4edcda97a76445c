// A recurrence for each channel: a task takes some channels of a sequence through all its tokens. About 60 operations a number with
// gates, most of them in two exponentials, 6 without.
#include "cpu/kernels.h"
#include "cpu/mathematics.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {
namespace {

constexpr int64_t CHANNELS = 4 * LANES;  // of a task: their recurrences hide each other's latency

struct Gate {
    Floats keep, forget, scale;  // a, 1 - a, sqrt(1 - a^2)
};

// Each by its own quotient, so that neither loses digits near 0 or 1.
EM_INLINE Gate gate(Floats z) {
    const Floats e = exponential_of_small(-absolute(z));
    const Floats large = 1.0f / (e + 1.0f);
    const Floats small = e * large;
    const Floats keep = z > 0.0f ? large : z <= 0.0f ? small : z;
    const Floats forget = z > 0.0f ? small : large;
    return {keep, forget, square_root(forget * (keep + 1.0f))};
}

EM_INLINE Floats sigmoid(Floats z) { return gate(z).keep; }

// Where a task's channels lie.
struct Place {
    int64_t r, b, first, last;
};

template <class Body>
EM_INLINE void each_place(Device& device, const em_diagonal_scan_args& a, const Body& body) {
    const int64_t blocks = (a.width + CHANNELS - 1) / CHANNELS;
    each_task(device, a.replicas * a.batch * blocks, 0, [&](int64_t task, float*) {
        const int64_t first = task % blocks * CHANNELS;
        const int64_t last = first + CHANNELS < a.width ? first + CHANNELS : a.width;
        body(Place{task / blocks / a.batch, task / blocks % a.batch, first, last});
    });
}

}  // namespace

void diagonal_scan(Device& device, const em_diagonal_scan_args& a) {
    each_place(device, a, [&](const Place& p) {
        const float* decay = data(a.decay, p.r);
        const float* gates = a.gates.buffer == nullptr ? nullptr : data(a.gates, p.r);
        for (int64_t t = 0; t < a.length; ++t) {
            const int64_t token = p.b * a.length + t;
            const float* u = data(a.u, p.r) + token * a.stride;
            float* h = data(a.h, p.r) + token * a.width;
            vectors(p.first, p.last, [&](int64_t c, auto access) {
                const Floats before = t == 0 ? Floats{} : access.load(h - a.width + c);
                Floats z = access.load(decay + c);
                Floats in = access.load(u + c);
                if (gates != nullptr) {
                    const float* of_token = gates + token * a.stride;
                    z += access.load(of_token + c);
                    in *= sigmoid(access.load(of_token + a.width + c));
                }
                const Gate g = gate(z);
                access.store(h + c, g.keep * before + g.scale * in);
            });
        }
    });
}

// With s = sqrt(1 - a^2), z the logit of a, g the gradient that reaches h_t: du = g s i, dz = g (h_{t-1} a (1 - a) - i u a^2 (1 - a) / s)
// with (1 - a) / s = sqrt((1 - a) / (1 + a)), d(logit of i) = g s u i (1 - i), and a g goes on to h_{t-1}.
void diagonal_scan_backward(Device& device, const em_diagonal_scan_backward_args& b) {
    const em_diagonal_scan_args& a = b.forward;
    each_place(device, a, [&](const Place& p) {
        const float* decay = data(a.decay, p.r);
        const bool gated = a.gates.buffer != nullptr;
        float* d_decay = data(b.d_decay, p.r) + p.b * a.width;
        Floats carried[CHANNELS / LANES] = {};
        Floats total[CHANNELS / LANES] = {};
        for (int64_t t = a.length - 1; t >= 0; --t) {
            const int64_t token = p.b * a.length + t;
            const float* u = data(a.u, p.r) + token * a.stride;
            const float* gates = gated ? data(a.gates, p.r) + token * a.stride : nullptr;
            float* d_gates = gated ? data(b.d_gates, p.r) + token * a.stride : nullptr;
            const float* h = data(a.h, p.r) + token * a.width;
            const float* d_h = data(b.d_h, p.r) + token * a.width;
            float* d_u = data(b.d_u, p.r) + token * a.stride;
            vectors(p.first, p.last, [&](int64_t c, auto access) {
                const int64_t lane = (c - p.first) / LANES;
                const Floats before = t == 0 ? Floats{} : access.load(h - a.width + c);
                const Floats in = access.load(u + c);
                const Gate g = gate(gated ? access.load(decay + c) + access.load(gates + c) : access.load(decay + c));
                const Gate i = gated ? gate(access.load(gates + a.width + c)) : Gate{splat(1.0f), Floats{}, Floats{}};
                const Floats d = access.load(d_h + c) + carried[lane];
                const Floats ratio = square_root(g.forget / (g.keep + 1.0f));
                const Floats d_z = d * (before * g.keep * g.forget - i.keep * in * g.keep * g.keep * ratio);
                access.store(d_u + c, d * g.scale * i.keep);
                if (gated) {
                    access.store(d_gates + c, d_z);
                    access.store(d_gates + a.width + c, d * g.scale * in * i.keep * i.forget);
                }
                total[lane] += d_z;
                carried[lane] = g.keep * d;
            });
        }
        vectors(p.first, p.last, [&](int64_t c, auto access) { access.store(d_decay + c, total[(c - p.first) / LANES]); });
    });
}

}  // namespace em::EM_ISA

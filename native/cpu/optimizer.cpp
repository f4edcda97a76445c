// Optimisers over flat parameters, and the counters of a training.
#include "cpu/kernels.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {
namespace {

// base^n for n >= 0, by squaring, in double.
double power(double base, int32_t n) {
    double result = 1;
    for (; n > 0; n >>= 1) {
        result = n & 1 ? result * base : result;
        base *= base;
    }
    return result;
}

// What Adam reads some hundred cycles later. A processor's own prefetching begins anew with each page of each array.
EM_INLINE void fetch_ahead(const float* gradient, float* parameters, float* m, float* v) {
    constexpr int64_t AHEAD = 512;
    __builtin_prefetch(gradient + AHEAD);
    __builtin_prefetch(parameters + AHEAD, 1);
    __builtin_prefetch(m + AHEAD, 1);
    __builtin_prefetch(v + AHEAD, 1);
}

template <class Args>
bool trains(const Args& a, int64_t r) {
    return data<int32_t>(a.stopped_at, r)[0] == 0;
}

}  // namespace

void clip_gradient(Device& device, const em_clip_gradient_args& a) {
    const int64_t chunks = (a.elements + CHUNK - 1) / CHUNK;
    float* partial = workspace(device, a.replicas * chunks);
    each_chunk(device, a.replicas, a.elements, [&](int64_t r, int64_t first, int64_t last) {
        const float* g = data(a.gradient, r);
        Floats squares{};
        vectors(first, last, [&](int64_t i, auto access) {
            const Floats x = access.load(g + i);
            squares += x * x;
        });
        partial[r * chunks + first / CHUNK] = sum(squares);
    });
    for (int64_t r = 0; r < a.replicas; ++r) {
        double squares = 0;
        for (int64_t i = 0; i < chunks; ++i) {
            squares += partial[r * chunks + i];
        }
        data(a.norm, r)[0] = static_cast<float>(__builtin_sqrt(squares));
    }
    each_chunk(device, a.replicas, a.elements, [&](int64_t r, int64_t first, int64_t last) {
        const double norm = data(a.norm, r)[0];
        if (!(norm > a.max_norm)) {
            return;
        }
        const float scale = static_cast<float>(a.max_norm / norm);
        float* g = data(a.gradient, r);
        vectors(first, last, [&](int64_t i, auto access) { access.store(g + i, access.load(g + i) * scale); });
    });
}

void advance(Device&, const em_advance_args& a) {
    for (int64_t r = 0; r < a.replicas; ++r) {
        data<int32_t>(a.step, r)[0] += trains(a, r) ? 1 : 0;
    }
}

void learning_rate(Device&, const em_learning_rate_args& a) {
    for (int64_t r = 0; r < a.replicas; ++r) {
        const double step = data<int32_t>(a.step, r)[0];
        const double warmup = static_cast<double>(a.warmup_steps);
        const double decay = static_cast<double>(a.decay_steps);
        double factor = 1;
        if (step < warmup) {
            factor = step / warmup;
        } else if (a.decay_steps != 0) {
            const double done = step >= decay ? 1 : (step - warmup) / (decay - warmup);
            factor = a.final_factor + (1 - a.final_factor) * 0.5 * (1 + __builtin_cos(3.14159265358979323846 * done));
        }
        data(a.out, r)[0] = static_cast<float>(data(a.base, r)[0] * factor);
    }
}

void adam(Device& device, const em_adam_args& a) {
    each_chunk(device, a.replicas, a.elements, [&](int64_t r, int64_t first, int64_t last) {
        if (!trains(a, r)) {
            return;
        }
        const int32_t step = data<int32_t>(a.step, r)[0];
        const double lr = data(a.learning_rate, r)[0];
        const float rate = static_cast<float>(lr / (1 - power(a.beta1, step)));
        const float correct = static_cast<float>(1 / (1 - power(a.beta2, step)));
        const float keep = static_cast<float>(1 - lr * a.weight_decay);
        const float beta1 = static_cast<float>(a.beta1);
        const float beta2 = static_cast<float>(a.beta2);
        const float fresh1 = static_cast<float>(1 - a.beta1);
        const float fresh2 = static_cast<float>(1 - a.beta2);
        const float eps = static_cast<float>(a.eps);
        const float* g = data(a.gradient, r);
        float* p = data(a.parameters, r);
        float* m = data(a.m, r);
        float* v = data(a.v, r);
        vectors(first, last, [&](int64_t i, auto access) {
            fetch_ahead(g + i, p + i, m + i, v + i);
            const Floats x = access.load(g + i);
            const Floats mean = access.load(m + i) * beta1 + x * fresh1;
            const Floats square = access.load(v + i) * beta2 + x * x * fresh2;
            access.store(m + i, mean);
            access.store(v + i, square);
            access.store(p + i, access.load(p + i) * keep - rate * mean / (square_root(square * correct) + eps));
        });
    });
}

void sgd(Device& device, const em_sgd_args& a) {
    each_chunk(device, a.replicas, a.elements, [&](int64_t r, int64_t first, int64_t last) {
        if (!trains(a, r)) {
            return;
        }
        const float rate = data(a.learning_rate, r)[0];
        const float momentum = static_cast<float>(a.momentum);
        const float* g = data(a.gradient, r);
        float* p = data(a.parameters, r);
        float* m = data(a.m, r);
        vectors(first, last, [&](int64_t i, auto access) {
            const Floats moved = access.load(m + i) * momentum + access.load(g + i);
            access.store(m + i, moved);
            access.store(p + i, access.load(p + i) - rate * moved);
        });
    });
}

void watch(Device&, const em_watch_args& a) {
    for (int64_t r = 0; r < a.replicas; ++r) {
        if (!__builtin_isfinite(data(a.loss, r)[0]) && trains(a, r)) {
            data<int32_t>(a.stopped_at, r)[0] = data<int32_t>(a.step, r)[0];
        }
    }
}

}  // namespace em::EM_ISA

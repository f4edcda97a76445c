// Optimisers: one launch over the parameters of all replicas. Operations are nothing beside the bytes: Adam reads four numbers and
// writes three (28 bytes an element), SGD reads three and writes two (20). Nothing comes from the host: learning rates, steps and
// with them the bias corrections are read on the device, and so is whether a replica has stopped; that one costs no bytes.
#include <cmath>

#include "cuda/joined.h"
#include "cuda/kernels.h"
#include "cuda/mean.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 256;

// Replicas need not start at 16 bytes: elements before the first boundary and after the last are taken one by one, the others four at
// a time; all one by one when the tensors start at different places between boundaries. Calls body.element<V>(factors, replica,
// element) for the elements of this thread.
template <class Body>
EM_DEVICE void move(const Body& body, const typename Body::Factors& factors, int64_t r, int64_t elements) {
    const int64_t thread = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
    const int phase = body.phase(r);
    if (phase < 0) {
        for (int64_t i = static_cast<int64_t>(blockIdx.x) * 4 * THREADS + threadIdx.x, k = 0; k < 4 && i < elements; ++k, i += THREADS) {
            body.template element<1>(factors, r, i);
        }
        return;
    }
    const int64_t head = phase == 0 ? 0 : (4 - phase < elements ? 4 - phase : elements);
    const int64_t fours = (elements - head) / 4;
    const int64_t tail = head + 4 * fours;
    if (thread < fours) {
        body.template element<4>(factors, r, head + 4 * thread);
    }
    if (thread < head) {
        body.template element<1>(factors, r, thread);
    }
    if (thread < elements - tail) {
        body.template element<1>(factors, r, tail + thread);
    }
}

// Grid (ceil_div(elements, 4 * THREADS), 1, replicas).
template <class Body>
__global__ void __launch_bounds__(THREADS) parameters_kernel(Body body, View<int32_t> stopped_at, int64_t elements, int64_t replicas) {
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        if (*stopped_at(r) == 0) {
            move(body, body.factors(r), r, elements);
        }
    }
}

// Floats past a 16-byte boundary, -1 when the pointers differ in it.
template <class... More>
EM_DEVICE int common_phase(const float* first, const More*... more) {
    const auto phase = [](const float* p) { return static_cast<int>(reinterpret_cast<uintptr_t>(p) / 4 % 4); };
    return ((phase(more) == phase(first)) && ...) ? phase(first) : -1;
}

template <class Body>
void over_parameters(Device& d, const Where& where, const Body& body, const em_tensor& stopped_at, int64_t replicas, int64_t elements) {
    const Shape shape{grid_of(ceil_div(elements, 4 * THREADS), 1, replicas), dim3(THREADS)};
    launch(cuda(d), where, parameters_kernel<Body>, shape, body, view<int32_t>(stopped_at), elements, replicas);
}

// p -= lr m_hat / (sqrt(v_hat) + eps) (Kingma & Ba 2015, algorithm 1), after p *= 1 - lr weight_decay (Loshchilov & Hutter 2019).
struct Adam {
    View<float> parameters, gradient, m, v, learning_rate;
    View<int32_t> step;
    float beta1, beta2, rest1, rest2;  // rest = 1 - beta, rounded once
    float log_beta1, log_beta2;
    float eps, weight_decay;

    struct Factors {
        float keep, lr, missing1, missing2;
    };
    // 1 - beta^step = -expm1(step ln beta) keeps its digits where beta^step is near 1.
    EM_DEVICE Factors factors(int64_t r) const { return factors(learning_rate(r)[0], step(r)[0]); }
    EM_DEVICE Factors factors(float lr, int32_t at) const {
        const float t = static_cast<float>(at);
        return {1.0f - lr * weight_decay, lr, -expm1f(t * log_beta1), -expm1f(t * log_beta2)};
    }
    EM_DEVICE int phase(int64_t r) const { return common_phase(parameters(r), gradient(r), m(r), v(r)); }

    template <int V>
    EM_DEVICE void element(const Factors& f, int64_t r, int64_t i) const {
        Vec<V> p = load<V>(parameters(r) + i);
        const Vec<V> g = load<V>(gradient(r) + i);
        Vec<V> first = load<V>(m(r) + i);
        Vec<V> second = load<V>(v(r) + i);
#pragma unroll
        for (int k = 0; k < V; ++k) {
            first.at[k] = beta1 * first.at[k] + rest1 * g.at[k];
            second.at[k] = beta2 * second.at[k] + rest2 * g.at[k] * g.at[k];
            const float m_hat = first.at[k] / f.missing1;
            const float v_hat = second.at[k] / f.missing2;
            p.at[k] = p.at[k] * f.keep - f.lr * m_hat / (sqrtf(v_hat) + eps);
        }
        store(parameters(r) + i, p);
        store(m(r) + i, first);
        store(v(r) + i, second);
    }
};

struct Sgd {
    View<float> parameters, gradient, m, learning_rate;
    float momentum;

    struct Factors {
        float lr;
    };
    EM_DEVICE Factors factors(int64_t r) const { return {learning_rate(r)[0]}; }
    EM_DEVICE Factors factors(float lr, int32_t) const { return {lr}; }
    EM_DEVICE int phase(int64_t r) const { return common_phase(parameters(r), gradient(r), m(r)); }

    template <int V>
    EM_DEVICE void element(const Factors& f, int64_t r, int64_t i) const {
        Vec<V> p = load<V>(parameters(r) + i);
        Vec<V> velocity = load<V>(m(r) + i);
        const Vec<V> g = load<V>(gradient(r) + i);
#pragma unroll
        for (int k = 0; k < V; ++k) {
            velocity.at[k] = momentum * velocity.at[k] + g.at[k];
            p.at[k] -= f.lr * velocity.at[k];
        }
        store(parameters(r) + i, p);
        store(m(r) + i, velocity);
    }
};

// --- one number a replica: body.replica(r). Grid (ceil_div(replicas, THREADS)). ---

template <class Body>
__global__ void __launch_bounds__(THREADS) replicas_kernel(Body body, int64_t replicas) {
    const int64_t r = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (r < replicas) {
        body.replica(r);
    }
}

template <class Body>
void over_replicas(Device& d, const Where& where, const Body& body, int64_t replicas) {
    launch(cuda(d), where, replicas_kernel<Body>, Shape{grid_of(ceil_div(replicas, THREADS), 1, 1), dim3(THREADS)}, body, replicas);
}

struct Advance {
    View<int32_t> step, stopped_at;

    EM_DEVICE void replica(int64_t r) const { *step(r) += *stopped_at(r) == 0 ? 1 : 0; }
};

struct Schedule {
    View<int32_t> step;
    View<float> base, out;
    int64_t warmup_steps, decay_steps;
    double final_factor;

    EM_DEVICE void replica(int64_t r) const { *out(r) = rate(r); }
    EM_DEVICE float rate(int64_t r) const {
        const int64_t at = *step(r);
        double factor = 1.0;
        if (at < warmup_steps) {
            factor = static_cast<double>(at) / static_cast<double>(warmup_steps);
        } else if (decay_steps != 0) {
            double done = static_cast<double>(at - warmup_steps) / static_cast<double>(decay_steps - warmup_steps);
            done = done < 1.0 ? done : 1.0;
            factor = final_factor + (1.0 - final_factor) * 0.5 * (1.0 + cos(3.14159265358979323846 * done));
        }
        return static_cast<float>(*base(r) * factor);
    }
};

// --- schedule, optimiser and step counter at once ---

// The first thread of a block finds the rate and what follows from it, for all of the block; the last block to have read the step counts
// it on. Grid as parameters_kernel.
template <class Body>
__global__ void __launch_bounds__(THREADS)
    step_kernel(Body body, Schedule schedule, Advance advance, unsigned* tickets, int64_t elements, int64_t replicas) {
    using Factors = typename Body::Factors;
    EM_SHARED(Factors, factors, [1]);
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        const bool trains = *advance.stopped_at(r) == 0;
        if (threadIdx.x == 0) {
            const float rate = schedule.rate(r);
            factors[0] = body.factors(rate, *advance.step(r));
            if (blockIdx.x == 0) {
                *schedule.out(r) = rate;
            }
            __threadfence();
            if (atomicAdd(tickets + r, 1u) == gridDim.x - 1) {
                tickets[r] = 0;
                advance.replica(r);
            }
        }
        __syncthreads();
        if (trains) {
            move(body, factors[0], r, elements);
        }
        __syncthreads();
    }
}

Adam adam_of(const em_adam_args& a) {
    const auto rounded = [](double x) { return static_cast<float>(x); };
    return Adam{view(a.parameters),
                view(a.gradient),
                view(a.m),
                view(a.v),
                view(a.learning_rate),
                view<int32_t>(a.step),
                rounded(a.beta1),
                rounded(a.beta2),
                rounded(1.0 - a.beta1),
                rounded(1.0 - a.beta2),
                rounded(std::log(a.beta1)),
                rounded(std::log(a.beta2)),
                rounded(a.eps),
                rounded(a.weight_decay)};
}

Sgd sgd_of(const em_sgd_args& a) {
    return {view(a.parameters), view(a.gradient), view(a.m), view(a.learning_rate), static_cast<float>(a.momentum)};
}

Schedule schedule_of(const em_learning_rate_args& a) {
    return {view<int32_t>(a.step), view(a.base), view(a.out), a.warmup_steps, a.decay_steps, a.final_factor};
}

template <class Body, class Args>
void step_at_once(Device& d, const Where& where, const Body& body, const em_learning_rate_args& rate, const Args& a,
                  const em_tensor& step) {
    const Advance advance{view<int32_t>(step), view<int32_t>(a.stopped_at)};
    const Shape shape{grid_of(ceil_div(a.elements, 4 * THREADS), 1, a.replicas), dim3(THREADS)};
    launch(cuda(d), where, step_kernel<Body>, shape, body, schedule_of(rate), advance, cuda(d).tickets(a.replicas), a.elements, a.replicas);
}

}  // namespace

void adam(Device& d, const em_adam_args& a) {
    over_parameters(d, {"adam", __FILE__, __LINE__}, adam_of(a), a.stopped_at, a.replicas, a.elements);
}

void optimizer_step(Device& d, const em_learning_rate_args& rate, const em_adam_args& a) {
    step_at_once(d, {"learning_rate, adam, advance", __FILE__, __LINE__}, adam_of(a), rate, a, a.step);
}

void optimizer_step(Device& d, const em_learning_rate_args& rate, const em_sgd_args& a, const em_tensor& step) {
    step_at_once(d, {"learning_rate, sgd, advance", __FILE__, __LINE__}, sgd_of(a), rate, a, step);
}

void sgd(Device& d, const em_sgd_args& a) {
    over_parameters(d, {"sgd", __FILE__, __LINE__}, sgd_of(a), a.stopped_at, a.replicas, a.elements);
}

void advance(Device& d, const em_advance_args& a) {
    over_replicas(d, {"advance", __FILE__, __LINE__}, Advance{view<int32_t>(a.step), view<int32_t>(a.stopped_at)}, a.replicas);
}

void learning_rate(Device& d, const em_learning_rate_args& a) {
    over_replicas(d, {"learning_rate", __FILE__, __LINE__}, schedule_of(a), a.replicas);
}

void watch(Device& d, const em_watch_args& a) { over_replicas(d, {"watch", __FILE__, __LINE__}, watch_of(a), a.replicas); }

}  // namespace em::gpu

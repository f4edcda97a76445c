// A recurrence for each channel: a thread takes a channel of a sequence through all its tokens, neighbours neighbouring channels. 20 bytes
// a number with gates forward, 36 backward.
#include "cuda/kernels.h"
#include "cuda/launch.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 128;

struct Scan {
    View<float> u, gates, decay, h;
    View<float> d_h, d_u, d_gates, d_decay;  // backward
    int64_t replicas, batch, length, width, stride;
};

struct Gate {
    float keep, forget, scale;  // a, 1 - a, sqrt(1 - a^2)
};

// Each by its own quotient, so that neither loses digits near 0 or 1.
EM_DEVICE Gate gate(float z) {
    const float e = expf(-fabsf(z));
    const float large = 1.0f / (1.0f + e);
    const float small = e * large;
    const float keep = z > 0.0f ? large : small;
    const float forget = z > 0.0f ? small : large;
    return {keep, forget, sqrtf(forget * (1.0f + keep))};
}

// Grid (ceil_div(batch * width, THREADS), 1, replicas).
__global__ void __launch_bounds__(THREADS) diagonal_scan_kernel(Scan a) {
    const int64_t i = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (i >= a.batch * a.width) {
        return;
    }
    const int64_t b = quotient(i, a.width);
    const int64_t c = i - b * a.width;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const float decay = a.decay(r)[c];
        Gate g = gate(decay);
        float h = 0.0f;
        for (int64_t t = 0; t < a.length; ++t) {
            const int64_t token = b * a.length + t;
            float in = a.u(r)[token * a.stride + c];
            if (a.gates.base != nullptr) {
                const float* gates = a.gates(r) + token * a.stride + c;
                g = gate(decay + gates[0]);
                in *= gate(gates[a.width]).keep;
            }
            h = fmaf(g.keep, h, g.scale * in);
            a.h(r)[token * a.width + c] = h;
        }
    }
}

// See native/cpu/diagonal_scan.cpp. Grid as forward.
__global__ void __launch_bounds__(THREADS) diagonal_scan_backward_kernel(Scan a) {
    const int64_t n = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (n >= a.batch * a.width) {
        return;
    }
    const int64_t b = quotient(n, a.width);
    const int64_t c = n - b * a.width;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const float decay = a.decay(r)[c];
        Gate g = gate(decay);
        Gate i{1.0f, 0.0f, 0.0f};
        float carried = 0.0f;
        float total = 0.0f;
        for (int64_t t = a.length - 1; t >= 0; --t) {
            const int64_t token = b * a.length + t;
            const float before = t == 0 ? 0.0f : a.h(r)[(token - 1) * a.width + c];
            const float in = a.u(r)[token * a.stride + c];
            if (a.gates.base != nullptr) {
                const float* gates = a.gates(r) + token * a.stride + c;
                g = gate(decay + gates[0]);
                i = gate(gates[a.width]);
            }
            const float d = a.d_h(r)[token * a.width + c] + carried;
            const float ratio = sqrtf(g.forget / (1.0f + g.keep));
            const float d_z = d * (before * g.keep * g.forget - i.keep * in * g.keep * g.keep * ratio);
            a.d_u(r)[token * a.stride + c] = d * g.scale * i.keep;
            if (a.gates.base != nullptr) {
                float* d_gates = a.d_gates(r) + token * a.stride + c;
                d_gates[0] = d_z;
                d_gates[a.width] = d * g.scale * in * i.keep * i.forget;
            }
            total += d_z;
            carried = g.keep * d;
        }
        a.d_decay(r)[n] = total;
    }
}

Scan scan_of(const em_diagonal_scan_args& a) {
    return {view(a.u), view(a.gates), view(a.decay), view(a.h), {}, {}, {}, {}, a.replicas, a.batch, a.length, a.width, a.stride};
}

Shape shape_of(const em_diagonal_scan_args& a) { return {grid_of(ceil_div(a.batch * a.width, THREADS), 1, a.replicas), dim3(THREADS)}; }

}  // namespace

void diagonal_scan(Device& d, const em_diagonal_scan_args& a) { EM_LAUNCH(cuda(d), diagonal_scan_kernel, shape_of(a), scan_of(a)); }

void diagonal_scan_backward(Device& d, const em_diagonal_scan_backward_args& b) {
    Scan scan = scan_of(b.forward);
    scan.d_h = view(b.d_h);
    scan.d_u = view(b.d_u);
    scan.d_gates = view(b.d_gates);
    scan.d_decay = view(b.d_decay);
    EM_LAUNCH(cuda(d), diagonal_scan_backward_kernel, shape_of(b.forward), scan);
}

}  // namespace em::gpu

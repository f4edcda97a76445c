// Means over all elements of a replica, and the watch for a loss that is not finite: what norm.cu and optimizer.cu do alone, and the last
// block of a loss at once.
#pragma once
#include "cuda/reduce.h"
#include "cuda/vectors.h"

namespace em {

constexpr int MEAN_THREADS = 256;

// body.term(replica, i, x[i]) summed from begin to end by a block of MEAN_THREADS, V at a time, in double precision; scratch holds a number
// a warp. Every thread gets the result. Ends in a barrier.
template <int V, class Body>
EM_DEVICE double block_total(const Body& body, const float* x, int64_t r, int64_t begin, int64_t end, double* scratch) {
    double sum = 0.0;
    for (int64_t i = begin + threadIdx.x * V; i < end; i += MEAN_THREADS * V) {
        const Vec<V> values = load<V>(x + i);
#pragma unroll
        for (int k = 0; k < V; ++k) {
            sum += body.term(r, i + k, values.at[k]);
        }
    }
    return block_sum<MEAN_THREADS>(sum, scratch);
}

struct Mean {
    View<float> out;
    View<int32_t> target;  // absent: all count
    int64_t elements;

    EM_DEVICE double term(int64_t r, int64_t i, double x) const { return target.base == nullptr || target(r)[i] != NOT_SCORED ? x : 0.0; }
    EM_DEVICE void finish(int64_t r, double sum) const {
        EM_SHARED(int64_t, partial, [MEAN_THREADS / WARP]);
        const int64_t count = target.base == nullptr ? elements : count_scored<MEAN_THREADS>(target(r), elements, partial);
        if (threadIdx.x == 0) {
            *out(r) = count == 0 ? 0.0f : static_cast<float>(sum * (1.0 / static_cast<double>(count)));
        }
    }
};

inline Mean mean_of(const em_mean_args& a) { return {view(a.out), view<int32_t>(a.target), a.elements}; }

struct Watch {
    View<float> loss;
    View<int32_t> step, stopped_at;

    EM_DEVICE void replica(int64_t r) const {
        constexpr float largest = 3.402823466e38f;
        if (*stopped_at(r) == 0 && !(fabsf(*loss(r)) <= largest)) {
            *stopped_at(r) = *step(r);
        }
    }
};

inline Watch watch_of(const em_watch_args& a) { return {view(a.loss), view<int32_t>(a.step), view<int32_t>(a.stopped_at)}; }

}  // namespace em

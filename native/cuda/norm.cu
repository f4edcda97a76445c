// Sums over all elements of a replica: means, and the norm of a gradient with clipping. Blocks sum pieces, the last one to finish adds
// the pieces in order, in double precision: no atomics on results, nothing overflows. Bytes an element: mean 4, clip_gradient 4, and 8
// more where the gradient is too long.
#include "common/joins.h"
#include "cuda/kernels.h"
#include "cuda/mean.h"

namespace em::gpu {
namespace {

constexpr int THREADS = MEAN_THREADS;

struct Norm {
    View<float> out;

    EM_DEVICE double term(int64_t, int64_t, double x) const { return x * x; }
    EM_DEVICE void finish(int64_t r, double sum) const {
        if (threadIdx.x == 0) {
            *out(r) = static_cast<float>(sqrt(sum));
        }
    }
};

// How the elements are cut: depends on their number alone.
struct Cut {
    int64_t pieces, elements_a_piece;
};

Cut cut_of(int64_t elements) {
    constexpr int64_t least = ROWS_OF_ONE_BLOCK;
    constexpr int64_t most_pieces = 256;
    const int64_t wanted = ceil_div(elements, least);
    const int64_t a_piece = ceil_div(ceil_div(elements, wanted < most_pieces ? wanted : most_pieces), 4) * 4;
    return {ceil_div(elements, a_piece), a_piece};
}

// body.term(replica, i, x) summed over the elements, then body.finish(replica, sum) in all threads of one block. Grid (pieces, 1,
// replicas).
template <int V, class Body>
__global__ void __launch_bounds__(THREADS)
    sum_kernel(Body body, View<float> x, Cut cut, double* scratch, unsigned* tickets, int64_t elements, int64_t replicas) {
    EM_SHARED(double, partial, [THREADS / WARP]);
    EM_SHARED(int, is_last, [1]);
    const int64_t begin = static_cast<int64_t>(blockIdx.x) * cut.elements_a_piece;
    const int64_t end = begin + cut.elements_a_piece < elements ? begin + cut.elements_a_piece : elements;
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        double sum = block_total<V>(body, x(r), r, begin, end, partial);
        if (cut.pieces > 1) {
            if (threadIdx.x == 0) {
                scratch[r * cut.pieces + blockIdx.x] = sum;
            }
            if (!last_block(tickets + r, static_cast<unsigned>(cut.pieces), is_last)) {
                continue;
            }
            sum = 0.0;
            for (int64_t piece = threadIdx.x; piece < cut.pieces; piece += THREADS) {
                sum += scratch[r * cut.pieces + piece];
            }
            sum = block_sum<THREADS>(sum, partial);
        }
        body.finish(r, sum);
    }
}

template <class Body>
void sum_over(Device& d, const Where& where, const Body& body, const em_tensor& x, int64_t replicas, int64_t elements) {
    CudaDevice& device = cuda(d);
    const Cut cut = cut_of(elements);
    double* scratch = nullptr;
    unsigned* tickets = nullptr;
    if (cut.pieces > 1) {
        scratch = reinterpret_cast<double*>(device.workspace(2 * replicas * cut.pieces));
        tickets = device.tickets(replicas);
    }
    const Shape shape{grid_of(cut.pieces, 1, replicas), dim3(THREADS)};
    launch(device, where, by_fours(x, replicas, elements) ? sum_kernel<4, Body> : sum_kernel<1, Body>, shape, body, view(x), cut, scratch,
           tickets, elements, replicas);
}

// Scales a gradient that is longer than max_norm to it. Grid (ceil_div(elements, V * THREADS), 1, replicas).
template <int V>
__global__ void __launch_bounds__(THREADS)
    shorten_kernel(View<float> gradient, View<float> norm, float max_norm, int64_t elements, int64_t replicas) {
    const int64_t i = (static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x) * V;
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        const float length = *norm(r);
        if (length > max_norm && i < elements) {
            Vec<V> values = load<V>(gradient(r) + i);
#pragma unroll
            for (int k = 0; k < V; ++k) {
                values.at[k] *= max_norm / length;
            }
            store(gradient(r) + i, values);
        }
    }
}

}  // namespace

void mean(Device& d, const em_mean_args& a) { sum_over(d, {"mean", __FILE__, __LINE__}, mean_of(a), a.x, a.replicas, a.elements); }

void clip_gradient(Device& d, const em_clip_gradient_args& a) {
    sum_over(d, {"clip_gradient", __FILE__, __LINE__}, Norm{view(a.norm)}, a.gradient, a.replicas, a.elements);
    const bool fours = by_fours(a.gradient, a.replicas, a.elements);
    const Shape shape{grid_of(ceil_div(a.elements, THREADS * (fours ? 4 : 1)), 1, a.replicas), dim3(THREADS)};
    EM_LAUNCH(cuda(d), fours ? shorten_kernel<4> : shorten_kernel<1>, shape, view(a.gradient), view(a.norm), static_cast<float>(a.max_norm),
              a.elements, a.replicas);
}

}  // namespace em::gpu

// The forward pass of linear attention and of the gated delta rule (fast_weights.h): the matrix lies in shared memory.
#include "cuda/fast_weights.h"

namespace em::gpu {
namespace {

using namespace fast_weights_parts;

// Threads: head_dim, rounded up to whole warps. Dynamic shared memory: the matrix, q, k and the sums of keys.
__global__ void __launch_bounds__(128) fast_weights_kernel(Scan a) {
    EM_SHARED(float, scratch, [128 / WARP]);
    EM_DYNAMIC_SHARED(float, matrix);
    const int64_t n = a.head_dim;
    float* q = matrix + n * n;
    float* k = q + blockDim.x;
    const int64_t j = threadIdx.x;
    const bool inside = j < n;
    for (int64_t task = blockIdx.x; task < a.tasks; task += gridDim.x) {
        const Head head(a, task);
        float keys = 0.0f;
        for (int64_t i = 0; i < n && inside; ++i) {
            matrix[i * n + j] = 0.0f;
        }
        for (int64_t t = 0; t < a.length; ++t) {
            q[j] = feature(a, inside ? head.vector(a, a.q, t)[j] : 0.0f, scratch);
            k[j] = feature(a, inside ? head.vector(a, a.k, t)[j] : 0.0f, scratch);
            __syncthreads();
            float scale = a.scale;
            if (a.normalised) {
                keys += inside ? k[j] : 0.0f;
                scale = 1.0f / (block_total(inside ? q[j] * keys : 0.0f, scratch) + SMALL);
            }
            if (inside) {
                write_token(a, head, t, k, head.vector(a, a.v, t)[j], matrix, n, matrix, n, j);
                head.output(a, a.out, t)[j] = scale * weighted(matrix, n, q, n, j);
            }
            __syncthreads();
        }
    }
}

}  // namespace

void fast_weights(Device& d, const em_fast_weights_args& a) {
    const Scan scan = scan_of(a);
    const unsigned threads = threads_of(scan);
    const int64_t floats = scan.head_dim * scan.head_dim + 2 * threads;
    const Shape shape{grid_of(scan.tasks, 1, 1), dim3(threads), floats * static_cast<int64_t>(sizeof(float))};
    EM_LAUNCH(cuda(d), fast_weights_kernel, shape, scan);
}

}  // namespace em::gpu

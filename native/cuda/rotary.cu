// Rotary positions: pairs of numbers of queries and keys turn by an angle that grows with the token. 8 bytes and 3 operations a number.
#include "cuda/kernels.h"
#include "cuda/launch.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 256;

struct Rotation {
    View<float> x, table;
    int64_t replicas, pairs, length, heads, half, stride;
    float sign;
};

// A thread a pair. Grid (ceil_div(pairs, THREADS), 1, replicas).
__global__ void __launch_bounds__(THREADS) rotate_kernel(Rotation a) {
    const int64_t pair = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
    if (pair >= a.pairs) {
        return;
    }
    const int64_t head = quotient(pair, a.half);
    const int64_t i = pair - head * a.half;
    const int64_t row = quotient(head, a.heads);
    const int64_t at = row * a.stride + (head - row * a.heads) * 2 * a.half + i;
    const int64_t angle = (row - quotient(row, a.length) * a.length) * 2 * a.half + i;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        float* x = a.x(r) + at;
        const float c = a.table(r)[angle];
        const float s = a.sign * a.table(r)[angle + a.half];
        const float first = x[0];
        const float second = x[a.half];
        x[0] = first * c - second * s;
        x[a.half] = first * s + second * c;
    }
}

}  // namespace

void rotate(Device& d, const em_rotate_args& a) {
    const int64_t half = a.head_dim / 2;
    const int64_t pairs = a.batch * a.length * a.heads * half;
    const Rotation rotation{view(a.x), view(a.table), a.replicas, pairs, a.length, a.heads, half, a.stride, a.inverse == 0 ? 1.0f : -1.0f};
    EM_LAUNCH(cuda(d), rotate_kernel, (Shape{grid_of(ceil_div(pairs, THREADS), 1, a.replicas), dim3(THREADS)}), rotation);
}

}  // namespace em::gpu

// Loss heads with their gradients in the same pass: a warp takes a sample. Bytes an element: squared_error 12, cross_entropy 8 (the
// logits stay in the L1 cache between its three looks at them; for the gradient a launch before it counts what is scored); both wait for
// memory, or rather for their launch: they are small.
#include "cuda/kernels.h"
#include "cuda/reduce.h"

namespace em::gpu {
namespace {

constexpr int ROWS = 8;  // warps of a block

struct SquaredError {
    View<float> prediction, target, loss, d_prediction;
    int64_t rows, columns, replicas;
};

// Grid (ceil_div(rows, ROWS), 1, replicas).
__global__ void __launch_bounds__(ROWS* WARP) squared_error_kernel(SquaredError a) {
    const int64_t row = static_cast<int64_t>(blockIdx.x) * ROWS + warp_index();
    if (row >= a.rows) {
        return;
    }
    const float share = 1.0f / static_cast<float>(a.rows);
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        float sum = 0.0f;
        for (int64_t i = row * a.columns + lane_index(); i < (row + 1) * a.columns; i += WARP) {
            const float error = a.prediction(r)[i] - a.target(r)[i];
            sum += error * error;
            if (a.d_prediction.base != nullptr) {
                a.d_prediction(r)[i] = error * share;
            }
        }
        sum = lanes_sum(sum);
        if (lane_index() == 0) {
            a.loss(r)[row] = 0.5f * sum;
        }
    }
}

struct CrossEntropy {
    View<float> logits;
    View<int32_t> target;
    View<float> loss, correct, d_logits;
    int64_t* scored;  // rows of each replica that are scored; read for the gradient alone
    int64_t rows, classes, replicas;
    int32_t* complaints;
};

// Grid (1, 1, replicas).
__global__ void __launch_bounds__(ROWS* WARP) scored_kernel(View<int32_t> target, int64_t* scored, int64_t rows, int64_t replicas) {
    EM_SHARED(int64_t, partial, [ROWS]);
    for (int64_t r = blockIdx.z; r < replicas; r += gridDim.z) {
        const int64_t count = count_scored<ROWS * WARP>(target(r), rows, partial);
        if (threadIdx.x == 0) {
            scored[r] = count;
        }
    }
}

EM_DEVICE void leave_unscored(const CrossEntropy& a, int64_t r, int64_t row) {
    if (lane_index() == 0) {
        a.loss(r)[row] = 0.0f;
        a.correct(r)[row] = 0.0f;
    }
    for (int64_t j = lane_index(); j < a.classes && a.d_logits.base != nullptr; j += WARP) {
        a.d_logits(r)[row * a.classes + j] = 0.0f;
    }
}

// Grid (ceil_div(rows, ROWS), 1, replicas).
__global__ void __launch_bounds__(ROWS* WARP) cross_entropy_kernel(CrossEntropy a) {
    const int64_t row = static_cast<int64_t>(blockIdx.x) * ROWS + warp_index();
    if (row >= a.rows) {
        return;
    }
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const float* x = a.logits(r) + row * a.classes;
        const int64_t wanted = a.target(r)[row];
        if (wanted == NOT_SCORED) {
            leave_unscored(a, r, row);
            continue;
        }
        if (wanted < 0 || wanted >= a.classes) {
            complain(a.complaints, BAD_CLASS);
            continue;
        }
        const float right = x[wanted];
        float largest = x[0];
        int rivals = right != right;
        for (int64_t j = lane_index(); j < a.classes; j += WARP) {
            largest = x[j] > largest || x[j] != x[j] ? x[j] : largest;
            rivals += j != wanted && !(right > x[j]);
        }
        largest = lanes_max(largest);
        rivals = lanes_sum(rivals);
        float sum = 0.0f;
        for (int64_t j = lane_index(); j < a.classes; j += WARP) {
            sum += expf(x[j] - largest);
        }
        sum = lanes_sum(sum);
        if (lane_index() == 0) {
            a.loss(r)[row] = (largest - right) + logf(sum);
            a.correct(r)[row] = rivals == 0 ? 1.0f : 0.0f;
        }
        if (a.d_logits.base != nullptr) {
            const float share = 1.0f / static_cast<float>(a.scored[r]);
            for (int64_t j = lane_index(); j < a.classes; j += WARP) {
                const float p = expf(x[j] - largest) / sum;
                a.d_logits(r)[row * a.classes + j] = (j == wanted ? p - 1.0f : p) * share;
            }
        }
    }
}

}  // namespace

void squared_error(Device& d, const em_squared_error_args& a) {
    const SquaredError body{view(a.prediction), view(a.target), view(a.loss), view(a.d_prediction), a.rows, a.columns, a.replicas};
    EM_LAUNCH(cuda(d), squared_error_kernel, Shape{grid_of(ceil_div(a.rows, ROWS), 1, a.replicas), dim3(ROWS * WARP)}, body);
}

void cross_entropy(Device& d, const em_cross_entropy_args& a) {
    int64_t* scored = nullptr;
    if (a.d_logits.buffer != nullptr) {
        scored = reinterpret_cast<int64_t*>(cuda(d).workspace(2 * a.replicas));
        EM_LAUNCH(cuda(d), scored_kernel, Shape{grid_of(1, 1, a.replicas), dim3(ROWS * WARP)}, view<int32_t>(a.target), scored, a.rows,
                  a.replicas);
    }
    const CrossEntropy body{
        view(a.logits), view<int32_t>(a.target), view(a.loss), view(a.correct), view(a.d_logits), scored, a.rows, a.classes,
        a.replicas,     cuda(d).complaints()};
    EM_LAUNCH(cuda(d), cross_entropy_kernel, Shape{grid_of(ceil_div(a.rows, ROWS), 1, a.replicas), dim3(ROWS * WARP)}, body);
}

}  // namespace em::gpu

// Loss heads with their gradients in the same pass: a warp takes a sample. Bytes an element: squared_error 12, cross_entropy 8 (the
// logits stay in the L1 cache between its three looks at them; for the gradient of many rows a launch before it counts what is scored);
// both wait for memory, or rather for their launch: they are small. In a program the last block also takes the means and looks whether
// the loss is finite.
#include "cuda/joined.h"
#include "cuda/kernels.h"
#include "cuda/mean.h"

namespace em::gpu {
namespace {

constexpr int ROWS = 8;  // warps of a block
static_assert(ROWS * WARP == MEAN_THREADS, "the last block takes means as norm.cu does");

// What all threads of a block do when its rows are done: nothing, ...
struct Unsettled {
    EM_DEVICE void operator()(int64_t) const {}
};

// ... or, in the last block, means and watch; what is not asked for has no address.
struct Settled {
    Mean loss, correct;
    View<float> losses, corrects;
    Watch watch;
    unsigned* tickets;
    bool loss_by_fours, correct_by_fours;

    EM_DEVICE static void mean(const Mean& mean, const float* x, int64_t r, bool by_fours) {
        EM_SHARED(double, partial, [ROWS]);
        const double sum =
            by_fours ? block_total<4>(mean, x, r, 0, mean.elements, partial) : block_total<1>(mean, x, r, 0, mean.elements, partial);
        mean.finish(r, sum);
    }
    EM_DEVICE void operator()(int64_t r) const {
        EM_SHARED(int, is_last, [1]);
        if (!last_block(tickets + r, gridDim.x, is_last)) {
            return;
        }
        mean(loss, losses(r), r, loss_by_fours);
        if (correct.out.base != nullptr) {
            mean(correct, corrects(r), r, correct_by_fours);
        }
        if (threadIdx.x == 0 && watch.loss.base != nullptr) {
            watch.replica(r);
        }
    }
};

struct SquaredError {
    View<float> prediction, target, loss, d_prediction;
    int64_t rows, columns, replicas;
};

// Grid (ceil_div(rows, ROWS), 1, replicas).
template <class Settle>
__global__ void __launch_bounds__(ROWS* WARP) squared_error_kernel(SquaredError a, Settle settle) {
    const int64_t row = static_cast<int64_t>(blockIdx.x) * ROWS + warp_index();
    const float share = 1.0f / static_cast<float>(a.rows);
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        if (row < a.rows) {
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
        settle(r);
    }
}

struct CrossEntropy {
    View<float> logits;
    View<int32_t> target;
    View<float> loss, correct, d_logits;
    int64_t* scored;  // rows of each replica that are scored; read for the gradient alone. Absent: each block counts
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

// A row by a warp.
EM_DEVICE void cross_entropy_row(const CrossEntropy& a, int64_t r, int64_t row, int64_t scored) {
    const float* x = a.logits(r) + row * a.classes;
    const int64_t wanted = a.target(r)[row];
    if (wanted == NOT_SCORED) {
        leave_unscored(a, r, row);
        return;
    }
    if (wanted < 0 || wanted >= a.classes) {
        complain(a.complaints, BAD_CLASS);
        return;
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
        const float share = 1.0f / static_cast<float>(scored);
        for (int64_t j = lane_index(); j < a.classes; j += WARP) {
            const float p = expf(x[j] - largest) / sum;
            a.d_logits(r)[row * a.classes + j] = (j == wanted ? p - 1.0f : p) * share;
        }
    }
}

// Grid (ceil_div(rows, ROWS), 1, replicas).
template <class Settle>
__global__ void __launch_bounds__(ROWS* WARP) cross_entropy_kernel(CrossEntropy a, Settle settle) {
    EM_SHARED(int64_t, partial, [ROWS]);
    const int64_t row = static_cast<int64_t>(blockIdx.x) * ROWS + warp_index();
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        int64_t scored = 0;
        if (a.d_logits.base != nullptr) {
            scored = a.scored != nullptr ? a.scored[r] : count_scored<ROWS * WARP>(a.target(r), a.rows, partial);
        }
        if (row < a.rows) {
            cross_entropy_row(a, r, row, scored);
        }
        settle(r);
    }
}

// Up to so many targets each block counts those that are scored: they are few beside its logits.
constexpr int64_t COUNTED_BY_EACH = 1024;

Settled settled_of(CudaDevice& device, const Settlement& s) {
    const em_mean_args& mean = *s.loss;
    Settled settled{};
    settled.loss = mean_of(mean);
    settled.losses = view(mean.x);
    settled.loss_by_fours = by_fours(mean.x, mean.replicas, mean.elements);
    if (s.correct != nullptr) {
        settled.correct = mean_of(*s.correct);
        settled.corrects = view(s.correct->x);
        settled.correct_by_fours = by_fours(s.correct->x, mean.replicas, mean.elements);
    }
    if (s.watch != nullptr) {
        settled.watch = watch_of(*s.watch);
    }
    settled.tickets = device.tickets(mean.replicas);
    return settled;
}

template <class Settle>
void squares(CudaDevice& device, const Where& where, const em_squared_error_args& a, const Settle& settle) {
    const SquaredError body{view(a.prediction), view(a.target), view(a.loss), view(a.d_prediction), a.rows, a.columns, a.replicas};
    const Shape shape{grid_of(ceil_div(a.rows, ROWS), 1, a.replicas), dim3(ROWS * WARP)};
    launch(device, where, squared_error_kernel<Settle>, shape, body, settle);
}

template <class Settle>
void entropies(CudaDevice& device, const Where& where, const em_cross_entropy_args& a, const Settle& settle) {
    int64_t* scored = nullptr;
    if (a.d_logits.buffer != nullptr && a.rows > COUNTED_BY_EACH) {
        scored = reinterpret_cast<int64_t*>(device.workspace(2 * a.replicas));
        EM_LAUNCH(device, scored_kernel, Shape{grid_of(1, 1, a.replicas), dim3(ROWS * WARP)}, view<int32_t>(a.target), scored, a.rows,
                  a.replicas);
    }
    const CrossEntropy body{
        view(a.logits), view<int32_t>(a.target), view(a.loss), view(a.correct), view(a.d_logits), scored, a.rows, a.classes,
        a.replicas,     device.complaints()};
    const Shape shape{grid_of(ceil_div(a.rows, ROWS), 1, a.replicas), dim3(ROWS * WARP)};
    launch(device, where, cross_entropy_kernel<Settle>, shape, body, settle);
}

}  // namespace

void squared_error(Device& d, const em_squared_error_args& a) { squares(cuda(d), {"squared_error", __FILE__, __LINE__}, a, Unsettled{}); }

void settled_loss(Device& d, const em_squared_error_args& a, const Settlement& settlement) {
    squares(cuda(d), {"squared_error, mean, watch", __FILE__, __LINE__}, a, settled_of(cuda(d), settlement));
}

void cross_entropy(Device& d, const em_cross_entropy_args& a) { entropies(cuda(d), {"cross_entropy", __FILE__, __LINE__}, a, Unsettled{}); }

void settled_loss(Device& d, const em_cross_entropy_args& a, const Settlement& settlement) {
    entropies(cuda(d), {"cross_entropy, mean, watch", __FILE__, __LINE__}, a, settled_of(cuda(d), settlement));
}

}  // namespace em::gpu

// Batches of linear regression, drawn where they are used. A Philox block is about 100 instructions and two transforms about 60, for 4
// numbers of 4 bytes: arithmetic decides, about 10^12 numbers a second on 132 multiprocessors.
#include "cuda/normals.h"
#include "cuda/sampling.h"

namespace em::gpu {
namespace {

// Lanes of LinearRegressionDraw.
enum Lane : uint32_t { NOISE, RELEVANT, COIN, POSITIONS };

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / WARP;
constexpr int64_t CHUNK = 4 * THREADS;  // numbers that a block draws, four a thread, or the next whole tokens

struct Regression {
    Source source;
    View<float> target, special;
    View<int32_t> fixed_positions;
    View<float> x, y;
    View<int32_t> relevant;
    int64_t replicas, rows, length, width;
    int32_t positions, feature;
    float scale;  // 1 / sqrt(width)
};

// The same sequence's lane of another quantity.
EM_DEVICE RandomLane lane_like(RandomLane lane, Lane number) {
    lane.lane = number;
    return lane;
}

// By a warp: which tokens are relevant, in shared memory.
EM_DEVICE void mark_tokens(const Regression& a, int64_t r, const RandomLane& lane, unsigned char* marks) {
    const int64_t copies = a.source.copies(r, a.length);
    for (int64_t t = lane_index(); t < a.length; t += WARP) {
        marks[t] = a.positions == EM_LAST && t >= a.length - copies;
    }
    __syncwarp();
    if (a.positions == EM_FIXED) {
        for (int64_t i = lane_index(); i < copies; i += WARP) {
            const int32_t fixed = a.fixed_positions(r)[i];
            if (fixed < 0 || fixed >= a.length) {
                complain(a.source.complaints, BAD_POSITION);
            } else {
                marks[fixed] = 1;
            }
        }
    } else if (a.positions == EM_RANDOM) {
        // All lanes draw, one marks.
        for (int64_t first = 0; first < copies; first += WARP) {
            const int64_t last = a.length - copies + first;
            const int32_t drawn = lane_like(lane, POSITIONS).bounded(first + lane_index(), last + lane_index() + 1);
            for (int i = 0; i < WARP && first + i < copies; ++i) {
                const int32_t place = __shfl_sync(ALL_LANES, drawn, i);
                if (lane_index() == 0) {
                    floyd(marks, last + i, place);
                }
            }
        }
    }
}

EM_DEVICE void draw_relevant(const Regression& a, int64_t r, const RandomLane& lane, float* relevant) {
    for (int64_t q = threadIdx.x; q < ceil_div(a.width, 4); q += THREADS) {
        float numbers[4];
        four_normals(lane_like(lane, RELEVANT), q, numbers);
        const bool special = lane_like(lane, COIN).coin(0, *a.source.cross_sample(r));
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            if (4 * q + k < a.width) {
                relevant[4 * q + k] = special ? a.special(r)[4 * q + k] : numbers[k] * a.scale;
            }
        }
    }
}

// x and the marks of tokens first .. last; this thread's first four numbers were drawn before.
EM_DEVICE void fill_tokens(const Regression& a, int64_t r, int64_t n, const RandomLane& lane, int64_t first, int64_t last,
                           const float* relevant, const unsigned char* marks, float (&numbers)[4]) {
    const int64_t stride = a.width + a.feature;
    float* x = a.x(r) + n * a.length * stride;
    for (int64_t q = first * a.width / 4 + threadIdx.x; 4 * q < last * a.width; q += THREADS) {
        if (q >= first * a.width / 4 + THREADS) {
            four_normals(lane, q, numbers);
        }
        int64_t t = quotient(4 * q, a.width);
        int64_t j = 4 * q - t * a.width;
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            if (t >= first && t < last) {
                x[t * stride + j] = marks[t] ? relevant[j] : numbers[k] * a.scale;
            }
            if (++j == a.width) {
                j = 0;
                ++t;
            }
        }
    }
    for (int64_t t = first + threadIdx.x; t < last; t += THREADS) {
        a.relevant(r)[n * a.length + t] = marks[t];
        if (a.feature) {
            x[t * stride + a.width] = marks[t];
        }
    }
}

// y = W* relevant, a warp a row, and four of its rows at once.
EM_DEVICE void target_values(const Regression& a, int64_t r, int64_t n, const float* relevant) {
    constexpr int ROWS = 4;
    for (int64_t first = warp_index(); first < a.width; first += ROWS * WARPS) {
        float sums[ROWS] = {};
        for (int64_t j = lane_index(); j < a.width; j += WARP) {
#pragma unroll
            for (int i = 0; i < ROWS; ++i) {
                const int64_t row = first + i * WARPS;
                sums[i] = row < a.width ? fmaf(a.target(r)[row * a.width + j], relevant[j], sums[i]) : 0.0f;
            }
        }
#pragma unroll
        for (int i = 0; i < ROWS; ++i) {
            const float sum = lanes_sum(sums[i]);
            if (lane_index() == 0 && first + i * WARPS < a.width) {
                a.y(r)[n * a.width + first + i * WARPS] = sum;
            }
        }
    }
}

// A block draws a stretch of tokens of a sequence; the marks and the relevant vector each block draws for itself. What is drawn depends on
// none else, so all is drawn before the block waits once. With several chunks y has a block of its own. Grid (rows, chunks, and one more if
// they are several, replicas).
__global__ void __launch_bounds__(THREADS) regression_kernel(Regression a, int64_t tokens_a_chunk) {
    EM_DYNAMIC_SHARED(float, relevant);
    unsigned char* const marks = reinterpret_cast<unsigned char*>(relevant + a.width);
    const int64_t n = blockIdx.x;
    const int64_t first = blockIdx.y * tokens_a_chunk;
    const int64_t last = first + tokens_a_chunk < a.length ? first + tokens_a_chunk : a.length;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const RandomLane lane = a.source.lane(NOISE, r, n);
        float numbers[4] = {};
        draw_relevant(a, r, lane, relevant);
        if (first < last) {
            if (warp_index() == WARPS - 1) {
                mark_tokens(a, r, lane, marks);
            }
            four_normals(lane, first * a.width / 4 + threadIdx.x, numbers);
        }
        __syncthreads();
        if (first < last) {
            fill_tokens(a, r, n, lane, first, last, relevant, marks, numbers);
        }
        if (blockIdx.y == gridDim.y - 1) {
            target_values(a, r, n, relevant);
        }
        __syncthreads();
    }
}

}  // namespace

void sample_linear_regression(Device& d, const em_sample_linear_regression_args& a) {
    CudaDevice& device = cuda(d);
    const Regression body{source_of(device, a),
                          view(a.target),
                          view(a.special),
                          view<int32_t>(a.fixed_positions),
                          view(a.x),
                          view(a.y),
                          view<int32_t>(a.relevant),
                          a.replicas,
                          a.rows,
                          a.length,
                          a.width,
                          a.positions,
                          a.feature,
                          static_cast<float>(1.0 / sqrt(static_cast<double>(a.width)))};
    const int64_t tokens_a_chunk = ceil_div(CHUNK, a.width);
    const int64_t chunks = ceil_div(a.length, tokens_a_chunk);
    const Shape shape{grid_of(a.rows, chunks > 1 ? chunks + 1 : 1, a.replicas), dim3(THREADS), 4 * a.width + ceil_div(a.length, 4) * 4};
    EM_LAUNCH(device, regression_kernel, shape, body, tokens_a_chunk);
}

}  // namespace em::gpu

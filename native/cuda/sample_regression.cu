// Batches of linear regression, drawn where they are used. A Philox block is about 100 instructions and two transforms about 60, for 4
// numbers of 4 bytes: arithmetic decides, about 10^12 numbers a second on 132 multiprocessors.
#include "cuda/normals.h"
#include "cuda/sampling.h"

namespace em::gpu {
namespace {

// Lanes of LinearRegressionDraw.
enum Lane : uint32_t { NOISE, RELEVANT, COIN, POSITIONS };

constexpr int THREADS = 256;
constexpr int64_t CHUNK = 4096;  // numbers that a block draws, or the next whole tokens

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

// Which tokens are relevant, in shared memory.
EM_DEVICE void mark_tokens(const Regression& a, int64_t r, int64_t n, unsigned char* marks) {
    const int64_t copies = a.source.copies(r, a.length);
    for (int64_t t = threadIdx.x; t < a.length; t += THREADS) {
        marks[t] = a.positions == EM_LAST && t >= a.length - copies;
    }
    __syncthreads();
    if (a.positions == EM_FIXED) {
        for (int64_t i = threadIdx.x; i < copies; i += THREADS) {
            const int32_t fixed = a.fixed_positions(r)[i];
            if (fixed < 0 || fixed >= a.length) {
                complain(a.source.complaints, BAD_POSITION);
            } else {
                marks[fixed] = 1;
            }
        }
    } else if (a.positions == EM_RANDOM && threadIdx.x == 0) {
        const RandomLane lane = a.source.lane(POSITIONS, r, n);
        for (int64_t i = 0; i < copies; ++i) {
            const int64_t last = a.length - copies + i;
            floyd(marks, last, lane.bounded(i, last + 1));
        }
    }
    __syncthreads();
}

EM_DEVICE void draw_relevant(const Regression& a, int64_t r, int64_t n, float* relevant) {
    const bool special = a.source.lane(COIN, r, n).coin(0, *a.source.cross_sample(r));
    const RandomLane lane = a.source.lane(RELEVANT, r, n);
    for (int64_t q = threadIdx.x; q < ceil_div(a.width, 4); q += THREADS) {
        float numbers[4];
        four_normals(lane, q, numbers);
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            if (4 * q + k < a.width) {
                relevant[4 * q + k] = special ? a.special(r)[4 * q + k] : numbers[k] * a.scale;
            }
        }
    }
    __syncthreads();
}

// x and the marks of tokens first .. last.
EM_DEVICE void fill_tokens(const Regression& a, int64_t r, int64_t n, int64_t first, int64_t last, const float* relevant,
                           const unsigned char* marks) {
    const RandomLane lane = a.source.lane(NOISE, r, n);
    const int64_t stride = a.width + a.feature;
    float* x = a.x(r) + n * a.length * stride;
    for (int64_t q = first * a.width / 4 + threadIdx.x; 4 * q < last * a.width; q += THREADS) {
        float numbers[4];
        four_normals(lane, q, numbers);
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

// A block draws a stretch of tokens of a sequence; the marks and the relevant vector each block draws for itself. Grid (rows, chunks,
// replicas).
__global__ void __launch_bounds__(THREADS) regression_kernel(Regression a, int64_t tokens_a_chunk) {
    EM_DYNAMIC_SHARED(float, relevant);
    unsigned char* const marks = reinterpret_cast<unsigned char*>(relevant + a.width);
    const int64_t n = blockIdx.x;
    const int64_t first = blockIdx.y * tokens_a_chunk;
    const int64_t last = first + tokens_a_chunk < a.length ? first + tokens_a_chunk : a.length;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        mark_tokens(a, r, n, marks);
        draw_relevant(a, r, n, relevant);
        fill_tokens(a, r, n, first, last, relevant, marks);
        // y = W* relevant, a warp a row.
        for (int64_t i = blockIdx.y == 0 ? warp_index() : a.width; i < a.width; i += THREADS / WARP) {
            float sum = 0.0f;
            for (int64_t j = lane_index(); j < a.width; j += WARP) {
                sum = fmaf(a.target(r)[i * a.width + j], relevant[j], sum);
            }
            sum = lanes_sum(sum);
            if (lane_index() == 0) {
                a.y(r)[n * a.width + i] = sum;
            }
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
    const Shape shape{grid_of(a.rows, ceil_div(a.length, tokens_a_chunk), a.replicas), dim3(THREADS),
                      4 * a.width + ceil_div(a.length, 4) * 4};
    EM_LAUNCH(device, regression_kernel, shape, body, tokens_a_chunk);
}

}  // namespace em::gpu

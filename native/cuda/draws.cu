// General draws, and looking numbers up: what a task is made of that has no kernel of its own. Words and integers are those of the Java
// definition bit for bit, normals to the last bits. A block of Philox makes four numbers; arithmetic decides but for gather.
#include "common/philox.h"
#include "cuda/kernels.h"
#include "cuda/launch.h"
#include "cuda/normals.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 256;
constexpr int64_t SMALL_DECK = 8192;

struct General {
    View<int32_t> keys, step, out;
    View<float> numbers;
    int64_t replicas, rows, columns, bound;
    uint32_t number;
    int32_t what;
    float scale;
    int32_t* decks;  // room for a deck a block, where shared memory has none

    EM_DEVICE RandomLane lane(int64_t r, int64_t n) const { return lane_of(keys(r), number, *step(r), n, 0); }
};

// Four numbers a thread. Grid (rows, pieces of a row, replicas).
__global__ void __launch_bounds__(THREADS) independent_kernel(General a) {
    const int64_t n = blockIdx.x;
    const int64_t q = blockIdx.y * static_cast<int64_t>(THREADS) + threadIdx.x;
    if (4 * q >= a.columns) {
        return;
    }
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const RandomLane lane = a.lane(r, n);
        float normals[4];
        if (a.what == EM_NORMALS) {
            four_normals(lane, q, normals);
        }
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            if (4 * q + k < a.columns) {
                const int64_t at = n * a.columns + 4 * q + k;
                if (a.what == EM_NORMALS) {
                    a.numbers(r)[at] = normals[k] * a.scale;
                } else {
                    a.out(r)[at] = lane.bounded(4 * q + k, a.bound);
                }
            }
        }
    }
}

// The first entries of a shuffle (Fisher & Yates), a block a sequence: a chain of dependent swaps for one thread. Grid (rows, 1, replicas).
__global__ void __launch_bounds__(THREADS) permutation_kernel(General a) {
    EM_DYNAMIC_SHARED(int32_t, shared);
    const int64_t n = blockIdx.x;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        int32_t* const deck = a.decks == nullptr ? shared : a.decks + (blockIdx.z * a.rows + n) * a.bound;
        int32_t* const out = a.out(r) + n * a.columns;
        const RandomLane lane = a.lane(r, n);
        for (int64_t v = threadIdx.x; v < a.bound; v += THREADS) {
            deck[v] = static_cast<int32_t>(v);
        }
        for (int64_t i = threadIdx.x; i < a.columns; i += THREADS) {
            out[i] = static_cast<int32_t>(i) + lane.bounded(i, a.bound - i);
        }
        __syncthreads();
        for (int64_t i = 0; i < a.columns && threadIdx.x == 0; ++i) {
            const int32_t drawn = out[i];
            out[i] = deck[drawn];
            deck[drawn] = deck[i];
        }
        __syncthreads();
    }
}

struct Gather {
    View<int32_t> table, index, out;
    int64_t replicas, rows, columns, table_rows, table_columns;
    int32_t* complaints;
};

// Grid (rows, pieces of a row, replicas).
__global__ void __launch_bounds__(THREADS) gather_kernel(Gather a) {
    const int64_t n = blockIdx.x;
    const int64_t k = blockIdx.y * static_cast<int64_t>(THREADS) + threadIdx.x;
    if (k >= a.columns) {
        return;
    }
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const int32_t index = a.index(r)[n * a.columns + k];
        if (index < 0 || index >= a.table_columns) {
            complain(a.complaints, BAD_INDEX);
        } else {
            a.out(r)[n * a.columns + k] = a.table(r)[(a.table_rows == 1 ? 0 : n * a.table_columns) + index];
        }
    }
}

}  // namespace

void draw(Device& d, const em_draw_args& a) {
    CudaDevice& device = cuda(d);
    General body{view<int32_t>(a.keys),
                 view<int32_t>(a.step),
                 view<int32_t>(a.out),
                 view(a.out),
                 a.replicas,
                 a.rows,
                 a.columns,
                 a.bound,
                 static_cast<uint32_t>(a.lane),
                 a.what,
                 a.scale,
                 nullptr};
    if (a.what != EM_PERMUTATIONS) {
        EM_LAUNCH(device, independent_kernel, Shape{grid_of(a.rows, ceil_div(a.columns, 4 * THREADS), a.replicas), dim3(THREADS)}, body);
        return;
    }
    Shape shape{grid_of(a.rows, 1, a.replicas), dim3(THREADS)};
    if (a.bound <= SMALL_DECK) {
        shape.shared = 4 * a.bound;
    } else {
        body.decks = reinterpret_cast<int32_t*>(device.workspace(shape.grid.z * a.rows * a.bound));
    }
    EM_LAUNCH(device, permutation_kernel, shape, body);
}

void gather(Device& d, const em_gather_args& a) {
    CudaDevice& device = cuda(d);
    const Gather body{view<int32_t>(a.table), view<int32_t>(a.index), view<int32_t>(a.out), a.replicas, a.rows, a.columns,
                      a.table_rows,           a.table_columns,        device.complaints()};
    EM_LAUNCH(device, gather_kernel, Shape{grid_of(a.rows, ceil_div(a.columns, THREADS), a.replicas), dim3(THREADS)}, body);
}

}  // namespace em::gpu

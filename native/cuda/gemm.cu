// C = op(A) op(B) + beta C for each replica, row-major: our own product of tiles, for the host emulation and for programs without
// cuBLAS. On a GPU the backend gives the context cuBLAS (em_set_multiply), which is faster; this one keeps a 64 by 64 tile of C in
// registers and reads A and B 16 columns at a time; operations 2 m n k, bytes 4 m n (k / 32 + 1) from the cache.
#include "cuda/kernels.h"
#include "cuda/launch.h"

namespace em::gpu {
namespace {

constexpr int TILE = 64;
constexpr int DEPTH = 16;
constexpr int SIDE = 16;           // threads in each direction
constexpr int MINE = TILE / SIDE;  // rows and columns of C of a thread
constexpr int THREADS = SIDE * SIDE;
constexpr int TILE_ROW = TILE + 4;

// op(A) is rows by depth: element (i, k) at from[i * row + k * column].
struct Operand {
    View<float> from;
    int64_t row, column;
};

struct Product {
    Operand a, b;  // b: element (j, k), a row a column of C
    View<float> c;
    int64_t replicas, m, n, k;
    float beta;
};

// to[k][row] = the operand's elements of rows first .. first + TILE, k0 .. k0 + DEPTH; zero outside.
EM_DEVICE void load_operand(float* to, const Operand& x, int64_t r, int64_t first, int64_t rows, int64_t k0, int64_t depth) {
    // Neighbouring threads read neighbouring addresses.
    const bool by_rows = x.row == 1;
    for (int i = static_cast<int>(threadIdx.x); i < TILE * DEPTH; i += THREADS) {
        const int row = by_rows ? i % TILE : i / DEPTH;
        const int k = by_rows ? i / TILE : i % DEPTH;
        const bool inside = first + row < rows && k0 + k < depth;
        to[k * TILE_ROW + row] = inside ? x.from(r)[(first + row) * x.row + (k0 + k) * x.column] : 0.0f;
    }
}

// Grid (tiles of rows * tiles of columns, 1, replicas).
__global__ void __launch_bounds__(THREADS) gemm_kernel(Product p) {
    EM_SHARED(float, a, [DEPTH * TILE_ROW]);
    EM_SHARED(float, b, [DEPTH * TILE_ROW]);
    const int x = static_cast<int>(threadIdx.x) % SIDE * MINE;
    const int y = static_cast<int>(threadIdx.x) / SIDE * MINE;
    const int64_t tiles = ceil_div(p.n, TILE);
    const int64_t i0 = quotient(blockIdx.x, tiles) * TILE;
    const int64_t j0 = (blockIdx.x - quotient(blockIdx.x, tiles) * tiles) * TILE;
    for (int64_t r = blockIdx.z; r < p.replicas; r += gridDim.z) {
        float c[MINE][MINE] = {};
        for (int64_t k0 = 0; k0 < p.k; k0 += DEPTH) {
            load_operand(a, p.a, r, i0, p.m, k0, p.k);
            load_operand(b, p.b, r, j0, p.n, k0, p.k);
            __syncthreads();
#pragma unroll
            for (int k = 0; k < DEPTH; ++k) {
                const float4 left = *reinterpret_cast<const float4*>(a + k * TILE_ROW + y);
                const float4 right = *reinterpret_cast<const float4*>(b + k * TILE_ROW + x);
                const float lefts[MINE] = {left.x, left.y, left.z, left.w};
                const float rights[MINE] = {right.x, right.y, right.z, right.w};
#pragma unroll
                for (int i = 0; i < MINE; ++i) {
#pragma unroll
                    for (int j = 0; j < MINE; ++j) {
                        c[i][j] = fmaf(lefts[i], rights[j], c[i][j]);
                    }
                }
            }
            __syncthreads();
        }
#pragma unroll
        for (int i = 0; i < MINE; ++i) {
#pragma unroll
            for (int j = 0; j < MINE; ++j) {
                if (i0 + y + i < p.m && j0 + x + j < p.n) {
                    float* to = p.c(r) + (i0 + y + i) * p.n + j0 + x + j;
                    *to = p.beta == 0.0f ? c[i][j] : fmaf(p.beta, *to, c[i][j]);
                }
            }
        }
    }
}

}  // namespace

void gemm(Device& d, const em_gemm_args& a) {
    CudaDevice& device = cuda(d);
    if (device.multiply() != nullptr) {
        const View<float> left = view(a.a), right = view(a.b), to = view(a.c);
        const em_product product{left.base, right.base, to.base, left.stride, right.stride, to.stride,           a.replicas,
                                 a.m,       a.n,        a.k,     a.trans_a,   a.trans_b,    device.arithmetic(), a.beta};
        device.stream();
        const int32_t status = device.multiply()(&product);
        if (status != 0) {
            EM_FAIL(EM_FAILED, "cuBLAS status %d", status);
        }
        return;
    }
    const Operand left = a.trans_a ? Operand{view(a.a), 1, a.m} : Operand{view(a.a), a.k, 1};
    const Operand right = a.trans_b ? Operand{view(a.b), a.k, 1} : Operand{view(a.b), 1, a.n};
    const Shape shape{grid_of(ceil_div(a.m, TILE) * ceil_div(a.n, TILE), 1, a.replicas), dim3(THREADS)};
    EM_LAUNCH(device, gemm_kernel, shape, Product{left, right, view(a.c), a.replicas, a.m, a.n, a.k, a.beta});
}

}  // namespace em::gpu

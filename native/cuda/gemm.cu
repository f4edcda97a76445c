// Matrix products: by cublasLt or by our own kernel (own_product.cu), as CudaDevice::own_product says; and a product for each head with its
// own rows of a weight, by a kernel that keeps a 64 by 64 tile in registers and reads its operands 16 columns at a time.
#include "cuda/kernels.h"
#include "cuda/launch.h"
#include "cuda/own_product.h"

namespace em::gpu {
namespace {

constexpr int TILE = 64;
constexpr int DEPTH = 16;
constexpr int SIDE = 16;           // threads in each direction
constexpr int MINE = TILE / SIDE;  // rows and columns of C of a thread
constexpr int THREADS = SIDE * SIDE;
constexpr int TILE_ROW = TILE + 4;

// op(A) is rows by depth: element (i, k) at from[i * row + k * column]; that of the next head starts `head` elements later.
struct Operand {
    View<float> from;
    int64_t row, column, head;
};

struct Product {
    Operand a, b;  // b: element (j, k), a row a column of C
    Operand c;     // column 1
    int64_t replicas, m, n, k;
    float beta;
};

// to[k][row] = the operand's elements of rows first .. first + TILE, k0 .. k0 + DEPTH; zero outside.
EM_DEVICE void load_operand(float* to, const Operand& x, const float* from, int64_t first, int64_t rows, int64_t k0, int64_t depth) {
    // Neighbouring threads read neighbouring addresses.
    const bool by_rows = x.row == 1;
    for (int i = static_cast<int>(threadIdx.x); i < TILE * DEPTH; i += THREADS) {
        const int row = by_rows ? i % TILE : i / DEPTH;
        const int k = by_rows ? i / TILE : i % DEPTH;
        const bool inside = first + row < rows && k0 + k < depth;
        to[k * TILE_ROW + row] = inside ? from[(first + row) * x.row + (k0 + k) * x.column] : 0.0f;
    }
}

// Grid (tiles of rows * tiles of columns, heads, replicas).
__global__ void __launch_bounds__(THREADS) head_product_kernel(Product p) {
    EM_SHARED(float, a, [DEPTH * TILE_ROW]);
    EM_SHARED(float, b, [DEPTH * TILE_ROW]);
    const int x = static_cast<int>(threadIdx.x) % SIDE * MINE;
    const int y = static_cast<int>(threadIdx.x) / SIDE * MINE;
    const int64_t tiles = ceil_div(p.n, TILE);
    const int64_t i0 = quotient(blockIdx.x, tiles) * TILE;
    const int64_t j0 = (blockIdx.x - quotient(blockIdx.x, tiles) * tiles) * TILE;
    for (int64_t r = blockIdx.z; r < p.replicas; r += gridDim.z) {
        float c[MINE][MINE] = {};
        const float* from_a = p.a.from(r) + blockIdx.y * p.a.head;
        const float* from_b = p.b.from(r) + blockIdx.y * p.b.head;
        for (int64_t k0 = 0; k0 < p.k; k0 += DEPTH) {
            load_operand(a, p.a, from_a, i0, p.m, k0, p.k);
            load_operand(b, p.b, from_b, j0, p.n, k0, p.k);
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
                    float* to = p.c.from(r) + blockIdx.y * p.c.head + (i0 + y + i) * p.c.row + j0 + x + j;
                    *to = p.beta == 0.0f ? c[i][j] : fmaf(p.beta, *to, c[i][j]);
                }
            }
        }
    }
}

}  // namespace

void gemm(Device& d, const em_gemm_args& a) {
    CudaDevice& device = cuda(d);
    Products* products = device.products();
    if (device.own_product(a, device.arithmetic())) {
        own_product(device, a, {});
    } else {
        products->multiply(a);
    }
}

void head_product(Device& d, const em_head_product_args& a) {
    const int64_t x_row = a.heads * a.head_dim;
    const int64_t y_row = a.heads * a.width;
    const int64_t w_head = a.head_dim * a.width;
    Product p{};
    if (a.form == EM_HEADS_WIDEN) {
        p = {{view(a.x), x_row, 1, a.head_dim},
             {view(a.w), 1, a.width, w_head},
             {view(a.y), y_row, 1, a.width},
             a.replicas,
             a.rows,
             a.width,
             a.head_dim,
             0.0f};
    } else if (a.form == EM_HEADS_NARROW) {
        p = {{view(a.y), y_row, 1, a.width},
             {view(a.w), a.width, 1, w_head},
             {view(a.x), x_row, 1, a.head_dim},
             a.replicas,
             a.rows,
             a.head_dim,
             a.width,
             0.0f};
    } else {
        p = {{view(a.x), 1, x_row, a.head_dim},
             {view(a.y), 1, y_row, a.width},
             {view(a.w), a.width, 1, w_head},
             a.replicas,
             a.head_dim,
             a.width,
             a.rows,
             0.0f};
    }
    const Shape shape{grid_of(ceil_div(p.m, TILE) * ceil_div(p.n, TILE), a.heads, a.replicas), dim3(THREADS)};
    EM_LAUNCH(cuda(d), head_product_kernel, shape, p);
}

}  // namespace em::gpu

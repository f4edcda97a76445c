// The ladder of the matrix product C = op(A) op(B), at the MLP's first layer of 8,192 tokens: 8192 x 1024 x 256, A B^T. 4.3 G operations
// and 43 MB. Then all products of a training step, our own kernel beside cublasLt: what own_products.h and gpu-rates.properties assume.
//
//   0  A thread an element of C. The threads of a warp read 32 rows of B at once: 32 cache lines for 32 numbers.
//   1  Tiles of 32 by 32 in shared memory, an element a thread: two numbers are read for each multiplication.
//   2  Tiles of 64 by 64, four by four elements a thread: eight numbers for sixteen multiplications.
//   3  Our own kernel: eight by eight, pieces copied ahead by cp.async (product_tile.h).
//   4  cublasLt, float32.
//   5, 6  tf32 on tensor cores: our own kernel, where it has one; cublasLt.
//   7  Float32 on tensor cores by our own kernel: each number split into two parts of tf32, three products for one.
#include "product.h"

namespace ladder {
namespace {

// --- rungs 0 to 2, of one replica ---

__global__ void naive_kernel(Product p) {
    const int64_t at = thread_of_grid();
    if (at < p.m * p.n) {
        const int64_t i = at / p.n;
        const int64_t j = at % p.n;
        float sum = 0;
        for (int64_t k = 0; k < p.k; ++k) {
            sum = fmaf(p.a[i * p.a_row + k * p.a_column], p.b[k * p.b_row + j * p.b_column], sum);
        }
        p.c[at] = sum;
    }
}

constexpr int DEPTH = 32;

// MINE by MINE elements of C a thread, of 16 by 16 threads or, with MINE 1, of 32 by 32. Grid (tiles along n, tiles along m).
template <int MINE>
__global__ void __launch_bounds__(MINE == 1 ? 1024 : 256) tiled_kernel(Product p) {
    constexpr int ACROSS = MINE == 1 ? 32 : 16;
    constexpr int TILE = ACROSS * MINE;
    constexpr int ROW = TILE + 4;  // rows start at 16 bytes, and not all in the same bank
    EM_SHARED(float, a, [DEPTH * ROW]);
    EM_SHARED(float, b, [DEPTH * ROW]);
    const int thread = static_cast<int>(threadIdx.x);
    const int x = thread % ACROSS * MINE;
    const int y = thread / ACROSS * MINE;
    const int64_t i0 = static_cast<int64_t>(blockIdx.y) * TILE;
    const int64_t j0 = static_cast<int64_t>(blockIdx.x) * TILE;
    float c[MINE][MINE] = {};
    for (int64_t k0 = 0; k0 < p.k; k0 += DEPTH) {
        for (int at = thread; at < TILE * DEPTH; at += ACROSS * ACROSS) {
            const int row = at / DEPTH;
            const int k = at % DEPTH;
            const bool inside = k0 + k < p.k;
            a[k * ROW + row] = inside && i0 + row < p.m ? p.a[(i0 + row) * p.a_row + (k0 + k) * p.a_column] : 0.0f;
            b[k * ROW + row] = inside && j0 + row < p.n ? p.b[(k0 + k) * p.b_row + (j0 + row) * p.b_column] : 0.0f;
        }
        __syncthreads();
#pragma unroll 8
        for (int k = 0; k < DEPTH; ++k) {
            float left[MINE];
            float right[MINE];
#pragma unroll
            for (int i = 0; i < MINE; ++i) {
                left[i] = a[k * ROW + y + i];
                right[i] = b[k * ROW + x + i];
            }
#pragma unroll
            for (int i = 0; i < MINE; ++i) {
#pragma unroll
                for (int j = 0; j < MINE; ++j) {
                    c[i][j] = fmaf(left[i], right[j], c[i][j]);
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
                p.c[(i0 + y + i) * p.n + j0 + x + j] = c[i][j];
            }
        }
    }
}

void climb(Gpu& gpu, Report& report) {
    const Shape shape = EMULATED ? Shape{OUTPUTS, 70, 66, 40} : Shape{OUTPUTS, 8192, 1024, 256};
    Shown shown(gpu, shape, 1);
    report.title("product", std::string(NAMES[shape.form]) + " " + shape.text(), shown.work());
    const auto rung = [&](const char* name, double predicted, void (*kernel)(Product), dim3 grid, int threads) {
        shown.see(report, name, predicted, [&gpu, kernel, grid, threads](const Product& p) {
            launch(gpu.stream(), kernel, grid, dim3(static_cast<unsigned>(threads)), p);
        });
    };
    const auto tiles = [&](int64_t side) { return dim3(blocks_of(shape.n, side), blocks_of(shape.m, side)); };
    rung("0 an element a thread", 9600, naive_kernel, dim3(blocks_of(shape.m * shape.n, 256)), 256);
    rung("1 tiles in shared memory", 580, tiled_kernel<1>, tiles(32), 1024);
    rung("2 four by four a thread", 130, tiled_kernel<4>, tiles(64), 256);
    shown.see_own(report, {92, 76, 29});
    shown.see(report, "4 cublasLt, float32", 86, gpu.library(), EM_FLOAT32);
    shown.see(report, "6 cublasLt, tf32", 15, gpu.library(), EM_TF32);
    gpu.release();
}

// --- all products of a step ---

// The products of a step with so many rows: regression with 16 tokens (512 rows; 32 behind the last layer's attention), with 256 (8,192),
// recall with 32 pairs (2,080). Width 256, MLP of 1,024.
std::vector<Shape> shapes_of(int64_t rows) {
    if (EMULATED) {
        return {{OUTPUTS, rows, 48, 40}, {INPUTS, rows, 40, 48}, {WEIGHTS, 48, 40, rows}};
    }
    std::vector<Shape> shapes;
    for (const auto& [out, in] : std::vector<std::pair<int64_t, int64_t>>{{256, 256}, {768, 256}, {1024, 256}, {256, 1024}}) {
        if (rows == 32 && out == 768) {
            continue;
        }
        shapes.push_back({OUTPUTS, rows, out, in});
        shapes.push_back({INPUTS, rows, in, out});
        shapes.push_back({WEIGHTS, out, in, rows});
    }
    return shapes;
}

}  // namespace

void product_ladder(Gpu& gpu, Report& report) {
    climb(gpu, report);
    for (const int64_t replicas : EMULATED ? std::vector<int64_t>{1, 3} : std::vector<int64_t>{1, 8, 32}) {
        for (const int64_t rows : EMULATED ? std::vector<int64_t>{33} : std::vector<int64_t>{512, 32, 8192, 2080}) {
            for (const Shape& shape : shapes_of(rows)) {
                if (!report.time_left()) {
                    report.leave_out();
                    continue;
                }
                const Shown shown(gpu, shape, replicas);
                report.title(STEP, std::string(NAMES[shape.form]) + " " + shape.text() + ", " + std::to_string(replicas) + " replicas",
                             shown.work());
                const Own own = shown.see_own(report, {});
                const double library = shown.see(report, "4 cublasLt, float32", 0, gpu.library(), EM_FLOAT32);
                const double library_tf32 = shown.see(report, "6 cublasLt, tf32", 0, gpu.library(), EM_TF32);
                report.compare({NAMES[shape.form],
                                shape.text(),
                                replicas,
                                {own.float32, library, shown.ruled_own(EM_FLOAT32)},
                                own.split,
                                {own.tf32, library_tf32, shown.ruled_own(EM_TF32)}});
                gpu.release();
            }
        }
    }
}

}  // namespace ladder

// The ladder of the matrix product C = op(A) op(B), at the MLP's first layer of 8,192 tokens: 8192 x 1024 x 256, A B^T. 4.3 G operations
// and 43 MB. Then all products of a training step, our own kernel beside cublasLt: what own_products.h and gpu-rates.properties assume.
//
//   0  A thread an element of C. The threads of a warp read 32 rows of B at once: 32 cache lines for 32 numbers.
//   1  Tiles of 32 by 32 in shared memory, an element a thread: two numbers are read for each multiplication.
//   2  Tiles of 64 by 64, four by four elements a thread: eight numbers for sixteen multiplications.
//   3  Our own kernel: eight by eight, pieces copied ahead by cp.async (product_tile.h).
//   4  cublasLt, float32.
//   5, 6  tf32 on tensor cores: our own kernel, where it has one; cublasLt.
#include "common/own_products.h"
#include "errors.h"
#include "report.h"

namespace ladder {
namespace {

// Element (i, k) of op(A) is a[i * a_row + k * a_column], element (k, j) of op(B) b[k * b_row + j * b_column]; of each replica.
struct Product {
    const float *a, *b;
    float* c;
    int64_t replicas, m, n, k;
    int64_t a_row, a_column, b_row, b_column;
};

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

// --- truth: all elements of the first and the last replica ---

struct Elements {
    Product p;
    EM_DEVICE int64_t replica(int64_t i) const { return i < p.m * p.n ? 0 : p.replicas - 1; }
    EM_DEVICE double want(int64_t i) const {
        const float* const a = p.a + replica(i) * p.m * p.k + i % (p.m * p.n) / p.n * p.a_row;
        const float* const b = p.b + replica(i) * p.k * p.n + i % p.n * p.b_column;
        double sum = 0;
        for (int64_t k = 0; k < p.k; ++k) {
            sum += static_cast<double>(a[k * p.a_column]) * b[k * p.b_row];
        }
        return sum;
    }
    EM_DEVICE float got(int64_t i) const { return p.c[replica(i) * p.m * p.n + i % (p.m * p.n)]; }
};

// What another kernel left, as what is wanted.
struct Same {
    const float *other, *c;
    EM_DEVICE double want(int64_t i) const { return other[i]; }
    EM_DEVICE float got(int64_t i) const { return c[i]; }
};

// --- shapes ---

enum Form { OUTPUTS, INPUTS, WEIGHTS };  // A B^T of a layer, A B of its gradient, A^T B of its weights'
constexpr const char* NAMES[] = {"A B^T", "A B", "A^T B"};

struct Shape {
    Form form;
    int64_t m, n, k;
    bool trans_a() const { return form == WEIGHTS; }
    bool trans_b() const { return form == OUTPUTS; }
    std::string text() const { return std::to_string(m) + " x " + std::to_string(n) + " x " + std::to_string(k); }
};

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

// One shape with its sets of inputs in memory.
class Shown {
public:
    Shown(Gpu& gpu, const Shape& shape, int64_t replicas) : gpu_(gpu), shape_(shape), replicas_(replicas) {
        const int64_t a = replicas * shape.m * shape.k;
        const int64_t b = replicas * shape.k * shape.n;
        const int64_t c = replicas * shape.m * shape.n;
        work_ = {2.0 * static_cast<double>(a * shape.n), 4.0 * static_cast<double>(a + b + c)};
        const int64_t sets = sets_of(4 * (a + b + c));
        float* const inputs = gpu.take(sets * (a + b));
        float* const outputs = gpu.take(sets * c);
        gpu.fill(inputs, sets * (a + b), 5);
        for (int64_t i = 0; i < sets; ++i) {
            float* const at = inputs + i * (a + b);
            sets_.push_back({at, at + a, outputs + i * c, replicas, shape.m, shape.n, shape.k, shape.trans_a() ? 1 : shape.k,
                             shape.trans_a() ? shape.m : 1, shape.trans_b() ? 1 : shape.n, shape.trans_b() ? shape.k : 1});
        }
        gpu.wait();
    }

    const Work& work() const { return work_; }
    const Product& first() const { return sets_[0]; }
    em_gemm_args args(const Product& p) const {
        return {gpu_.tensor(const_cast<float*>(p.a), p.m * p.k),
                gpu_.tensor(const_cast<float*>(p.b), p.k * p.n),
                gpu_.tensor(p.c, p.m * p.n),
                replicas_,
                p.m,
                p.n,
                p.k,
                shape_.trans_a(),
                shape_.trans_b(),
                0.0f};
    }

    // us; 0 where the device is not there.
    double see(Report& report, const char* name, double predicted, em::Device* device, int32_t arithmetic, bool print) {
        if (device == nullptr) {
            return 0;
        }
        if (!prepared(report, name, device, arithmetic)) {
            return 0;
        }
        return see(report, name, predicted, device, arithmetic, print,
                   [=](int64_t set) { device->kernels().gemm(*device, args(sets_[static_cast<size_t>(set)])); });
    }
    double see(Report& report, const char* name, double predicted, em::Device* device, int32_t arithmetic, bool print,
               const std::function<void(int64_t)>& issue) {
        const double bound = arithmetic == EM_FLOAT32 ? 8 * std::sqrt(static_cast<double>(shape_.k)) / (1 << 24) : 16.0 / (1 << 11);
        const int64_t elements = shape_.m * shape_.n;
        const Product& p = sets_[0];
        return report.see(
            gpu_, {name, arithmetic, bound, predicted, device, issue}, static_cast<int64_t>(sets_.size()),
            [&] { gpu_.poison(p.c, replicas_ * elements); },
            [&] { return error_of(gpu_, Elements{p}, elements * (replicas_ > 1 ? 2 : 1)); }, print);
    }

    // Our own kernel in float32 and in tf32. The second is 0 where its bits are those of the first: then there is no kernel for tf32.
    void see_own(Report& report, bool print, double predicted, double predicted_tf32, double& us, double& us_tf32) {
        const int64_t elements = shape_.m * shape_.n;
        us = see(report, "3 our own, float32", predicted, &gpu_.own(), EM_FLOAT32, print);
        float* const kept = gpu_.take(elements);
        gpu_.copy(kept, sets_[0].c, elements);
        gpu_.own().set_arithmetic(EM_TF32);
        gpu_.own().prepare(args(sets_[0]));
        gpu_.wait();
        gpu_.own().kernels().gemm(gpu_.own(), args(sets_[0]));
        gpu_.own().set_arithmetic(EM_FLOAT32);
        gpu_.wait();
        us_tf32 = error_of(gpu_, Same{kept, sets_[0].c}, elements) == 0
                      ? 0
                      : see(report, "5 our own, tf32", predicted_tf32, &gpu_.own(), EM_TF32, print);
    }

    void issue(void (*kernel)(Product), dim3 grid, int threads, int64_t set) const {
        launch(gpu_.stream(), kernel, grid, dim3(static_cast<unsigned>(threads)), sets_[static_cast<size_t>(set)]);
    }

private:
    // Chooses and loads what multiplies, which must not be done in a capture. False where the library has nothing.
    bool prepared(Report& report, const char* name, em::Device* device, int32_t arithmetic) const {
        device->set_arithmetic(arithmetic);
        bool good = true;
        try {
            for (const Product& p : sets_) {
                device->prepare(args(p));
            }
        } catch (const std::exception& problem) {
            report.fail(std::string(name) + ", " + shape_.text() + ": " + problem.what());
            good = false;
        }
        device->set_arithmetic(EM_FLOAT32);
        return good;
    }

    Gpu& gpu_;
    const Shape shape_;
    const int64_t replicas_;
    Work work_{};
    std::vector<Product> sets_;
};

void climb(Gpu& gpu, Report& report) {
    const Shape shape = EMULATED ? Shape{OUTPUTS, 70, 66, 40} : Shape{OUTPUTS, 8192, 1024, 256};
    Shown shown(gpu, shape, 1);
    report.title("product", std::string(NAMES[shape.form]) + " " + shape.text(), shown.work());
    const auto rung = [&](const char* name, double predicted, void (*kernel)(Product), dim3 grid, int threads) {
        shown.see(report, name, predicted, nullptr, EM_FLOAT32, true,
                  [&shown, kernel, grid, threads](int64_t set) { shown.issue(kernel, grid, threads, set); });
    };
    const auto tiles = [&](int64_t side) { return dim3(blocks_of(shape.n, side), blocks_of(shape.m, side)); };
    rung("0 an element a thread", 9600, naive_kernel, dim3(blocks_of(shape.m * shape.n, 256)), 256);
    rung("1 tiles in shared memory", 580, tiled_kernel<1>, tiles(32), 1024);
    rung("2 four by four a thread", 130, tiled_kernel<4>, tiles(64), 256);
    double own;
    double own_tf32;
    shown.see_own(report, true, 92, 17, own, own_tf32);
    shown.see(report, "4 cublasLt, float32", 86, gpu.library(), EM_FLOAT32, true);
    shown.see(report, "6 cublasLt, tf32", 15, gpu.library(), EM_TF32, true);
    gpu.release();
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
                Shown shown(gpu, shape, replicas);
                const em_gemm_args args = shown.args(shown.first());
                Compared row{NAMES[shape.form],
                             shape.text(),
                             replicas,
                             {0, 0, em::own_product(args, EM_FLOAT32)},
                             {0, 0, em::own_product(args, EM_TF32)}};
                report.title(STEP, row.form + " " + row.shape + ", " + std::to_string(replicas) + " replicas", shown.work());
                shown.see_own(report, false, 0, 0, row.float32.own, row.tf32.own);
                row.float32.library = shown.see(report, "4 cublasLt, float32", 0, gpu.library(), EM_FLOAT32, false);
                row.tf32.library = shown.see(report, "6 cublasLt, tf32", 0, gpu.library(), EM_TF32, false);
                report.compare(row);
                gpu.release();
            }
        }
    }
}

}  // namespace ladder

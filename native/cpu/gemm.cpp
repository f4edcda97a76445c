// Matrix products by oneDNN, always on one of its threads: we share out replicas and rows ourselves, so that results do not depend on
// the number of threads.
#include <omp.h>

#include "common/error.h"
#include "cpu/cpu_device.h"
#include "cpu/parallel.h"
#include "oneapi/dnnl/dnnl.h"

namespace em {
namespace {

// A matrix as sgemm takes it.
struct Operand {
    const float* at;
    int64_t row;  // elements between its rows
    bool transposed;
};

void one_thread() {
    // An OpenMP setting of the calling thread; oneDNN would take all cores otherwise.
    if (omp_get_max_threads() != 1) {
        omp_set_num_threads(1);
    }
}

// C (m x n) = op(A) op(B) + beta C.
void sgemm(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row) {
    one_thread();
    const dnnl_status_t status =
        dnnl_sgemm(a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', m, n, k, 1.0f, a.at, a.row, b.at, b.row, beta, c, c_row);
    if (status != dnnl_success) {
        EM_FAIL(status == dnnl_out_of_memory ? EM_OUT_OF_MEMORY : EM_FAILED, "oneDNN returned status %d for m %lld, n %lld, k %lld", status,
                (long long)m, (long long)n, (long long)k);
    }
}

// The product of some rows of op(A) with op(B).
struct Product {
    CpuDevice& cpu;
    const em_gemm_args& args;
    int64_t rows;    // of C in one task
    int64_t blocks;  // tasks a replica

    // Measured against sgemm on AVX-512, m x n x k: 32x256x1024 94 to 55 GFLOP/s, 32x256x256 94 to 86, 512x256x1024 104 to 95; with
    // k = 256 and many rows sgemm is ahead by a few per cent.
    bool suits_matmul() const { return !args.trans_a && args.trans_b && (args.k >= 1024 || args.m <= 64); }

    void multiply(int64_t task, int thread) const {
        const int64_t r = task / blocks;
        const int64_t first = task % blocks * rows;
        const int64_t m = first + rows < args.m ? rows : args.m - first;
        const float* a = data(args.a, r) + (args.trans_a ? first : first * args.k);
        const float* b = data(args.b, r);
        float* c = data(args.c, r) + first * args.n;
        if (suits_matmul()) {
            one_thread();
            cpu.matmuls[thread].multiply(m, args.n, args.k, a, b, args.beta, c);
            return;
        }
        sgemm(m, args.n, args.k, {a, args.trans_a ? args.m : args.k, args.trans_a != 0},
              {b, args.trans_b ? args.k : args.n, args.trans_b != 0}, args.beta, c, args.n);
    }
};

}  // namespace

void gemm(Device& device, const em_gemm_args& args) {
    CpuDevice& cpu = static_cast<CpuDevice&>(device);
    // Weight gradients, 1024x256x8192: 99 GFLOP/s in four parts, 89 in one.
    const int64_t rows = args.trans_a ? 256 : 1024;
    const Product product{cpu, args, rows, (args.m + rows - 1) / rows};
    cpu.pool.run(
        args.replicas * product.blocks,
        [](void* closure, int64_t task, int thread) { static_cast<const Product*>(closure)->multiply(task, thread); },
        const_cast<Product*>(&product));
}

void head_product(Device& device, const em_head_product_args& args) {
    CpuDevice& cpu = static_cast<CpuDevice&>(device);
    cpu.pool.run(
        args.replicas * args.heads,
        [](void* closure, int64_t task, int) {
            const em_head_product_args& a = *static_cast<const em_head_product_args*>(closure);
            const int64_t r = task / a.heads;
            const int64_t h = task % a.heads;
            float* x = data(a.x, r) + h * a.head_dim;
            float* w = data(a.w, r) + h * a.head_dim * a.width;
            float* y = data(a.y, r) + h * a.width;
            const int64_t x_row = a.heads * a.head_dim;
            const int64_t y_row = a.heads * a.width;
            if (a.form == EM_HEADS_WIDEN) {
                sgemm(a.rows, a.width, a.head_dim, {x, x_row, false}, {w, a.width, false}, 0, y, y_row);
            } else if (a.form == EM_HEADS_NARROW) {
                sgemm(a.rows, a.head_dim, a.width, {y, y_row, false}, {w, a.width, true}, 0, x, x_row);
            } else {
                sgemm(a.head_dim, a.width, a.rows, {x, x_row, true}, {y, y_row, false}, 0, w, a.width);
            }
        },
        const_cast<em_head_product_args*>(&args));
}

}  // namespace em

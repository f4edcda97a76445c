// Matrix products by oneDNN, always on one of its threads: we share out replicas and rows ourselves, so that results do not depend on
// the number of threads.
#include <omp.h>

#include "common/error.h"
#include "cpu/cpu_device.h"
#include "cpu/parallel.h"
#include "oneapi/dnnl/dnnl.h"

namespace em {
namespace {

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
        // An OpenMP setting of the calling thread; oneDNN would take all cores otherwise.
        if (omp_get_max_threads() != 1) {
            omp_set_num_threads(1);
        }
        if (suits_matmul()) {
            cpu.matmuls[thread].multiply(m, args.n, args.k, a, b, args.beta, c);
            return;
        }
        const dnnl_status_t status = dnnl_sgemm(args.trans_a ? 'T' : 'N', args.trans_b ? 'T' : 'N', m, args.n, args.k, 1.0f, a,
                                                args.trans_a ? args.m : args.k, b, args.trans_b ? args.k : args.n, args.beta, c, args.n);
        if (status != dnnl_success) {
            EM_FAIL(status == dnnl_out_of_memory ? EM_OUT_OF_MEMORY : EM_FAILED, "oneDNN returned status %d for m %lld, n %lld, k %lld",
                    status, (long long)m, (long long)args.n, (long long)args.k);
        }
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

}  // namespace em

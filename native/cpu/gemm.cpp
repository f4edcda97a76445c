// Matrix products by oneDNN, always on one of its threads: we share out replicas and rows ourselves, so that results do not depend on
// the number of threads.
#include <omp.h>

#include "cpu/parallel.h"
#include "oneapi/dnnl/dnnl.h"

namespace em {
namespace {

struct Product {
    const em_gemm_args& args;
    int64_t rows;    // of C in one task
    int64_t blocks;  // tasks a replica
};

void multiply(const void* closure, int64_t task, float*) {
    const Product& product = *static_cast<const Product*>(closure);
    const em_gemm_args& g = product.args;
    const int64_t r = task / product.blocks;
    const int64_t first = task % product.blocks * product.rows;
    const int64_t m = first + product.rows < g.m ? product.rows : g.m - first;
    const float* a = data(g.a, r) + (g.trans_a ? first : first * g.k);
    // An OpenMP setting of the calling thread; oneDNN would take all cores otherwise.
    if (omp_get_max_threads() != 1) {
        omp_set_num_threads(1);
    }
    const dnnl_status_t status =
        dnnl_sgemm(g.trans_a ? 'T' : 'N', g.trans_b ? 'T' : 'N', m, g.n, g.k, 1.0f, a, g.trans_a ? g.m : g.k, data(g.b, r),
                   g.trans_b ? g.k : g.n, g.beta, data(g.c, r) + first * g.n, g.n);
    if (status != dnnl_success) {
        EM_FAIL(status == dnnl_out_of_memory ? EM_OUT_OF_MEMORY : EM_FAILED, "oneDNN returned status %d for m %lld, n %lld, k %lld",
                status, (long long)m, (long long)g.n, (long long)g.k);
    }
}

}  // namespace

void gemm(Device& device, const em_gemm_args& args) {
    constexpr int64_t ROWS = 1024;
    const Product product{args, ROWS, (args.m + ROWS - 1) / ROWS};
    parallel(device, args.replicas * product.blocks, 0, multiply, &product);
}

}  // namespace em

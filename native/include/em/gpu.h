// What only a GPU has: tensor-core arithmetic, a library for matrix products, operations done together, a profiler's time line.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum em_arithmetic { EM_FLOAT32 = 0, EM_TF32 = 1, EM_BF16 = 2 } em_arithmetic;

// Arithmetic of the matrix products and attention called or recorded from now on; float32 at first. Others need a GPU.
em_status em_set_arithmetic(em_context* context, int32_t arithmetic);

// Chooses what em_gemm of a GPU multiplies with: `library` is the path of NVIDIA's libcublasLt.so.12 or .13, which then does what our own
// kernel is not predicted to do as fast (em_own_product); NULL our own kernel for all. Needed once before the first em_gemm,
// which fails otherwise. EM_UNAVAILABLE when the library cannot be loaded, or needs a newer driver; another may then be tried.
// em_context_description says what was chosen.
em_status em_set_products(em_context* context, const char* library);

// In how many pieces of k our own kernel sums a product op(A) op(B) with op(A) m x k and op(B) k x n, in an em_arithmetic, where there is
// cublasLt too; 0 where the library does it.
int64_t em_own_product(int64_t m, int64_t n, int64_t k, int32_t trans_a, int32_t trans_b, int32_t arithmetic);

// The first of the operations that a GPU does together with this one where its products are in an em_arithmetic, or where cublasLt does all
// of them, with -1; itself where it is done alone. A CPU tells what a GPU with cublasLt would do. -1 outside.
int64_t em_program_joined(em_context* context, em_program* program, int32_t arithmetic, int64_t operation);

// A named range on the time line of a profiler, around operations that run or, with EM_GRAPHS=0, are recorded; and what
// `--capture-range=cudaProfilerApi` waits for. Nothing on a CPU.
em_status em_range_push(em_context* context, const char* name);
em_status em_range_pop(em_context* context);
em_status em_profiler_start(em_context* context);
em_status em_profiler_stop(em_context* context);

#ifdef __cplusplus
}
#endif

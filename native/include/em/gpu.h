// What only a GPU has: tensor-core arithmetic, a library for matrix products, a profiler's time line.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum em_arithmetic { EM_FLOAT32 = 0, EM_TF32 = 1, EM_BF16 = 2 } em_arithmetic;

// Arithmetic of the matrix products and attention called or recorded from now on; float32 at first. Others need a GPU.
em_status em_set_arithmetic(em_context* context, int32_t arithmetic);

// An em_gemm as a library is asked for it: row-major matrices at addresses of the device, strides in elements between replicas.
typedef struct em_product {
    const void* a;
    const void* b;
    void* c;
    int64_t a_stride, b_stride, c_stride;
    int64_t replicas, m, n, k;
    int32_t trans_a, trans_b, arithmetic;
    float beta;
} em_product;

// Issues a product on the context's stream, without waiting, in the thread that calls em_gemm or ends a record; 0 for success.
typedef int32_t (*em_multiply)(const em_product* product);

// Gives a GPU context the library that em_gemm uses from now on; NULL takes it away, and our own kernel does it.
em_status em_set_multiply(em_context* context, em_multiply multiply);
// The cudaStream_t of a context; NULL where there is none.
void* em_stream(em_context* context);

// A named range on the time line of a profiler, around operations that run or, with EM_GRAPHS=0, are recorded; and what
// `--capture-range=cudaProfilerApi` waits for. Nothing on a CPU.
em_status em_range_push(em_context* context, const char* name);
em_status em_range_pop(em_context* context);
em_status em_profiler_start(em_context* context);
em_status em_profiler_stop(em_context* context);

#ifdef __cplusplus
}
#endif

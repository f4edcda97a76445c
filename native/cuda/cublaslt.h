// The part of NVIDIA's cublasLt that we call: names and numbers of its C interface, the same in versions 12 and 13. Neither its header nor
// the library is needed to build.
#pragma once
#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>

namespace em::lt {

// Handles, descriptions, layouts and preferences are opaque.
using Object = void*;

struct Algorithm {
    uint64_t data[8];
};

// An algorithm that fits, and what it needs.
struct Heuristic {
    Algorithm algorithm;
    size_t workspace_bytes;
    int32_t status;
    float waves;
    int32_t reserved[4];
};

enum Number : int32_t {
    SUCCESS = 0,
    REAL_32F = 0,
    COMPUTE_32F = 68,
    COMPUTE_32F_FAST_16BF = 75,
    COMPUTE_32F_FAST_TF32 = 77,
    TRANSPOSED = 1,
    DESC_TRANSA = 3,
    DESC_TRANSB = 4,
    LAYOUT_BATCH_COUNT = 5,
    LAYOUT_BATCH_STRIDE = 6,
    PREFERENCE_WORKSPACE_BYTES = 1,
    PREFERENCE_REDUCTIONS = 3,
    PREFERENCE_ALIGNMENT_A = 5,
    PREFERENCE_ALIGNMENT_B = 6,
    PREFERENCE_ALIGNMENT_C = 7,
    PREFERENCE_ALIGNMENT_D = 8,
};

// Each X(name, parameters) returns a status, 0 for success.
#define EM_LT_FUNCTIONS(X)                                                                                                            \
    X(cublasLtCreate, (Object * handle))                                                                                              \
    X(cublasLtDestroy, (Object handle))                                                                                               \
    X(cublasLtMatmulDescCreate, (Object * desc, int32_t compute, int32_t scale))                                                      \
    X(cublasLtMatmulDescDestroy, (Object desc))                                                                                       \
    X(cublasLtMatmulDescSetAttribute, (Object desc, int32_t attribute, const void* value, size_t bytes))                              \
    X(cublasLtMatrixLayoutCreate, (Object * layout, int32_t type, uint64_t rows, uint64_t columns, int64_t ld))                       \
    X(cublasLtMatrixLayoutDestroy, (Object layout))                                                                                   \
    X(cublasLtMatrixLayoutSetAttribute, (Object layout, int32_t attribute, const void* value, size_t bytes))                          \
    X(cublasLtMatmulPreferenceCreate, (Object * preference))                                                                          \
    X(cublasLtMatmulPreferenceDestroy, (Object preference))                                                                           \
    X(cublasLtMatmulPreferenceSetAttribute, (Object preference, int32_t attribute, const void* value, size_t bytes))                  \
    X(cublasLtMatmulAlgoGetHeuristic, (Object handle, Object desc, Object a, Object b, Object c, Object d, Object preference,         \
                                       int32_t wanted, Heuristic * found, int32_t * count))                                           \
    X(cublasLtMatmulAlgoCheck,                                                                                                        \
      (Object handle, Object desc, Object a, Object b, Object c, Object d, const Algorithm* algorithm, Heuristic* result))            \
    X(cublasLtMatmul, (Object handle, Object desc, const void* alpha, const void* a, Object a_layout, const void* b, Object b_layout, \
                       const void* beta, const void* c, Object c_layout, void* d, Object d_layout, const Algorithm* algorithm,        \
                       void* workspace, size_t workspace_bytes, cudaStream_t stream))

// The functions of one loaded library.
struct Functions {
#define X(name, parameters) int32_t(*name) parameters = nullptr;
    EM_LT_FUNCTIONS(X)
#undef X
    size_t (*cublasLtGetVersion)() = nullptr;
    size_t (*cublasLtGetCudartVersion)() = nullptr;
};

}  // namespace em::lt

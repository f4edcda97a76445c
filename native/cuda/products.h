// The matrix products of one GPU by NVIDIA's cublasLt.
//
// A replica gets the same bits however many are multiplied together. The library's own choice of an algorithm moves with the number of
// replicas, so it is asked once a shape, for one replica, without split sums; that algorithm then multiplies all of them.
#pragma once
#include <map>
#include <string>
#include <tuple>

#include "common/operations.h"
#include "cuda/cublaslt.h"

namespace em {

class CudaDevice;

class Products {
public:
    // Loads the library. Throws Error(EM_UNAVAILABLE) where it is not one, or needs a newer driver than there is.
    Products(CudaDevice& device, const char* library);
    ~Products();
    Products(const Products&) = delete;
    Products& operator=(const Products&) = delete;

    // Name and version.
    const std::string& description() const { return description_; }
    // Chooses the algorithm of a shape, and lets it multiply one replica into scratch memory: a capture must not be the first to load it.
    void prepare(const em_gemm_args& args);
    // Issues the product on the device's stream. Throws Error(EM_FAILED) with the library's status.
    void multiply(const em_gemm_args& args);

private:
    // m, n, k, both transpositions, arithmetic, alignment of a, b, c. Nothing that depends on the number of replicas.
    using Key = std::tuple<int64_t, int64_t, int64_t, bool, bool, int32_t, uint32_t, uint32_t, uint32_t>;
    struct Choice {
        lt::Algorithm algorithm;
        bool warm;
    };
    struct Held;
    struct Problem;

    Key key(const em_gemm_args& args) const;
    Choice& choice(const em_gemm_args& args);
    Choice choose(const em_gemm_args& args, const Key& key) const;
    bool fits(const Problem& problem, const lt::Algorithm& algorithm) const;
    void issue(const Problem& problem, const lt::Algorithm& algorithm, const em_gemm_args& args, int64_t first, float* to) const;
    void open(const char* library);

    CudaDevice& device_;
    lt::Functions lt_;
    lt::Object handle_ = nullptr;
    void* workspace_ = nullptr;
    std::string description_;
    std::map<Key, Choice> choices_;
};

}  // namespace em

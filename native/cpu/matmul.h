// Products x W^T through oneDNN's matmul primitive, which beats its sgemm where the product is deep or has few rows.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>

namespace em {

// A thread's primitives, made when a shape first comes. Not thread-safe.
class Matmul {
public:
    Matmul();
    Matmul(Matmul&&) noexcept;
    ~Matmul();

    // C (m x n) = A (m x k) B^T + beta C, with B (n x k); all row-major and dense.
    void multiply(int64_t m, int64_t n, int64_t k, const float* a, const float* b, float beta, float* c);

private:
    struct Primitive;
    using Shape = std::tuple<int64_t, int64_t, int64_t, float>;
    std::map<Shape, std::unique_ptr<Primitive>> primitives_;
};

}  // namespace em

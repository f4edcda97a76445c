// A matrix product with several sets of operands in memory, by whatever multiplies.
#pragma once
#include "report.h"

namespace ladder {

// Element (i, k) of op(A) is a[i * a_row + k * a_column], element (k, j) of op(B) b[k * b_row + j * b_column]; of each replica.
struct Product {
    const float *a, *b;
    float* c;
    int64_t replicas, m, n, k;
    int64_t a_row, a_column, b_row, b_column;
};

enum Form { OUTPUTS, INPUTS, WEIGHTS };  // A B^T of a layer, A B of its gradient, A^T B of its weights'
constexpr const char* NAMES[] = {"A B^T", "A B", "A^T B"};

struct Shape {
    Form form;
    int64_t m, n, k;
    bool trans_a() const { return form == WEIGHTS; }
    bool trans_b() const { return form == OUTPUTS; }
    std::string text() const { return std::to_string(m) + " x " + std::to_string(n) + " x " + std::to_string(k); }
};

// us of our own kernel. tf32 is 0 where the bits are those of float32: then there is no kernel for tf32.
struct Own {
    double float32, split, tf32;
};

class Shown {
public:
    Shown(Gpu& gpu, const Shape& shape, int64_t replicas);

    const Work& work() const { return work_; }
    // Whether common/own_products.h gives it to our own kernel where cublasLt is there too.
    bool ruled_own(int32_t arithmetic) const;
    // Each returns us, 0 where nothing was timed. By any kernel, which issue() starts.
    double see(Report& report, const char* name, double predicted, const std::function<void(const Product&)>& issue) const;
    // By a device, which may be null.
    double see(Report& report, const char* name, double predicted, em::Device* device, int32_t arithmetic) const;
    // By our own kernel in each.
    Own see_own(Report& report, const Own& predicted) const;

private:
    double see(Report& report, const Rung& rung) const;
    em_gemm_args args(int64_t set) const;
    bool prepared(Report& report, const char* name, em::Device* device, int32_t arithmetic) const;
    bool own_differs(Report& report) const;

    Gpu& gpu_;
    const Shape shape_;
    const int64_t replicas_;
    Work work_{};
    std::vector<Product> sets_;
};

}  // namespace ladder

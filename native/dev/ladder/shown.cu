#include "common/own_products.h"
#include "errors.h"
#include "product.h"

namespace ladder {
namespace {

// All elements of the first and the last replica.
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

// In float32 an error grows as the square root of the terms; in tf32 each operand is rounded by up to 2^-11.
double bound_of(const Shape& shape, int32_t arithmetic) {
    return arithmetic == EM_FLOAT32 ? 8 * std::sqrt(static_cast<double>(shape.k)) / (1 << 24) : 16.0 / (1 << 11);
}

}  // namespace

Shown::Shown(Gpu& gpu, const Shape& shape, int64_t replicas) : gpu_(gpu), shape_(shape), replicas_(replicas) {
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

em_gemm_args Shown::args(int64_t set) const {
    const Product& p = sets_[static_cast<size_t>(set)];
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

double Shown::see(Report& report, const Rung& rung) const {
    const int64_t elements = shape_.m * shape_.n;
    const Product& p = sets_[0];
    return report.see(
        gpu_, rung, static_cast<int64_t>(sets_.size()), [&] { gpu_.poison(p.c, replicas_ * elements); },
        [&] { return error_of(gpu_, Elements{p}, elements * (replicas_ > 1 ? 2 : 1)); });
}

double Shown::see(Report& report, const char* name, double predicted, const std::function<void(const Product&)>& issue) const {
    return see(report, {name, EM_FLOAT32, bound_of(shape_, EM_FLOAT32), predicted, nullptr,
                        [this, issue](int64_t set) { issue(sets_[static_cast<size_t>(set)]); }});
}

double Shown::see(Report& report, const char* name, double predicted, em::Device* device, int32_t arithmetic) const {
    if (device == nullptr || !prepared(report, name, device, arithmetic)) {
        return 0;
    }
    return see(report, {name, arithmetic, bound_of(shape_, arithmetic), predicted, device,
                        [this, device](int64_t set) { device->kernels().gemm(*device, args(set)); }});
}

Own Shown::see_own(Report& report, const Own& predicted) const {
    const double float32 = see(report, "3 our own, float32", predicted.float32, &gpu_.own(), EM_FLOAT32);
    const double tf32 = own_differs(report) ? see(report, "5 our own, tf32", predicted.tf32, &gpu_.own(), EM_TF32) : 0;
    const double split = see(report, "7 our own, float32 split", predicted.split, &gpu_.split(), EM_FLOAT32);
    return {float32, split, tf32};
}

// Chooses and loads what multiplies, which must not be done in a capture. False where the library has nothing.
bool Shown::prepared(Report& report, const char* name, em::Device* device, int32_t arithmetic) const {
    device->set_arithmetic(arithmetic);
    bool good = true;
    try {
        for (int64_t set = 0; set < static_cast<int64_t>(sets_.size()); ++set) {
            device->prepare(args(set));
        }
    } catch (const std::exception& problem) {
        report.fail(std::string(name) + ", " + shape_.text() + ": " + problem.what());
        good = false;
    }
    device->set_arithmetic(EM_FLOAT32);
    return good;
}

// Whether our own kernel leaves other bits in tf32 than it has just left in float32.
bool Shown::own_differs(Report& report) const {
    const int64_t elements = shape_.m * shape_.n;
    em::Device& own = gpu_.own();
    float* const kept = gpu_.take(elements);
    gpu_.copy(kept, sets_[0].c, elements);
    gpu_.wait();
    own.set_arithmetic(EM_TF32);
    bool differs = false;
    try {
        own.kernels().gemm(own, args(0));
        gpu_.wait();
        differs = error_of(gpu_, Same{kept, sets_[0].c}, elements) != 0;
    } catch (const std::exception& problem) {
        report.fail("our own in tf32, " + shape_.text() + ": " + problem.what());
    }
    own.set_arithmetic(EM_FLOAT32);
    return differs;
}

bool Shown::ruled_own(int32_t arithmetic) const { return em::own_product(args(0), arithmetic); }

}  // namespace ladder

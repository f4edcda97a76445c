#include "cpu/matmul.h"

#include "oneapi/dnnl/dnnl.hpp"

namespace em {
namespace {

constexpr auto F32 = dnnl::memory::data_type::f32;

// A row-major matrix, or the transpose of one.
dnnl::memory::desc matrix(int64_t rows, int64_t columns, bool transposed) {
    return {{rows, columns}, F32, transposed ? dnnl::memory::dims{1, rows} : dnnl::memory::dims{columns, 1}};
}

dnnl::primitive_attr attributes(float beta) {
    dnnl::primitive_attr attributes;
    if (beta != 0) {
        dnnl::post_ops operations;
        operations.append_sum(beta);
        attributes.set_post_ops(operations);
    }
    return attributes;
}

}  // namespace

// One shape: nothing is allocated when it runs again.
struct Matmul::Primitive {
    explicit Primitive(const Shape& shape)
        : engine(dnnl::engine::kind::cpu, 0),
          stream(engine),
          description(make(engine, shape)),
          primitive(description),
          a(description.src_desc(), engine, nullptr),
          b(description.weights_desc(), engine, nullptr),
          c(description.dst_desc(), engine, nullptr) {
        arguments = {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, c}};
    }

    static dnnl::matmul::primitive_desc make(const dnnl::engine& engine, const Shape& shape) {
        const auto [m, n, k, beta] = shape;
        return {engine, matrix(m, k, false), matrix(k, n, true), matrix(m, n, false), attributes(beta)};
    }

    void run(const float* left, const float* right, float* result) {
        a.set_data_handle(const_cast<float*>(left));
        b.set_data_handle(const_cast<float*>(right));
        c.set_data_handle(result);
        primitive.execute(stream, arguments);
        stream.wait();
    }

    dnnl::engine engine;
    dnnl::stream stream;
    dnnl::matmul::primitive_desc description;
    dnnl::matmul primitive;
    dnnl::memory a, b, c;
    std::unordered_map<int, dnnl::memory> arguments;
};

Matmul::Matmul() = default;
Matmul::Matmul(Matmul&&) noexcept = default;
Matmul::~Matmul() = default;

void Matmul::multiply(int64_t m, int64_t n, int64_t k, const float* a, const float* b, float beta, float* c) {
    const Shape shape{m, n, k, beta};
    auto found = primitives_.find(shape);
    if (found == primitives_.end()) {
        found = primitives_.emplace(shape, std::make_unique<Primitive>(shape)).first;
    }
    found->second->run(a, b, c);
}

}  // namespace em

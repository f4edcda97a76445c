// Our own products, in each arithmetic, with what they can do to their results and with the other gradients of layers.
#include <cmath>

#include "cases.h"

namespace {

struct Product {
    int64_t m, n, k;
    bool trans_a, trans_b;
    float beta;

    // Numbers of C are as large as those of a layer: the slope of an activation is steep where they are, and flat far away.
    Side::Operation into(const em_tensor& c, Side& s) const {
        const em_tensor a = s.normals(m * k, 1 / std::sqrt(static_cast<float>(k))), b = s.normals(k * n);
        return Side::operation(em_gemm, {a, b, c, s.replicas, m, n, k, trans_a, trans_b, beta});
    }
};

// Of what is multiplied in an arithmetic: some five units of a typical sum, as in attention.
double tolerance_of(int32_t arithmetic) { return arithmetic == EM_TF32 ? 0x1p-8 : arithmetic == EM_BF16 ? 0x1p-5 : 1e-5; }

const char* text_of(int32_t arithmetic) { return arithmetic == EM_TF32 ? " tf32" : arithmetic == EM_BF16 ? " bf16" : ""; }

// A product with what our own kernel can do to it.
void add_products(std::vector<Case>& cases, const Product& p, int32_t arithmetic = EM_FLOAT32) {
    const int64_t n = p.m * p.n;
    const double tolerance = tolerance_of(arithmetic);
    const std::string name = std::string(p.trans_a ? "t" : "n") + (p.trans_b ? "t " : "n ") + std::to_string(p.m) + "x" +
                             std::to_string(p.n) + "x" + std::to_string(p.k) + text_of(arithmetic);
    const auto result = [=](Side& s) {
        s.arithmetic(arithmetic);
        return p.beta == 0 ? s.outputs(n) : s.normals(n);
    };
    for (bool residual : {false, true}) {
        cases.push_back(
            {"joined_gemm_and_bias " + name, tolerance, [=](Side& s) {
                 const em_tensor c = result(s), added = residual ? s.normals(n) : Side::none();
                 s.sequence(1, {p.into(c, s), Side::operation(em_bias_residual, {c, s.normals(p.n), added, c, s.replicas, p.m, p.n})});
             }});
    }
    for (int32_t activation : {EM_GELU, EM_RELU}) {
        if (activation == EM_RELU && arithmetic != EM_FLOAT32) {
            continue;  // its slope jumps where rounding moves a sum over 0
        }
        cases.push_back({"joined_gemm_and_activation " + name, tolerance, [=](Side& s) {
                             const em_tensor c = result(s);
                             s.sequence(1, {p.into(c, s), Side::operation(em_bias_activation, {c, s.normals(p.n), s.outputs(n), s.replicas,
                                                                                               p.m, p.n, activation})});
                         }});
    }
    for (bool in_place : {true, false}) {
        cases.push_back({std::string("joined_gemm_and_gradient ") + (in_place ? "" : "elsewhere ") + name, tolerance, [=](Side& s) {
                             const em_tensor c = result(s), slope = s.normals(n), d_z = in_place ? c : s.outputs(n);
                             s.sequence(in_place ? 1 : 2,
                                        {p.into(c, s), Side::operation(em_bias_activation_backward,
                                                                       {c, slope, d_z, s.outputs(p.n), s.replicas, p.m, p.n})});
                         }});
    }
    const int64_t length = p.m % 5 == 0 ? 5 : 1;
    cases.push_back({"joined_gemm_and_positions alone " + name, tolerance, [=](Side& s) {
                         const em_tensor c = result(s);
                         s.sequence(1, {p.into(c, s), Side::operation(em_add_positions, {c, s.normals(length * p.n), s.replicas,
                                                                                         p.m / length, length, p.n})});
                     }});
    cases.push_back(
        {"joined_gemm_and_positions " + name, tolerance, [=](Side& s) {
             const em_tensor c = result(s);
             s.sequence(1, {p.into(c, s), Side::operation(em_bias_residual, {c, s.normals(p.n), Side::none(), c, s.replicas, p.m, p.n}),
                            Side::operation(em_add_positions, {c, s.normals(length * p.n), s.replicas, p.m / length, length, p.n})});
         }});
    cases.push_back({"joined_gemm whose sum goes elsewhere " + name, tolerance, [=](Side& s) {
                         const em_tensor c = result(s);
                         s.sequence(2, {p.into(c, s), Side::operation(em_bias_residual, {c, s.normals(p.n), Side::none(), s.outputs(n),
                                                                                         s.replicas, p.m, p.n})});
                     }});
}

// Two products of one form, with biases and a residual or without, where neither needs the other; and where one does.
void add_two(std::vector<Case>& cases, const Product& one, const Product& two, int32_t arithmetic = EM_FLOAT32) {
    const auto size = [](const Product& p) { return std::to_string(p.m) + "x" + std::to_string(p.n) + "x" + std::to_string(p.k); };
    const std::string name = std::string(one.trans_b ? " nt " : " nn ") + size(one) + " and " + size(two) + text_of(arithmetic);
    const auto result = [=](const Product& p, Side& s) { return p.beta == 0 ? s.outputs(p.m * p.n) : s.normals(p.m * p.n); };
    const auto sum = [](const Product& p, const em_tensor& c, const em_tensor& residual, Side& s) {
        return Side::operation(em_bias_residual, {c, s.normals(p.n), residual, c, s.replicas, p.m, p.n});
    };
    cases.push_back({"joined_gemm, two" + name, tolerance_of(arithmetic), [=](Side& s) {
                         s.arithmetic(arithmetic);
                         s.sequence(1, {one.into(result(one, s), s), two.into(result(two, s), s)});
                     }});
    cases.push_back(
        {"joined_gemm, two with biases" + name, tolerance_of(arithmetic), [=](Side& s) {
             s.arithmetic(arithmetic);
             const em_tensor c = result(one, s), d = result(two, s);
             s.sequence(1, {one.into(c, s), sum(one, c, s.normals(one.m * one.n), s), two.into(d, s), sum(two, d, Side::none(), s)});
         }});
    cases.push_back({"joined_gemm, two, the second adds the first" + name, tolerance_of(arithmetic), [=](Side& s) {
                         s.arithmetic(arithmetic);
                         const em_tensor c = result(one, s), d = result(one, s);
                         s.sequence(2, {one.into(c, s), one.into(d, s), sum(one, d, c, s)});
                     }});
}

// Two layers backward, x (rows, in) -> hidden -> out, with all gradients in one tensor: weights and bias of the second layer, then of the
// first. The gradient of x is added to that of the output, which the gradients of the second layer read.
void add_layers(std::vector<Case>& cases, int64_t rows, int64_t in, int64_t hidden, int32_t arithmetic = EM_FLOAT32) {
    const std::string name = " " + std::to_string(rows) + "x" + std::to_string(in) + "x" + std::to_string(hidden) + text_of(arithmetic);
    cases.push_back({"joined_gradients" + name, tolerance_of(arithmetic), [=](Side& s) {
                         s.arithmetic(arithmetic);
                         const int64_t weights = in * hidden;
                         const em_tensor x = s.normals(rows * in), slope = s.normals(rows * hidden), h = s.normals(rows * hidden);
                         const em_tensor d_out = s.normals(rows * in), d_h = s.outputs(rows * hidden);
                         const em_tensor w2 = s.normals(weights), w1 = s.normals(weights);
                         const em_tensor g = s.outputs(2 * weights + in + hidden);
                         s.sequence(3, {Side::operation(em_gemm, {d_out, h, g, s.replicas, in, hidden, rows, 1, 0, 0.0f}),
                                        Side::operation(em_bias_backward, {d_out, from(g, weights), s.replicas, rows, in}),
                                        Side::operation(em_gemm, {d_out, w2, d_h, s.replicas, rows, hidden, in, 0, 0, 0.0f}),
                                        Side::operation(em_bias_activation_backward,
                                                        {d_h, slope, d_h, from(g, 2 * weights + in), s.replicas, rows, hidden}),
                                        Side::operation(em_gemm, {d_h, x, from(g, weights + in), s.replicas, hidden, in, rows, 1, 0, 0.0f}),
                                        Side::operation(em_gemm, {d_h, w1, d_out, s.replicas, rows, in, hidden, 0, 0, 1.0f})});
                     }});
}

// Gradients of weights recorded in two arithmetics are not multiplied by one kernel.
void add_gradients_of_two_arithmetics(std::vector<Case>& cases) {
    cases.push_back({"joined_gradients in two arithmetics", tolerance_of(EM_BF16), [=](Side& s) {
                         constexpr int64_t rows = 40;
                         constexpr int64_t n = 6;
                         const em_tensor d = s.normals(rows * n), x = s.normals(rows * n);
                         const auto product = [&](const em_tensor& to, int32_t arithmetic) {
                             return [=, &s](em_context* context) {
                                 s.arithmetic(arithmetic);
                                 const em_gemm_args args{d, x, to, s.replicas, n, n, rows, 1, 0, 0.0f};
                                 return em_gemm(context, &args);
                             };
                         };
                         s.sequence(2, {product(s.outputs(n * n), EM_TF32), product(s.outputs(n * n), EM_TF32),
                                        product(s.outputs(n * n), EM_BF16), product(s.outputs(n * n), EM_BF16)});
                     }});
}

}  // namespace

std::vector<Case> product_cases(bool) {
    std::vector<Case> cases;
    add_products(cases, {1, 1, 1, false, false, 0});
    add_products(cases, {5, 7, 3, false, true, 0});
    add_products(cases, {70, 20, 33, true, false, 1});
    add_products(cases, {64, 132, 20, false, true, 0});
    add_products(cases, {130, 129, 17, false, false, 0});
    add_products(cases, {80, 136, 40, false, true, 1});
    add_products(cases, {66, 72, 36, true, true, 0});
    add_products(cases, {66, 20, 530, false, true, 1});
    add_two(cases, {1, 1, 1, false, false, 0}, {1, 1, 1, false, false, 0});
    add_two(cases, {5, 7, 3, false, true, 0}, {70, 20, 33, false, true, 0});
    add_two(cases, {32, 64, 530, false, false, 0}, {130, 68, 40, false, false, 1});
    add_two(cases, {1500, 1500, 4, false, true, 0}, {20, 20, 600, false, true, 0});
    add_layers(cases, 1, 1, 1);
    add_layers(cases, 5, 3, 7);
    add_layers(cases, 600, 20, 36);
    add_layers(cases, 1030, 6, 9);
    add_layers(cases, 140, 68, 132);
    for (int32_t arithmetic : {EM_TF32, EM_BF16}) {
        add_products(cases, {5, 7, 3, false, true, 0}, arithmetic);
        add_products(cases, {130, 129, 17, false, false, 0}, arithmetic);
        add_products(cases, {80, 136, 40, false, true, 1}, arithmetic);
        add_products(cases, {66, 72, 36, true, true, 0}, arithmetic);
        add_products(cases, {66, 20, 530, true, false, 1}, arithmetic);
        add_two(cases, {5, 7, 3, false, true, 0}, {70, 20, 33, false, true, 0}, arithmetic);
        add_two(cases, {32, 64, 530, false, false, 0}, {130, 68, 40, false, false, 1}, arithmetic);
        add_layers(cases, 5, 3, 7, arithmetic);
        add_layers(cases, 600, 20, 36, arithmetic);
        add_layers(cases, 140, 68, 132, arithmetic);
    }
    add_gradients_of_two_arithmetics(cases);
    return cases;
}

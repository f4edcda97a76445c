// Gradients of parameters that a program does by one kernel.
#include "cases.h"
#include "em/readout.h"

namespace {

std::string text(const char* name, int64_t rows, int64_t columns) {
    return std::string(name) + " " + std::to_string(rows) + "x" + std::to_string(columns);
}

// Of a layer norm, whose gradient takes the place of that of its output or does not, with a bias whose gradient reads the same.
void add_norms(std::vector<Case>& cases, int64_t rows, int64_t columns) {
    for (bool in_place : {false, true}) {
        cases.push_back(
            {text(in_place ? "joined_gradients of a norm in place" : "joined_gradients of a norm", rows, columns), 1e-4, [=](Side& s) {
                 const int64_t n = rows * columns;
                 const em_tensor x = s.normals(n), gamma = s.normals(columns), mean = s.outputs(rows), rstd = s.outputs(rows);
                 s.run(em_layer_norm, {x, gamma, s.normals(columns), s.outputs(n), mean, rstd, s.replicas, rows, columns});
                 const em_tensor d = s.normals(n), bias = s.outputs(columns), d_x = in_place ? d : s.outputs(n);
                 s.sequence(in_place ? 2 : 1,
                            {Side::operation(em_layer_norm_backward, {d, x, gamma, mean, rstd, d_x, s.outputs(columns), s.outputs(columns),
                                                                      s.replicas, rows, columns, Side::none()}),
                             Side::operation(em_bias_backward, {d, bias, s.replicas, rows, columns})});
             }});
    }
}

// Gradients that cannot wait for each other, or are more than one kernel takes.
void add_gradients(std::vector<Case>& cases) {
    constexpr int64_t rows = 40;
    constexpr int64_t columns = 6;
    const auto product = [=](const em_tensor& a, const em_tensor& b, const em_tensor& c, Side& s) {
        return Side::operation(em_gemm, {a, b, c, s.replicas, columns, columns, rows, 1, 0, 0.0f});
    };
    const auto sum = [=](const em_tensor& a, const em_tensor& to, Side& s) {
        return Side::operation(em_bias_backward, {a, to, s.replicas, rows, columns});
    };
    cases.push_back({"joined_gradients of what is overwritten", 1e-5, [=](Side& s) {
                         const em_tensor d = s.normals(rows * columns), x = s.normals(rows * columns), w = s.normals(columns * columns);
                         s.sequence(3, {product(d, x, s.outputs(columns * columns), s),
                                        Side::operation(em_gemm, {x, w, d, s.replicas, rows, columns, columns, 0, 0, 1.0f}),
                                        sum(d, s.outputs(columns), s)});
                     }});
    cases.push_back({"joined_gradients that are read", 1e-5, [=](Side& s) {
                         const em_tensor d = s.normals(rows * columns), x = s.normals(rows * columns), w = s.normals(columns * columns);
                         const em_tensor g = s.outputs(columns * columns);
                         s.sequence(2, {product(d, x, g, s), sum(d, s.outputs(columns), s),
                                        Side::operation(em_gemm, {g, w, s.outputs(columns * columns), s.replicas, columns, columns, columns,
                                                                  0, 1, 0.0f})});
                     }});
    cases.push_back({"joined_gradients in one place", 1e-5, [=](Side& s) {
                         const em_tensor d = s.normals(rows * columns), x = s.normals(rows * columns), to = s.outputs(2 * columns);
                         s.sequence(2, {sum(d, to, s), sum(x, from(to, columns), s), sum(x, from(to, columns - 1), s)});
                     }});
    cases.push_back({"joined_gradients about something unknown", 1e-5, [=](Side& s) {
                         const em_tensor d = s.normals(rows * columns), x = s.normals(rows * columns);
                         s.sequence(3, {product(d, x, s.outputs(columns * columns), s),
                                        Side::operation(em_accumulate, {x, d, s.replicas, rows * columns}), sum(d, s.outputs(columns), s)});
                     }});
    // The last of the first eight is done with the others, and cannot be finished.
    cases.push_back({"joined_gradients of which one is a hidden layer's", 1e-5, [=](Side& s) {
                         const em_tensor d = s.normals(rows * columns), x = s.normals(rows * columns), slope = s.normals(columns * columns);
                         std::vector<Side::Operation> all;
                         em_tensor hidden{};
                         for (int i = 0; i < 9; ++i) {
                             const em_tensor c = s.outputs(columns * columns);
                             hidden = i == 7 ? c : hidden;
                             all.push_back(product(d, x, c, s));
                         }
                         all.push_back(Side::operation(em_bias_activation_backward,
                                                       {hidden, slope, hidden, s.outputs(columns), s.replicas, columns, columns}));
                         s.sequence(3, all);
                     }});
    cases.push_back({"joined_gradients of many", 1e-5, [=](Side& s) {
                         const em_tensor d = s.normals(rows * columns);
                         std::vector<Side::Operation> all;
                         for (int i = 0; i < 11; ++i) {
                             all.push_back(sum(d, s.outputs(columns), s));
                         }
                         s.sequence(2, all);
                     }});
}

// Gradients of all sorts: of a weight, of one that is added to, of a bias, of positions, of a table of tokens; others that are added, and
// none at all.
void add_sorts(std::vector<Case>& cases, int64_t batch, int64_t length, int64_t width, int64_t tokens) {
    const int64_t rows = batch * length;
    const int64_t n = rows * width;
    cases.push_back(
        {text("joined_gradients of all sorts", rows, width), 1e-5, [=](Side& s) {
             const em_tensor d = s.normals(n, 0.3f), x = s.normals(n);
             s.sequence(1, {Side::operation(em_gemm, {d, x, s.outputs(width * width), s.replicas, width, width, rows, 1, 0, 0.0f}),
                            Side::operation(em_accumulate, {s.normals(3 * width), s.normals(3 * width), s.replicas, 3 * width}),
                            Side::operation(em_gemm, {d, x, s.normals(width * width), s.replicas, width, width, rows, 1, 0, 1.0f}),
                            Side::operation(em_bias_backward, {d, s.outputs(width), s.replicas, rows, width}),
                            Side::operation(em_add_positions_backward, {d, s.outputs(length * width), s.replicas, batch, length, width}),
                            Side::operation(em_embed_backward, {s.integers(rows, 0, static_cast<int32_t>(tokens)), d,
                                                                s.outputs(tokens * width), s.replicas, rows, tokens, width}),
                            Side::operation(em_zero, {s.outputs(5 * width), s.replicas, 5 * width}),
                            Side::operation(em_zero, {s.outputs(n), s.replicas, n})});
         }});
}

void add_elements(std::vector<Case>& cases) {
    constexpr int64_t n = 37;
    const auto zero = [=](Side& s) { return Side::operation(em_zero, {s.outputs(n), s.replicas, n}); };
    cases.push_back({"joined_gradients of more zeros than one kernel takes", 0, [=](Side& s) {
                         s.sequence(2, {zero(s), zero(s), zero(s), zero(s), zero(s), zero(s)});
                     }});
    cases.push_back({"joined_gradients that are added when they are there", 1e-5, [=](Side& s) {
                         const em_tensor g = s.outputs(n), sum = s.normals(n);
                         s.sequence(2, {zero(s), Side::operation(em_bias_backward, {s.normals(5 * n), g, s.replicas, 5, n}),
                                        Side::operation(em_accumulate, {g, sum, s.replicas, n}), zero(s)});
                     }});
    cases.push_back({"joined_gradients without a long zero", 0, [=](Side& s) {
                         constexpr int64_t more = (1 << 17) + 1;
                         s.sequence(2, {zero(s), Side::operation(em_zero, {s.outputs(more), s.replicas, more}), zero(s)});
                     }});
    cases.push_back({"joined_gradients of negative zeros", 0, [=](Side& s) {
                         const em_tensor x = s.constants({-0.0f, -0.0f, 0.0f, 1.0f}), y = s.constants({-0.0f, 0.0f, -0.0f, -0.0f});
                         s.sequence(1, {Side::operation(em_accumulate, {x, y, s.replicas, 4}), zero(s)});
                     }});
}

// Products of heads: with a bias behind, and gradients of weights beside a sum and a zero.
void add_heads(std::vector<Case>& cases, int64_t rows, int64_t heads, int64_t head_dim, int64_t width) {
    const std::string name = " " + std::to_string(heads) + " heads of " + std::to_string(head_dim) + text(",", rows, width);
    const int64_t inner = heads * head_dim;
    const auto product = [=](const em_tensor& x, const em_tensor& w, const em_tensor& y, int64_t columns, int32_t form, Side& s) {
        return Side::operation(em_head_product, {x, w, y, s.replicas, rows, heads, head_dim, columns, form});
    };
    for (bool residual : {false, true}) {
        cases.push_back({(residual ? "joined_heads that are added" : "joined_heads with a bias") + name, 1e-5, [=](Side& s) {
                             const em_tensor x = s.outputs(rows * inner), y = s.normals(rows * heads * width);
                             const em_tensor more = residual ? s.normals(rows * inner) : Side::none();
                             s.sequence(residual ? 2 : 1,
                                        {product(x, s.normals(inner * width), y, width, EM_HEADS_NARROW, s),
                                         Side::operation(em_bias_residual, {x, s.normals(inner), more, x, s.replicas, rows, inner})});
                         }});
    }
    for (int64_t columns : {width, width + 1}) {
        const bool equal = columns == width;
        cases.push_back({(equal ? "joined_heads gradients" : "joined_heads gradients of other sizes") + name, 1e-5, [=](Side& s) {
                             const em_tensor x = s.normals(rows * inner), y = s.normals(rows * heads * width);
                             const em_tensor wide = s.outputs(rows * heads * columns);
                             s.sequence(equal ? 3 : 4, {product(x, s.outputs(inner * width), y, width, EM_HEADS_WEIGHT, s),
                                                        product(x, s.normals(inner * columns), wide, columns, EM_HEADS_WIDEN, s),
                                                        Side::operation(em_zero, {s.outputs(inner), s.replicas, inner}),
                                                        Side::operation(em_bias_backward, {x, s.outputs(inner), s.replicas, rows, inner}),
                                                        product(x, s.outputs(inner * columns), wide, columns, EM_HEADS_WEIGHT, s)});
                         }});
    }
}

}  // namespace

std::vector<Case> joined_gradient_cases(bool) {
    std::vector<Case> cases;
    add_norms(cases, 1, 1);
    add_norms(cases, 70, 7);
    add_norms(cases, 300, 64);
    add_gradients(cases);
    add_sorts(cases, 1, 1, 1, 1);
    add_sorts(cases, 3, 5, 7, 4);
    add_sorts(cases, 9, 33, 20, 13);
    add_sorts(cases, 2, 300, 132, 5);
    add_elements(cases);
    add_heads(cases, 1, 1, 1, 1);
    add_heads(cases, 5, 3, 7, 66);
    add_heads(cases, 70, 4, 8, 20);
    return cases;
}

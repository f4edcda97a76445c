#include "cases.h"

namespace {

struct Matrix {
    int64_t rows, columns;
};

std::vector<Matrix> matrices(bool full) {
    std::vector<Matrix> shapes{{1, 1}, {1, 4}, {3, 5}, {8, 64}, {17, 33}, {257, 20}, {70, 132}, {33, 1}, {5, 257}};
    if (full) {
        shapes.insert(shapes.end(), {{4096, 256}, {70000, 12}, {3, 50001}});
    }
    return shapes;
}

std::string text(const char* name, const Matrix& m) {
    return std::string(name) + " " + std::to_string(m.rows) + "x" + std::to_string(m.columns);
}

void add_plain(std::vector<Case>& cases, const Matrix& m) {
    const int64_t n = m.rows * m.columns;
    cases.push_back({text("zero", m), 0, [=](Side& s) { s.run(em_zero, {s.normals(n), s.replicas, n}); }});
    cases.push_back({text("copy", m), 0, [=](Side& s) { s.run(em_copy, {s.normals(n), s.outputs(n), s.replicas, n}); }});
    cases.push_back({text("accumulate", m), 0, [=](Side& s) { s.run(em_accumulate, {s.normals(n), s.normals(n), s.replicas, n}); }});
}

void add_bias(std::vector<Case>& cases, const Matrix& m) {
    const int64_t n = m.rows * m.columns;
    for (int32_t activation : {EM_GELU, EM_RELU}) {
        const char* name = activation == EM_GELU ? "gelu" : "relu";
        cases.push_back({text(name, m), 1e-6, [=](Side& s) {
                             s.run(em_bias_activation,
                                   {s.normals(n, 2), s.normals(m.columns), s.outputs(n), s.replicas, m.rows, m.columns, activation});
                         }});
    }
    cases.push_back({text("slope", m), 1e-6, [=](Side& s) {
                         s.run(em_bias_activation_backward,
                               {s.normals(n), s.normals(n), s.outputs(n), s.outputs(m.columns), s.replicas, m.rows, m.columns});
                     }});
    cases.push_back({text("slope in place", m), 1e-6, [=](Side& s) {
                         const em_tensor d = s.normals(n);
                         s.run(em_bias_activation_backward, {d, s.normals(n), d, s.outputs(m.columns), s.replicas, m.rows, m.columns});
                     }});
    cases.push_back(
        {text("bias_residual", m), 1e-6, [=](Side& s) {
             s.run(em_bias_residual, {s.normals(n), s.normals(m.columns), s.normals(n), s.outputs(n), s.replicas, m.rows, m.columns});
         }});
    cases.push_back({text("bias alone", m), 1e-6, [=](Side& s) {
                         const em_tensor y = s.normals(n);
                         s.run(em_bias_residual, {y, s.normals(m.columns), Side::none(), y, s.replicas, m.rows, m.columns});
                     }});
    cases.push_back({text("bias_backward", m), 3e-6, [=](Side& s) {
                         s.run(em_bias_backward, {s.normals(n), s.outputs(m.columns), s.replicas, m.rows, m.columns});
                     }});
}

void add_layer_norm(std::vector<Case>& cases, const Matrix& m) {
    const int64_t n = m.rows * m.columns;
    cases.push_back({text("layer_norm", m), 3e-6, [=](Side& s) {
                         s.run(em_layer_norm, {s.normals(n, 3), s.normals(m.columns), s.normals(m.columns), s.outputs(n), s.outputs(m.rows),
                                               s.outputs(m.rows), s.replicas, m.rows, m.columns});
                     }});
    const auto backward = [&](const char* name, const auto& places) {
        cases.push_back({text(name, m), 1e-5, [=](Side& s) {
                             const em_tensor d_out = s.normals(n);
                             const auto [d_x, added] = places(s, d_out);
                             s.run(em_layer_norm_backward,
                                   {d_out, s.normals(n), s.normals(m.columns), s.normals(m.rows, 0.1f), s.normals(m.rows), d_x,
                                    s.outputs(m.columns), s.outputs(m.columns), s.replicas, m.rows, m.columns, added});
                         }});
    };
    using Places = std::pair<em_tensor, em_tensor>;
    backward("layer_norm_backward in place", [](Side&, const em_tensor& d_out) { return Places(d_out, Side::none()); });
    backward("layer_norm_backward added", [=](Side& s, const em_tensor&) {
        const em_tensor d_x = s.normals(n);
        return Places(d_x, d_x);
    });
    backward("layer_norm_backward added elsewhere", [=](Side& s, const em_tensor&) { return Places(s.outputs(n), s.normals(n)); });
    cases.push_back(
        {text("layer_norm of centres, and backward", m), 1e-5, [=](Side& s) {
             const em_tensor x = s.normals(n), gamma = s.normals(m.columns), mean = s.outputs(m.rows);
             s.run(em_layer_norm, {x, gamma, s.normals(m.columns), s.outputs(n), mean, Side::none(), s.replicas, m.rows, m.columns});
             s.run(em_layer_norm_backward, {s.normals(n), x, gamma, mean, Side::none(), s.outputs(n), s.outputs(m.columns),
                                            s.outputs(m.columns), s.replicas, m.rows, m.columns, Side::none()});
         }});
}

void add_norm_scale(std::vector<Case>& cases, const Matrix& m) {
    const int64_t n = m.rows * m.columns;
    cases.push_back({text("norm_scale", m), 3e-6, [=](Side& s) {
                         s.run(em_norm_scale, {s.normals(n), s.normals(m.rows), s.normals(m.columns), s.replicas, m.rows, m.columns});
                     }});
    for (const int64_t width : {m.columns, m.columns + 3}) {
        cases.push_back({text("norm_scale_backward in place", m), 1e-5, [=](Side& s) {
                             const em_tensor d_out = s.normals(n);
                             s.run(em_norm_scale_backward, {d_out, s.normals(n), s.normals(m.columns), s.normals(m.rows * width),
                                                            s.normals(m.rows, 0.1f), s.normals(m.rows), d_out, s.outputs(m.columns),
                                                            s.normals(m.rows * width), s.replicas, m.rows, m.columns, width});
                         }});
    }
}

void add_gemm(std::vector<Case>& cases, int64_t m, int64_t n, int64_t k) {
    const std::string shape = std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k);
    for (int32_t form = 0; form < 4; ++form) {
        const float beta = form == 1 ? 1.0f : (form == 2 ? 0.5f : 0.0f);
        cases.push_back({"gemm " + shape + " form " + std::to_string(form), 3e-6, [=](Side& s) {
                             s.run(em_gemm, {s.normals(m * k), s.normals(k * n), beta == 0 ? s.outputs(m * n) : s.normals(m * n),
                                             s.replicas, m, n, k, form & 1, form >> 1, beta});
                         }});
    }
}

}  // namespace

std::vector<Case> arithmetic_cases(bool full) {
    std::vector<Case> cases;
    for (const Matrix& m : matrices(full)) {
        add_plain(cases, m);
        add_bias(cases, m);
        add_layer_norm(cases, m);
        add_norm_scale(cases, m);
    }
    add_gemm(cases, 1, 1, 1);
    add_gemm(cases, 5, 3, 40);
    add_gemm(cases, 65, 70, 17);
    add_gemm(cases, 64, 128, 64);
    // Of two and four pieces.
    add_gemm(cases, 33, 20, 515);
    add_gemm(cases, 66, 7, 1100);
    // Of more than the last block of a tile reads at once, by fours and not.
    add_gemm(cases, 9, 12, 4100);
    add_gemm(cases, 9, 7, 4100);
    if (full) {
        add_gemm(cases, 512, 768, 256);
    }
    return cases;
}

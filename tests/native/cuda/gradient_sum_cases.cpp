// Gradients of biases beside those of their weights: a product makes the sum of the rows that it reads.
#include "cases.h"

namespace {

struct Layer {
    int64_t rows, out, in;
};

Side::Operation weight(const Layer& l, const em_tensor& d, Side& s) {
    return Side::operation(em_gemm, {d, s.normals(l.rows * l.in), s.outputs(l.out * l.in), s.replicas, l.out, l.in, l.rows, 1, 0, 0.0f});
}

Side::Operation bias(const Layer& l, const em_tensor& d, Side& s) {
    return Side::operation(em_bias_backward, {d, s.outputs(l.out), s.replicas, l.rows, l.out});
}

Side::Operation norm(const Layer& l, const em_tensor& d, Side& s) {
    const em_tensor x = s.normals(l.rows * l.out), gamma = s.normals(l.out), mean = s.outputs(l.rows), rstd = s.outputs(l.rows);
    s.run(em_layer_norm, {x, gamma, s.normals(l.out), s.outputs(l.rows * l.out), mean, rstd, s.replicas, l.rows, l.out});
    return Side::operation(em_layer_norm_backward, {d, x, gamma, mean, rstd, s.outputs(l.rows * l.out), s.outputs(l.out), s.outputs(l.out),
                                                    s.replicas, l.rows, l.out, Side::none()});
}

struct Arithmetic {
    int32_t name;
    const char* text;
    double tolerance;
};

// Launches of one replica and of three: what products alone leave to be done takes a second one.
struct Launches {
    int64_t one, three;
};

// In every arithmetic.
void add(std::vector<Case>& cases, const char* what, const Layer& l, const Launches& launches,
         const std::function<std::vector<Side::Operation>(const em_tensor&, Side&)>& operations) {
    for (const Arithmetic& a :
         {Arithmetic{EM_FLOAT32, "", 1e-5}, Arithmetic{EM_TF32, " tf32", 0x1p-8}, Arithmetic{EM_BF16, " bf16", 0x1p-5}}) {
        const std::string name = std::string("joined_sums of ") + what + " " + std::to_string(l.rows) + "x" + std::to_string(l.out) + "x" +
                                 std::to_string(l.in) + a.text;
        cases.push_back({name, a.tolerance, [=](Side& s) {
                             s.arithmetic(a.name);
                             const auto all = operations(s.normals(l.rows * l.out), s);
                             s.emulated_launches = s.replicas == 1 ? launches.one : launches.three;
                             s.sequence(1, all);
                         }});
    }
}

// With all sorts of others. The inputs' part of a layer norm is a launch of its own.
void add_among_all_sorts(std::vector<Case>& cases, const Layer& l) {
    constexpr int64_t length = 100, tokens = 5;
    add(cases, "a weight and its bias among all sorts", l, {2, 3}, [=](const em_tensor& d, Side& s) {
        return std::vector<Side::Operation>{
            weight(l, d, s),
            bias(l, d, s),
            norm(l, d, s),
            Side::operation(em_add_positions_backward, {d, s.outputs(length * l.out), s.replicas, l.rows / length, length, l.out}),
            Side::operation(em_embed_backward,
                            {s.integers(l.rows, 0, tokens), d, s.outputs(tokens * l.out), s.replicas, l.rows, tokens, l.out}),
            Side::operation(em_accumulate, {s.normals(l.in), s.normals(l.in), s.replicas, l.in}),
            Side::operation(em_zero, {s.outputs(l.out), s.replicas, l.out})};
    });
}

}  // namespace

std::vector<Case> gradient_sum_cases(bool full) {
    std::vector<Case> cases;
    // Of large tiles, or of small ones of what is narrow, enough for a GPU of up to 170 multiprocessors; first, since there may not be time
    // for all.
    if (full) {
        add_among_all_sorts(cases, {1700, 999, 1021});
        add_among_all_sorts(cases, {100, 29100, 20});
        add_among_all_sorts(cases, {100, 1412, 1540});
    }
    // On the emulated GPU a single replica has the least tiles of the first two, and three have small ones of the next two alone.
    for (const Layer& l : {Layer{70, 68, 20}, Layer{600, 33, 20}, Layer{40, 708, 20}, Layer{520, 708, 20}, Layer{33, 65, 66},
                           Layer{40, 132, 68}, Layer{100, 260, 132}, Layer{257, 128, 128}, Layer{1700, 260, 196}}) {
        add(cases, "a weight and its bias", l, {1, 1}, [=](const em_tensor& d, Side& s) {
            return std::vector<Side::Operation>{bias(l, d, s), weight(l, d, s)};
        });
    }
    const Layer wide{70, 260, 132};
    add(cases, "two weights and one bias", wide, {1, 1}, [=](const em_tensor& d, Side& s) {
        return std::vector<Side::Operation>{weight(wide, d, s), weight(wide, d, s), bias(wide, d, s)};
    });
    for (const Layer& l : {wide, Layer{1700, 260, 196}}) {
        add(cases, "a weight and two biases", l, {1, 2}, [=](const em_tensor& d, Side& s) {
            return std::vector<Side::Operation>{bias(l, d, s), weight(l, d, s), bias(l, d, s)};
        });
    }
    add(cases, "a weight and the bias of others", wide, {1, 2}, [=](const em_tensor& d, Side& s) {
        return std::vector<Side::Operation>{weight(wide, d, s), bias(wide, s.normals(wide.rows * wide.out), s)};
    });
    add_among_all_sorts(cases, {1700, 260, 196});
    add_among_all_sorts(cases, {1700, 131, 129});
    const Layer narrower{wide.rows, wide.out - 1, wide.in};
    add(cases, "a weight and a bias of some columns", wide, {1, 2}, [=](const em_tensor& d, Side& s) {
        return std::vector<Side::Operation>{weight(wide, d, s), bias(narrower, d, s)};
    });
    // One piece; more rows in a piece than a stage of the product has.
    for (const Layer& l : {Layer{32, 260, 132}, Layer{8193, 65, 66}}) {
        add(cases, "a weight and its bias apart", l, {1, 2}, [=](const em_tensor& d, Side& s) {
            return std::vector<Side::Operation>{weight(l, d, s), bias(l, d, s)};
        });
    }
    return cases;
}

#include <numeric>

#include "cases.h"

namespace {

struct Regression {
    int64_t rows, length, width;
    int32_t copies, positions, feature;
};

void add(std::vector<Case>& cases, const Regression& a) {
    const std::string name = "linear regression " + std::to_string(a.rows) + "x" + std::to_string(a.length) + "x" +
                             std::to_string(a.width) + " copies " + std::to_string(a.copies) + " positions " + std::to_string(a.positions);
    cases.push_back({name, 3e-6, [=](Side& s) {
                         std::vector<int32_t> order(static_cast<size_t>(a.length));
                         std::iota(order.rbegin(), order.rend(), 0);
                         s.run(em_sample_linear_regression,
                               {s.integers({1234, 3}), s.integers({17}), s.constants({0.4f}), s.integers({a.copies}),
                                s.normals(a.width * a.width), s.normals(a.width), s.integers(order),
                                s.outputs(a.rows * a.length * (a.width + a.feature)), s.outputs(a.rows * a.width),
                                s.integer_outputs(a.rows * a.length), s.replicas, a.rows, a.length, a.width, a.positions, a.feature});
                     }});
}

struct Recall {
    int64_t rows, pairs, tokens;
    int32_t copies, placement;
};

void add(std::vector<Case>& cases, const Recall& a) {
    const std::string name = "recall " + std::to_string(a.rows) + "x" + std::to_string(a.pairs) + " of " + std::to_string(a.tokens) +
                             " copies " + std::to_string(a.copies) + " placement " + std::to_string(a.placement);
    cases.push_back({name, 0, [=](Side& s) {
                         const int64_t length = 2 * a.pairs + 1;
                         s.run(em_sample_recall,
                               {s.integers({99, 3}), s.integers({5}), s.constants({0.3f}), s.integers({a.copies}), s.integers({0, 2}),
                                s.integer_outputs(a.rows * length), s.integer_outputs(a.rows), s.integer_outputs(a.rows * length),
                                s.integer_outputs(a.rows), s.integer_outputs(a.rows * length), s.replicas, a.rows, a.pairs, a.tokens, 2,
                                a.placement});
                     }});
}

}  // namespace

std::vector<Case> sampling_cases(bool full) {
    std::vector<Case> cases;
    for (int32_t positions : {EM_LAST, EM_FIXED, EM_RANDOM}) {
        add(cases, Regression{3, 1, 1, 1, positions, 0});
        add(cases, Regression{4, 7, 5, 2, positions, 1});
        add(cases, Regression{5, 16, 16, 0, positions, 0});
        add(cases, Regression{2, 40, 256, 40, positions, 0});
        add(cases, Regression{2, 1500, 6, 9, positions, 1});
    }
    for (int32_t placement : {EM_AT_LEAST_ONE, EM_BINOMIAL, EM_BINOMIAL_POSITIVE, EM_EXACTLY}) {
        add(cases, Recall{6, 4, 5, 1, placement});
        add(cases, Recall{9, 32, 40, 3, placement});
        add(cases, Recall{2, 200, 5000, 2, placement});
        add(cases, Recall{3, 16, 17, 16, placement});
    }
    if (full) {
        add(cases, Regression{128, 512, 256, 4, EM_RANDOM, 0});
        add(cases, Recall{128, 256, 512, 3, EM_AT_LEAST_ONE});
    }
    return cases;
}

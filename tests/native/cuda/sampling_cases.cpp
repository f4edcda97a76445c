#include <numeric>

#include "cases.h"

namespace {

struct Regression {
    int64_t rows, length, width;
    int32_t copies, positions, feature;
    int32_t dataset = 0;
};

void add(std::vector<Case>& cases, const Regression& a) {
    const std::string name = "linear regression " + std::to_string(a.rows) + "x" + std::to_string(a.length) + "x" +
                             std::to_string(a.width) + " copies " + std::to_string(a.copies) + " positions " + std::to_string(a.positions) +
                             " of " + std::to_string(a.dataset);
    cases.push_back({name, 3e-6, [=](Side& s) {
                         std::vector<int32_t> order(static_cast<size_t>(a.length));
                         std::iota(order.rbegin(), order.rend(), 0);
                         s.run(em_sample_linear_regression,
                               {s.integers({1234, 3}), s.integers({17}), s.constants({0.4f}), s.integers({a.copies}),
                                s.integers({a.dataset}), s.normals(a.width * a.width), s.normals(a.width), s.integers(order),
                                s.outputs(a.rows * a.length * (a.width + a.feature)), s.outputs(a.rows * a.width),
                                s.integer_outputs(a.rows * a.length), s.replicas, a.rows, a.length, a.width, a.positions, a.feature});
                     }});
}

struct Recall {
    int64_t rows, pairs, tokens;
    int32_t copies, placement;
    int32_t dataset = 0;
};

void add(std::vector<Case>& cases, const Recall& a) {
    const std::string name = "recall " + std::to_string(a.rows) + "x" + std::to_string(a.pairs) + " of " + std::to_string(a.tokens) +
                             " copies " + std::to_string(a.copies) + " placement " + std::to_string(a.placement) + " of " +
                             std::to_string(a.dataset);
    cases.push_back({name, 0, [=](Side& s) {
                         const int64_t length = 2 * a.pairs + 1;
                         s.run(em_sample_recall,
                               {s.integers({99, 3}), s.integers({5}), s.constants({0.3f}), s.integers({a.copies}), s.integers({a.dataset}),
                                s.integers({0, 2}), s.integer_outputs(a.rows * length), s.integer_outputs(a.rows),
                                s.integer_outputs(a.rows * length), s.integer_outputs(a.rows), s.integer_outputs(a.rows * length),
                                s.replicas, a.rows, a.pairs, a.tokens, 2, a.placement});
                     }});
}

void add_draw(std::vector<Case>& cases, int32_t what, int64_t rows, int64_t columns, int64_t bound) {
    const std::string name =
        "draw " + std::to_string(what) + " " + std::to_string(rows) + "x" + std::to_string(columns) + " below " + std::to_string(bound);
    cases.push_back({name, what == EM_NORMALS ? 3e-6 : 0, [=](Side& s) {
                         const em_tensor out = what == EM_NORMALS ? s.outputs(rows * columns) : s.integer_outputs(rows * columns);
                         s.run(em_draw, {s.integers({99, 3}), s.integers({5}), out, s.replicas, rows, columns, bound, 2, what, 0.5f});
                     }});
}

void add_gather(std::vector<Case>& cases, int64_t rows, int64_t table_rows) {
    cases.push_back({"gather of " + std::to_string(table_rows) + " tables", 0, [=](Side& s) {
                         std::vector<int32_t> index(static_cast<size_t>(rows) * 4);
                         std::iota(index.begin(), index.end(), 0);
                         s.run(em_gather, {s.normals(table_rows * rows * 4), s.integers(index), s.outputs(rows * 4), s.replicas, rows, 4,
                                           table_rows, rows * 4});
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
        add(cases, Regression{9, 7, 5, 2, positions, 1, 3});
    }
    for (int32_t placement : {EM_AT_LEAST_ONE, EM_BINOMIAL, EM_BINOMIAL_POSITIVE, EM_EXACTLY}) {
        add(cases, Recall{6, 4, 5, 1, placement});
        add(cases, Recall{9, 32, 40, 3, placement});
        add(cases, Recall{2, 200, 5000, 2, placement});
        add(cases, Recall{3, 16, 17, 16, placement});
        add(cases, Recall{9, 4, 5, 1, placement, 3});
    }
    // 12 bytes below the 48 KiB that a block has without asking; with its static shared memory it has to ask.
    add(cases, Recall{2, 1023, 4096, 2, EM_AT_LEAST_ONE});
    for (int32_t what : {EM_TOKENS, EM_NORMALS, EM_PERMUTATIONS}) {
        add_draw(cases, what, 1, 1, 1);
        add_draw(cases, what, 5, 33, 40);
        add_draw(cases, what, 3, 1500, 20000);
    }
    add_gather(cases, 7, 1);
    add_gather(cases, 7, 7);
    if (full) {
        add(cases, Regression{128, 512, 256, 4, EM_RANDOM, 0});
        add(cases, Recall{128, 256, 512, 3, EM_AT_LEAST_ONE});
    }
    return cases;
}

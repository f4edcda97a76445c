#include "cases.h"

namespace {

std::string text(const char* name, int64_t rows, int64_t columns) {
    return std::string(name) + " " + std::to_string(rows) + "x" + std::to_string(columns);
}

void add_losses(std::vector<Case>& cases, int64_t rows, int64_t columns) {
    const int64_t n = rows * columns;
    for (bool gradient : {false, true}) {
        const auto d = [=](Side& s) { return gradient ? s.outputs(n) : Side::none(); };
        cases.push_back({text(gradient ? "squared_error" : "squared_error alone", rows, columns), 2e-6, [=](Side& s) {
                             s.run(em_squared_error, {s.normals(n), s.normals(n), s.outputs(rows), d(s), s.replicas, rows, columns});
                         }});
        for (int32_t lowest : {0, -1}) {
            const std::string some = lowest < 0 ? " of some rows" : "";
            cases.push_back({text(gradient ? "cross_entropy" : "cross_entropy alone", rows, columns) + some, 3e-6, [=](Side& s) {
                                 s.run(em_cross_entropy, {s.normals(n, 4), s.integers(rows, lowest, static_cast<int32_t>(columns)),
                                                          s.outputs(rows), s.outputs(rows), d(s), s.replicas, rows, columns});
                             }});
        }
    }
}

void add_optimisers(std::vector<Case>& cases, int64_t elements) {
    cases.push_back({text("mean", 1, elements), 3e-5, [=](Side& s) {
                         s.run(em_mean, {s.normals(elements), Side::none(), s.outputs(1), s.replicas, elements});
                     }});
    cases.push_back({text("mean of the scored", 1, elements), 3e-5, [=](Side& s) {
                         s.run(em_mean, {s.normals(elements), s.integers(elements, -1, 2), s.outputs(1), s.replicas, elements});
                     }});
    for (double longest : {0.5, 1e9}) {
        cases.push_back({text(longest < 1 ? "clip_gradient shortens" : "clip_gradient", 1, elements), 2e-6, [=](Side& s) {
                             s.run(em_clip_gradient, {s.normals(elements), s.outputs(1), s.replicas, elements, longest});
                         }});
    }
    const auto rates = [](Side& s) { return s.of_replicas(std::vector<float>{0.01f, 0.03f, 0.02f}); };
    const auto quarters = [=](Side& s) { return s.constants(std::vector<float>(static_cast<size_t>(elements), 0.25f)); };
    for (int32_t step : {1, 1000}) {
        for (double decay : {0.0, 0.1}) {
            // Once with an epsilon that is not lost beside the root.
            const double eps = decay == 0 ? 0.3 : 1e-8;
            cases.push_back({text("adam", step, elements), 1e-6, [=](Side& s) {
                                 s.run(em_adam, {s.normals(elements), s.normals(elements), s.normals(elements, 0.1f), quarters(s), rates(s),
                                                 s.of_replicas(std::vector<int32_t>{step, step + 2, step + 1}), s.integers({0}), s.replicas,
                                                 elements, 0.9, 0.999, eps, decay});
                             }});
        }
    }
    // Tensors that start at different places between 16-byte boundaries.
    const auto beside = [=](Side& s) { return from(s.normals(elements + 1), 1); };
    cases.push_back({text("adam beside", 1, elements), 1e-6, [=](Side& s) {
                         s.run(em_adam, {s.normals(elements), beside(s), s.normals(elements), quarters(s), rates(s), s.integers({3}),
                                         s.integers({0}), s.replicas, elements, 0.9, 0.999, 1e-8, 0.1});
                     }});
    cases.push_back(
        {text("sgd beside", 1, elements), 1e-6, [=](Side& s) {
             s.run(em_sgd, {s.normals(elements), s.normals(elements), beside(s), rates(s), s.integers({0}), s.replicas, elements, 0.9});
         }});
    // One of three replicas trains; alone it has stopped.
    cases.push_back({text("adam where some have stopped", 1, elements), 1e-6, [=](Side& s) {
                         const em_tensor stopped_at = s.integers(1, 0, 2);
                         s.run(em_adam, {s.normals(elements), s.normals(elements), s.normals(elements), quarters(s), rates(s),
                                         s.integers({3}), stopped_at, s.replicas, elements, 0.9, 0.999, 1e-8, 0.1});
                     }});
    cases.push_back({text("sgd where some have stopped", 1, elements), 1e-6, [=](Side& s) {
                         const em_tensor stopped_at = s.integers(1, 0, 2);
                         s.run(em_sgd, {s.normals(elements), s.normals(elements), s.normals(elements), rates(s), stopped_at, s.replicas,
                                        elements, 0.9});
                     }});
    cases.push_back({text("sgd", 1, elements), 1e-6, [=](Side& s) {
                         s.run(em_sgd, {s.normals(elements), s.normals(elements), s.normals(elements), rates(s), s.integers({0}),
                                        s.replicas, elements, 0.9});
                     }});
}

void add_counters(std::vector<Case>& cases) {
    for (int32_t stopped_at : {0, 41}) {
        cases.push_back({"advance " + std::to_string(stopped_at), 0, [=](Side& s) {
                             s.run(em_advance, {s.of_replicas(std::vector<int32_t>{41, 45, 49}),
                                                s.of_replicas(std::vector<int32_t>{stopped_at, 0, 49}), s.replicas});
                         }});
    }
    for (int32_t step : {0, 3, 10, 55, 100, 2000}) {
        cases.push_back({"learning_rate at " + std::to_string(step), 1e-6, [=](Side& s) {
                             s.run(em_learning_rate,
                                   {s.of_replicas(std::vector<int32_t>{step, step + 1, step / 2}),
                                    s.of_replicas(std::vector<float>{0.5f, 0.25f, 0.75f}), s.outputs(1), s.replicas, 10, 100, 0.1});
                         }});
    }
    for (float loss : {1.0f, -__builtin_nanf(""), __builtin_huge_valf()}) {
        for (int32_t at : {0, 5}) {
            cases.push_back({"watch " + std::to_string(loss) + " " + std::to_string(at), 0, [=](Side& s) {
                                 s.run(em_watch, {s.of_replicas(std::vector<float>{loss, 2.0f, loss}),
                                                  s.of_replicas(std::vector<int32_t>{17, 18, 19}), s.integers({at}), s.replicas});
                             }});
        }
    }
}

}  // namespace

std::vector<Case> training_cases(bool full) {
    std::vector<Case> cases;
    add_losses(cases, 1, 1);
    add_losses(cases, 9, 3);
    add_losses(cases, 33, 65);
    for (int64_t elements : {1, 2, 3, 5, 1023, 1025, 33333}) {
        add_optimisers(cases, elements);
    }
    add_counters(cases);
    if (full) {
        add_losses(cases, 4096, 512);
        add_optimisers(cases, 1600001);
    }
    return cases;
}

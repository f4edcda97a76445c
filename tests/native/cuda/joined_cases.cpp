#include "cases.h"

namespace {

std::string text(const char* name, int64_t rows, int64_t columns) {
    return std::string(name) + " " + std::to_string(rows) + "x" + std::to_string(columns);
}

// A loss with what is asked of it; `scale` 1e30 makes losses that are not finite. More than 8,192 rows are not joined.
void add_losses(std::vector<Case>& cases, int64_t rows, int64_t columns, float scale) {
    const int64_t n = rows * columns;
    const int64_t alone = rows > 8192;
    for (bool gradient : {false, true}) {
        const auto d = [=](Side& s) { return gradient ? s.outputs(n) : Side::none(); };
        cases.push_back({text("joined_squared_error", rows, columns), 3e-5, [=](Side& s) {
                             const em_tensor losses = s.outputs(rows), mean = s.outputs(1), step = s.integers({17});
                             const em_tensor stopped_at = s.integers(1, 0, 2);
                             s.sequence(alone ? 3 : 1, {Side::operation(em_squared_error, {s.normals(n, scale), s.normals(n), losses, d(s),
                                                                                           s.replicas, rows, columns}),
                                                        Side::operation(em_mean, {losses, Side::none(), mean, s.replicas, rows}),
                                                        Side::operation(em_watch, {mean, step, stopped_at, s.replicas})});
                         }});
        cases.push_back({text("joined_cross_entropy", rows, columns), 3e-5, [=](Side& s) {
                             const em_tensor target = s.integers(rows, -1, static_cast<int32_t>(columns));
                             const em_tensor losses = s.outputs(rows), correct = s.outputs(rows), stopped_at = s.integers({0});
                             const em_tensor mean = s.outputs(1), accuracy = s.outputs(1), step = s.integers({17});
                             s.sequence(alone ? 4 : 1, {Side::operation(em_cross_entropy, {s.normals(n, scale), target, losses, correct,
                                                                                           d(s), s.replicas, rows, columns}),
                                                        Side::operation(em_mean, {losses, target, mean, s.replicas, rows}),
                                                        Side::operation(em_mean, {correct, target, accuracy, s.replicas, rows}),
                                                        Side::operation(em_watch, {mean, step, stopped_at, s.replicas})});
                         }});
    }
    cases.push_back({text("joined_squared_error alone", rows, columns), 3e-5, [=](Side& s) {
                         const em_tensor losses = s.outputs(rows);
                         s.sequence(alone ? 2 : 1, {Side::operation(em_squared_error, {s.normals(n), s.normals(n), losses, Side::none(),
                                                                                       s.replicas, rows, columns}),
                                                    Side::operation(em_mean, {losses, Side::none(), s.outputs(1), s.replicas, rows})});
                     }});
}

// Where the optimiser's rate or counter is another one, nothing is joined.
void add_steps(std::vector<Case>& cases, int64_t elements) {
    for (int32_t at : {3, 55}) {
        for (bool adam : {true, false}) {
            for (bool other : {false, true}) {
                const std::string name = std::string(adam ? "joined_adam at " : "joined_sgd at ") + std::to_string(at);
                cases.push_back(
                    {text(name.c_str(), 1, elements) + (other ? " of another step" : ""), 1e-6, [=](Side& s) {
                         const auto steps = [=](Side& to) { return to.of_replicas(std::vector<int32_t>{at, at + 1, at + 5}); };
                         const em_tensor step = steps(s), rate = s.outputs(1);
                         const em_tensor stopped_at = s.of_replicas(std::vector<int32_t>{0, 2, 0}), counted = other ? steps(s) : step;
                         const em_tensor p = s.normals(elements), g = s.normals(elements), m = s.normals(elements);
                         const em_tensor v = s.constants(std::vector<float>(static_cast<size_t>(elements), 0.25f));
                         const Side::Operation moves =
                             adam ? Side::operation(em_adam,
                                                    {p, g, m, v, rate, step, stopped_at, s.replicas, elements, 0.9, 0.999, 1e-8, 0.1})
                                  : Side::operation(em_sgd, {p, g, m, rate, stopped_at, s.replicas, elements, 0.9});
                         s.sequence(other ? 3 : 1,
                                    {Side::operation(em_learning_rate, {step, s.of_replicas(std::vector<float>{0.5f, 0.75f, 0.25f}), rate,
                                                                        s.replicas, 10, 100, 0.1}),
                                     moves, Side::operation(em_advance, {counted, stopped_at, s.replicas})});
                     }});
            }
        }
    }
}

void add_rows(std::vector<Case>& cases, int64_t batch, int64_t length, int64_t width) {
    const int64_t rows = batch * length;
    const int64_t n = rows * width;
    for (bool residual : {false, true}) {
        const auto added = [=](Side& s) { return residual ? s.normals(n) : Side::none(); };
        cases.push_back({text("joined_rows and add_positions", rows, width), 1e-6, [=](Side& s) {
                             const em_tensor y = s.normals(n);
                             s.sequence(
                                 1, {Side::operation(em_bias_residual, {y, s.normals(width), added(s), y, s.replicas, rows, width}),
                                     Side::operation(em_add_positions, {y, s.normals(length * width), s.replicas, batch, length, width})});
                         }});
        cases.push_back(
            {text("joined_rows and layer_norm", rows, width), 3e-5, [=](Side& s) {
                 const em_tensor sum = s.outputs(n);
                 s.sequence(1, {Side::operation(em_bias_residual, {s.normals(n), s.normals(width), added(s), sum, s.replicas, rows, width}),
                                Side::operation(em_layer_norm, {sum, s.normals(width), s.normals(width), s.outputs(n), s.outputs(rows),
                                                                s.outputs(rows), s.replicas, rows, width})});
             }});
    }
    cases.push_back(
        {text("joined_embed with add_positions", rows, width), 1e-6, [=](Side& s) {
             const em_tensor out = s.outputs(n);
             s.sequence(1, {Side::operation(em_embed, {s.integers(rows, 0, 11), s.normals(11 * width), out, s.replicas, rows, 11, width}),
                            Side::operation(em_add_positions, {out, s.normals(length * width), s.replicas, batch, length, width})});
         }});
}

// Tokens that are placed and normed. `beside`: a table that cannot be read four at a time where the rest can. `other`: what is normed is
// another tensor.
void add_normed_tokens(std::vector<Case>& cases, int64_t batch, int64_t length, int64_t width) {
    const int64_t rows = batch * length;
    const int64_t n = rows * width;
    for (bool beside : {false, true}) {
        for (bool other : {false, true}) {
            const std::string name = std::string("joined_embed with layer_norm") + (beside ? " beside" : "") + (other ? " of others" : "");
            cases.push_back({text(name.c_str(), rows, width), 3e-5, [=](Side& s) {
                                 const em_tensor out = s.outputs(n);
                                 const em_tensor table = from(s.normals(11 * width + 1), beside ? 1 : 0);
                                 const em_tensor normed = other ? s.normals(n) : out;
                                 s.sequence(
                                     other ? 2 : 1,
                                     {Side::operation(em_embed, {s.integers(rows, 0, 11), table, out, s.replicas, rows, 11, width}),
                                      Side::operation(em_add_positions, {out, s.normals(length * width), s.replicas, batch, length, width}),
                                      Side::operation(em_layer_norm, {normed, s.normals(width), s.normals(width), s.outputs(n),
                                                                      s.outputs(rows), s.outputs(rows), s.replicas, rows, width})});
                             }});
        }
    }
}

// The second of two that reads what the first wrote is another matter.
void add_tokens(std::vector<Case>& cases, int64_t batch, int64_t length, int64_t width) {
    const int64_t n = batch * length * width;
    const int64_t one = batch * width;
    cases.push_back(
        {text("joined_take_tokens", batch * length, width), 0, [=](Side& s) {
             const em_tensor x = s.normals(n);
             s.sequence(1,
                        {Side::operation(em_take_tokens, {x, s.outputs(one), s.replicas, batch, length, width, length - 1, 1}),
                         Side::operation(em_take_tokens, {s.normals(n), s.outputs(one), s.replicas, batch, length, width, length - 1, 1})});
         }});
    cases.push_back({text("joined_take_tokens of what was taken", batch * length, width), 0, [=](Side& s) {
                         const em_tensor middle = s.outputs(n);
                         s.sequence(2,
                                    {Side::operation(em_take_tokens, {s.normals(n), middle, s.replicas, batch, length, width, 0, length}),
                                     Side::operation(em_take_tokens, {middle, s.outputs(n), s.replicas, batch, length, width, 0, length})});
                     }});
    cases.push_back(
        {text("joined_take_tokens_backward", batch * length, width), 0, [=](Side& s) {
             const em_tensor d_x = s.normals(n);
             s.sequence(1,
                        {Side::operation(em_take_tokens_backward, {s.normals(one), d_x, s.replicas, batch, length, width, length - 1, 1}),
                         Side::operation(em_take_tokens_backward, {s.normals(one), d_x, s.replicas, batch, length, width, length - 1, 1})});
         }});
}

// A layer norm of which tokens are taken, before and after; behind a sum or not. `beside`: copies that cannot be written four at a time
// where the rest can.
void add_taken_norms(std::vector<Case>& cases, int64_t batch, int64_t length, int64_t width, int64_t count) {
    const int64_t rows = batch * length;
    const int64_t n = rows * width;
    const auto take = [=](const em_tensor& x, const em_tensor& to, int64_t first, Side& s) {
        return Side::operation(em_take_tokens, {x, to, s.replicas, batch, length, width, first, count});
    };
    for (bool beside : {false, true}) {
        const auto copy = [=](Side& s) { return from(s.outputs(batch * count * width + 1), beside ? 1 : 0); };
        const std::string name = std::to_string(count) + (beside ? " beside of" : " of");
        for (bool summed : {false, true}) {
            cases.push_back(
                {text((std::string(summed ? "joined_rows and norm, taken " : "joined_norm, taken ") + name).c_str(), rows, width), 3e-5,
                 [=](Side& s) {
                     const em_tensor x = summed ? s.outputs(n) : s.normals(n), out = s.outputs(n);
                     std::vector<Side::Operation> all;
                     if (summed) {
                         all.push_back(
                             Side::operation(em_bias_residual, {s.normals(n), s.normals(width), s.normals(n), x, s.replicas, rows, width}));
                     }
                     all.push_back(Side::operation(em_layer_norm, {x, s.normals(width), s.normals(width), out, s.outputs(rows),
                                                                   s.outputs(rows), s.replicas, rows, width}));
                     all.push_back(take(x, copy(s), length - count, s));
                     all.push_back(take(out, copy(s), length - count, s));
                     s.sequence(1, all);
                 }});
        }
        cases.push_back({text(("joined_norm, taken elsewhere " + name).c_str(), rows, width), 3e-5, [=](Side& s) {
                             const em_tensor x = s.normals(n), out = s.outputs(n);
                             s.sequence(length > count ? 2 : 1,
                                        {Side::operation(em_layer_norm, {x, s.normals(width), s.normals(width), out, s.outputs(rows),
                                                                         s.outputs(rows), s.replicas, rows, width}),
                                         take(out, copy(s), 0, s), take(x, copy(s), length - count, s)});
                         }});
    }
}

// Rows of a sum that are taken, once or twice, or of another tensor the second time.
void add_taken_rows(std::vector<Case>& cases, int64_t batch, int64_t length, int64_t width, int64_t count) {
    const int64_t rows = batch * length;
    const int64_t n = rows * width;
    for (int times : {1, 2, 3}) {
        const std::string name = "joined_rows, taken " + std::to_string(times) + " times " + std::to_string(count) + " of";
        cases.push_back(
            {text(name.c_str(), rows, width), 1e-6, [=](Side& s) {
                 const em_tensor residual = s.normals(n), out = s.outputs(n);
                 const auto take = [&](const em_tensor& x) {
                     return Side::operation(em_take_tokens,
                                            {x, s.outputs(batch * count * width), s.replicas, batch, length, width, length - count, count});
                 };
                 std::vector<Side::Operation> all = {
                     Side::operation(em_bias_residual, {s.normals(n), s.normals(width), residual, out, s.replicas, rows, width}),
                     take(out)};
                 if (times > 1) {
                     all.push_back(take(times == 2 ? out : residual));
                 }
                 s.sequence(times == 3 ? 2 : 1, all);
             }});
    }
}

// The gradient of a layer norm, of whose output's gradient some rows are added to before, and of its own after.
void add_given_norms(std::vector<Case>& cases, int64_t batch, int64_t length, int64_t width, int64_t count) {
    const int64_t rows = batch * length;
    const int64_t n = rows * width;
    for (bool beside : {false, true}) {
        const auto more = [=](Side& s) { return from(s.normals(batch * count * width + 1), beside ? 1 : 0); };
        for (bool added : {false, true}) {
            const std::string name =
                "joined_norm, given " + std::to_string(count) + (beside ? " beside" : "") + (added ? " and added" : "");
            cases.push_back({text(name.c_str(), rows, width), 1e-4, [=](Side& s) {
                                 const em_tensor x = s.normals(n), gamma = s.normals(width), mean = s.outputs(rows), rstd = s.outputs(rows);
                                 s.run(em_layer_norm, {x, gamma, s.normals(width), s.outputs(n), mean, rstd, s.replicas, rows, width});
                                 const em_tensor d_out = s.normals(n), d_x = added ? s.normals(n) : s.outputs(n), bias = s.outputs(width);
                                 const auto give = [&](const em_tensor& to) {
                                     return Side::operation(em_take_tokens_backward,
                                                            {more(s), to, s.replicas, batch, length, width, length - count, count});
                                 };
                                 s.sequence(2, {Side::operation(em_bias_backward, {x, bias, s.replicas, rows, width}), give(d_out),
                                                Side::operation(em_layer_norm_backward,
                                                                {d_out, x, gamma, mean, rstd, d_x, s.outputs(width), s.outputs(width),
                                                                 s.replicas, rows, width, added ? d_x : Side::none()}),
                                                give(d_x)});
                             }});
        }
    }
}

}  // namespace

std::vector<Case> joined_cases(bool) {
    std::vector<Case> cases;
    add_losses(cases, 1, 1, 1);
    add_losses(cases, 9, 3, 1);
    add_losses(cases, 32, 16, 1e30f);
    add_losses(cases, 1100, 5, 1);
    add_losses(cases, 8200, 2, 1);
    for (int64_t elements : {1, 5, 1025, 33333}) {
        add_steps(cases, elements);
    }
    add_rows(cases, 1, 1, 1);
    add_rows(cases, 3, 5, 7);
    add_rows(cases, 2, 17, 64);
    add_rows(cases, 3, 6, 260);
    add_normed_tokens(cases, 3, 5, 7);
    add_normed_tokens(cases, 2, 17, 64);
    add_normed_tokens(cases, 3, 6, 260);
    add_tokens(cases, 1, 1, 1);
    add_tokens(cases, 3, 5, 7);
    add_tokens(cases, 4, 3, 64);
    for (int64_t count : {1, 2}) {
        add_taken_norms(cases, 3, 2 * count, 7, count);
        add_taken_norms(cases, 5, 3, 64, count);
        add_given_norms(cases, 3, 2 * count, 7, count);
        add_given_norms(cases, 5, 3, 64, count);
    }
    add_taken_norms(cases, 1, 1, 1, 1);
    add_taken_rows(cases, 1, 1, 1, 1);
    add_taken_rows(cases, 4, 5, 7, 2);
    add_taken_rows(cases, 3, 6, 260, 1);
    add_given_norms(cases, 1, 1, 1, 1);
    return cases;
}

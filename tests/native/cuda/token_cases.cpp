#include "cases.h"

namespace {

struct Tokens {
    int64_t batch, length, width;
};

void add(std::vector<Case>& cases, const Tokens& t, int32_t vocabulary) {
    const int64_t rows = t.batch * t.length;
    const int64_t all = rows * t.width;
    const int64_t one = t.batch * t.width;
    const std::string shape = " " + std::to_string(t.batch) + "x" + std::to_string(t.length) + "x" + std::to_string(t.width);
    cases.push_back({"embed" + shape, 0, [=](Side& s) {
                         s.run(em_embed, {s.integers(rows, 0, vocabulary), s.normals(vocabulary * t.width), s.outputs(all), s.replicas,
                                          rows, vocabulary, t.width});
                     }});
    cases.push_back({"embed_backward" + shape, 3e-6, [=](Side& s) {
                         s.run(em_embed_backward, {s.integers(rows, 0, vocabulary), s.normals(all), s.outputs(vocabulary * t.width),
                                                   s.replicas, rows, vocabulary, t.width});
                     }});
    cases.push_back({"add_positions" + shape, 0, [=](Side& s) {
                         s.run(em_add_positions, {s.normals(all), s.normals(t.length * t.width), s.replicas, t.batch, t.length, t.width});
                     }});
    cases.push_back(
        {"add_positions_backward" + shape, 3e-6, [=](Side& s) {
             s.run(em_add_positions_backward, {s.normals(all), s.outputs(t.length * t.width), s.replicas, t.batch, t.length, t.width});
         }});
    for (int64_t count : {INT64_C(1), (t.length + 1) / 2, t.length}) {
        const int64_t some = one * count;
        const std::string taken = std::to_string(count) + " of" + shape;
        cases.push_back(
            {"take_tokens " + taken, 0, [=](Side& s) {
                 s.run(em_take_tokens, {s.normals(all), s.outputs(some), s.replicas, t.batch, t.length, t.width, t.length - count, count});
             }});
        cases.push_back({"take_tokens_backward " + taken, 0, [=](Side& s) {
                             s.run(em_take_tokens_backward, {s.normals(some), s.normals(all), s.replicas, t.batch, t.length, t.width,
                                                             (t.length - count) / 2, count});
                         }});
    }
    cases.push_back({"mean_tokens" + shape, 3e-6, [=](Side& s) {
                         s.run(em_mean_tokens, {s.normals(all), s.outputs(one), s.replicas, t.batch, t.length, t.width});
                     }});
    cases.push_back({"mean_tokens_backward" + shape, 1e-6, [=](Side& s) {
                         s.run(em_mean_tokens_backward, {s.normals(one), s.outputs(all), s.replicas, t.batch, t.length, t.width});
                     }});
    cases.push_back({"repeat_tokens" + shape, 0, [=](Side& s) {
                         s.run(em_repeat_tokens, {s.normals(one), s.outputs(all), s.replicas, t.batch, t.length, t.width});
                     }});
    cases.push_back({"list_marks" + shape, 0, [=](Side& s) {
                         s.run(em_list_marks, {s.integers(rows, 0, 2), s.integer_outputs(rows), s.replicas, t.batch, t.length, t.length});
                     }});
}

}  // namespace

std::vector<Case> token_cases(bool full) {
    std::vector<Case> cases;
    add(cases, {1, 1, 1}, 1);
    add(cases, {3, 5, 6}, 7);
    add(cases, {4, 9, 32}, 3);
    add(cases, {2, 70, 65}, 5);
    add(cases, {19, 3, 132}, 40);
    if (full) {
        add(cases, {16, 513, 256}, 512);
    }
    return cases;
}

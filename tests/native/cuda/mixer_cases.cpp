#include "cases.h"

namespace {

std::string times(std::initializer_list<int64_t> sizes) {
    std::string text;
    for (int64_t size : sizes) {
        text += (text.empty() ? " " : "x") + std::to_string(size);
    }
    return text;
}

void add_mix(std::vector<Case>& cases, int64_t batch, int64_t length, int64_t rows, int64_t columns, int64_t groups, int64_t channels) {
    const int64_t weights = groups * rows * columns * length * length;
    const int64_t x = batch * columns * length * groups * channels;
    const int64_t y = batch * rows * length * groups * channels;
    const std::string shape = times({batch, length, rows, columns, groups, channels});
    const auto args = [=](const Side& s, em_tensor weight, em_tensor in, em_tensor out) {
        return em_mix_tokens_args{weight, in, out, s.replicas, batch, length, groups, rows * length, columns * length, groups * channels};
    };
    cases.push_back(
        {"mix_tokens" + shape, 5e-6, [=](Side& s) { s.run(em_mix_tokens, args(s, s.normals(weights), s.normals(x), s.outputs(y))); }});
    cases.push_back({"mix_tokens_backward" + shape, 2e-5, [=](Side& s) {
                         const em_tensor weight = s.normals(weights), in = s.normals(x), d_y = s.normals(y);
                         s.run(em_mix_tokens_backward, {args(s, weight, in, d_y), d_y, s.normals(x), s.outputs(weights), batch % 2 == 0});
                     }});
}

void add_fast(std::vector<Case>& cases, int64_t batch, int64_t length, int64_t heads, int64_t head_dim, int32_t feature,
              int32_t normalised) {
    const int64_t tokens = batch * length;
    const int64_t row = 3 * heads * head_dim + 2;
    const std::string shape = times({batch, length, heads, head_dim, feature, normalised});
    const auto forward = [=](Side& s, em_tensor out) {
        const em_tensor qkv = s.normals(tokens * row);
        const auto part = [=](int64_t which) { return em_tensor{qkv.buffer, qkv.offset + which * heads * head_dim, qkv.replica_stride}; };
        const em_tensor gates = feature == EM_FEATURE_UNIT ? s.normals(tokens * 2 * heads) : Side::none();
        return em_fast_weights_args{part(0), part(1),  part(2), gates,     out,     s.replicas, batch, length,
                                    heads,   head_dim, row,     2 * heads, feature, normalised, 0.5f};
    };
    cases.push_back(
        {"fast_weights" + shape, 5e-5, [=](Side& s) { s.run(em_fast_weights, forward(s, s.outputs(tokens * heads * head_dim))); }});
    cases.push_back({"fast_weights_backward" + shape, 1e-4, [=](Side& s) {
                         const em_fast_weights_args args = forward(s, s.normals(tokens * heads * head_dim));
                         const em_tensor d_qkv = s.normals(tokens * row);
                         const auto part = [=](int64_t which) {
                             return em_tensor{d_qkv.buffer, d_qkv.offset + which * heads * head_dim, d_qkv.replica_stride};
                         };
                         const em_tensor d_gates = feature == EM_FEATURE_UNIT ? s.outputs(tokens * 2 * heads) : Side::none();
                         s.run(em_fast_weights_backward, {args, s.normals(tokens * heads * head_dim), part(0), part(1), part(2), d_gates});
                     }});
}

void add_scan(std::vector<Case>& cases, int64_t batch, int64_t length, int64_t width, bool gated) {
    const int64_t tokens = batch * length;
    const int64_t row = 3 * width;
    const std::string shape = times({batch, length, width, gated});
    const auto after = [=](em_tensor t) { return gated ? em_tensor{t.buffer, t.offset + width, t.replica_stride} : Side::none(); };
    cases.push_back(
        {"diagonal_scan" + shape, 2e-5, [=](Side& s) {
             const em_tensor u = s.normals(tokens * row);
             s.run(em_diagonal_scan, {u, after(u), s.normals(width, 2), s.outputs(tokens * width), s.replicas, batch, length, width, row});
         }});
    cases.push_back({"diagonal_scan_backward" + shape, 5e-5, [=](Side& s) {
                         const em_tensor u = s.normals(tokens * row), d_u = s.normals(tokens * row);
                         const em_diagonal_scan_args forward{
                             u, after(u), s.normals(width, 2), s.normals(tokens * width), s.replicas, batch, length, width, row};
                         s.run(em_diagonal_scan_backward, {forward, s.normals(tokens * width), d_u, after(d_u), s.outputs(batch * width)});
                     }});
    const int64_t head_dim = 2 * width;
    cases.push_back({"rotate" + shape, 1e-6, [=](Side& s) {
                         s.run(em_rotate, {s.normals(tokens * (3 * head_dim + 1)), s.normals(length * head_dim), s.replicas, batch, length,
                                           3, head_dim, 3 * head_dim + 1, gated});
                     }});
}

}  // namespace

std::vector<Case> mixer_cases(bool full) {
    std::vector<Case> cases;
    add_mix(cases, 1, 1, 1, 1, 1, 1);
    add_mix(cases, 4, 5, 2, 1, 1, 7);
    add_mix(cases, 3, 17, 1, 2, 3, 16);
    add_mix(cases, 70, 9, 1, 1, 2, 32);
    add_mix(cases, 2, 33, 1, 1, 35, 1);
    for (int32_t feature = EM_FEATURE_NONE; feature <= EM_FEATURE_UNIT; ++feature) {
        const int32_t normalised = feature == EM_FEATURE_ELU;
        add_fast(cases, 1, 1, 1, 1, feature, 0);
        add_fast(cases, 3, 5, 2, 7, feature, normalised);
        add_fast(cases, 2, 33, 3, 16, feature, 0);
        add_fast(cases, 1, 40, 1, 33, feature, normalised);
    }
    add_fast(cases, 1, 3, 1, 128, EM_FEATURE_UNIT, 0);
    for (bool gated : {false, true}) {
        add_scan(cases, 1, 1, 1, gated);
        add_scan(cases, 3, 7, 5, gated);
        add_scan(cases, 2, 33, 40, gated);
    }
    if (full) {
        add_mix(cases, 256, 32, 4, 1, 1, 128);
        add_mix(cases, 32, 256, 1, 1, 8, 16);
        add_fast(cases, 256, 32, 8, 16, EM_FEATURE_UNIT, 0);
        add_fast(cases, 4, 2048, 8, 16, EM_FEATURE_ELU, 1);
        add_scan(cases, 32, 256, 128, true);
    }
    return cases;
}

#include <cmath>

#include "cases.h"
#include "em/readout.h"

namespace {

std::string times(std::initializer_list<int64_t> sizes) {
    std::string text;
    for (int64_t size : sizes) {
        text += (text.empty() ? " " : "x") + std::to_string(size);
    }
    return text;
}

void add_attention(std::vector<Case>& cases, int64_t batch, int64_t heads, int64_t length, int64_t width, float spread = 1) {
    const int64_t vectors = batch * heads * width;
    const int64_t tokens = batch * length * width;
    const int64_t scores = batch * heads * length;
    const std::string shape = times({batch, heads, length, width}) + (spread == 1 ? "" : " of large scores");
    const float scale = 1 / std::sqrt(static_cast<float>(width));
    // A score of thousands is known to some 1e-4.
    const double slack = spread == 1 ? 1 : 200;
    const auto forward = [=](Side& s) {
        const em_tensor q = s.normals(vectors, spread), x = s.normals(tokens), p = s.outputs(scores), out = s.outputs(vectors);
        const em_token_attention_args args{q, x, p, out, s.replicas, batch, heads, length, width, scale};
        s.run(em_token_attention, args);
        return args;
    };
    cases.push_back({"token_attention" + shape, slack * 3e-5, [=](Side& s) { forward(s); }});
    cases.push_back({"token_attention_backward" + shape, slack * 1e-4, [=](Side& s) {
                         const em_token_attention_args args = forward(s);
                         const em_tensor d_out = s.normals(vectors);
                         s.run(em_token_attention_backward, {args, d_out, s.outputs(vectors), s.outputs(tokens), s.outputs(scores)});
                     }});
}

void add_product(std::vector<Case>& cases, int64_t rows, int64_t heads, int64_t head_dim, int64_t width) {
    for (int32_t form : {EM_HEADS_WIDEN, EM_HEADS_NARROW, EM_HEADS_WEIGHT}) {
        cases.push_back({"head_product" + times({rows, heads, head_dim, width, form}), 1e-5, [=](Side& s) {
                             const int64_t narrow = rows * heads * head_dim, weight = heads * head_dim * width, wide = rows * heads * width;
                             const em_tensor x = form == EM_HEADS_NARROW ? s.outputs(narrow) : s.normals(narrow);
                             const em_tensor w = form == EM_HEADS_WEIGHT ? s.outputs(weight) : s.normals(weight);
                             const em_tensor y = form == EM_HEADS_WIDEN ? s.outputs(wide) : s.normals(wide);
                             s.run(em_head_product, {x, w, y, s.replicas, rows, heads, head_dim, width, form});
                         }});
    }
}

}  // namespace

// Sizes around warps, the tokens of a piece, four heads and the threads of a block.
std::vector<Case> readout_cases(bool full) {
    std::vector<Case> cases;
    add_attention(cases, 1, 1, 1, 1);
    add_attention(cases, 2, 3, 5, 7);
    add_attention(cases, 2, 4, 16, 32);
    add_attention(cases, 3, 5, 64, 20);
    add_attention(cases, 2, 4, 65, 132);
    add_attention(cases, 1, 9, 130, 36);
    add_attention(cases, 1, 2, 9, 1028);
    add_attention(cases, 1, 1, 70, 260);
    add_attention(cases, 2, 3, 67, 16, 1000);
    add_product(cases, 1, 1, 1, 1);
    add_product(cases, 5, 3, 7, 9);
    add_product(cases, 32, 4, 64, 256);
    add_product(cases, 17, 2, 33, 65);
    add_product(cases, 260, 1, 12, 20);
    if (full) {
        add_attention(cases, 32, 4, 256, 256);
        add_attention(cases, 2, 8, 8192, 128);
        add_product(cases, 512, 8, 128, 1024);
    }
    return cases;
}

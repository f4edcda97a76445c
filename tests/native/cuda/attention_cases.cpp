#include <cmath>
#include <limits>

#include "cases.h"

namespace {

struct Attention {
    int64_t batch, heads, queries, keys, head_dim;
    bool causal, bias, fused;
    int biases = 0;  // that are lists
};

std::string text(const Attention& a) {
    return std::to_string(a.batch) + "x" + std::to_string(a.heads) + " heads, " + std::to_string(a.queries) + " queries, " +
           std::to_string(a.keys) + " keys, width " + std::to_string(a.head_dim) + (a.causal ? ", causal" : "") + (a.bias ? ", bias" : "") +
           (a.fused ? ", fused" : "") + (a.biases == 0 ? "" : ", " + std::to_string(a.biases) + " lists");
}

// All queries in another order, every fifth entry empty, with up to `width` keys each.
em_attention_list list(Side& s, const Attention& a, int64_t sequences, int64_t width) {
    std::vector<int32_t> queries(static_cast<size_t>(sequences * a.queries));
    for (size_t i = 0; i < queries.size(); ++i) {
        const int64_t entry = static_cast<int64_t>(i) % a.queries;
        queries[i] = entry % 5 == 4 ? -1 : static_cast<int32_t>(a.queries - 1 - entry);
    }
    return {s.integers(queries), s.integers(sequences * a.queries * width, -1, static_cast<int32_t>(a.keys)), sequences, a.queries, width};
}

// One that all sequences share, in some heads; others of each sequence.
void add_biases(Side& s, const Attention& a, em_attention_args& args) {
    args.listed_count = a.biases;
    for (int n = 0; n < a.biases; ++n) {
        args.listed[n].on = list(s, a, n == 0 ? 1 : a.batch, 2 + n);
        args.listed[n].strength = s.normals(1, 2);
        args.listed[n].heads = n == 0 ? s.integers(a.heads, 0, 2) : Side::none();
    }
}

em_tensor bias_of(Side& s, const Attention& a) {
    if (!a.bias) {
        return Side::none();
    }
    // Some keys are cut off; query 1 sees none.
    std::vector<float> bias(static_cast<size_t>(a.queries * a.keys));
    for (size_t i = 0; i < bias.size(); ++i) {
        const bool cut = i % 7 == 3 || static_cast<int64_t>(i) / a.keys == 1;
        bias[i] = cut ? -std::numeric_limits<float>::infinity() : static_cast<float>(i % 5) - 2;
    }
    return s.constants(bias);
}

// q, k, v, out and lse of a case; fused: q, k and v are parts of one (batch, length, 3, heads, head_dim).
em_attention_args inputs(Side& s, const Attention& a) {
    const int64_t token = a.heads * a.head_dim;
    em_attention_args args{};
    args.replicas = s.replicas;
    args.batch = a.batch;
    args.heads = a.heads;
    args.queries = a.queries;
    args.keys = a.keys;
    args.head_dim = a.head_dim;
    args.causal = a.causal;
    args.scale = 1 / std::sqrt(static_cast<float>(a.head_dim));
    args.output_stride = token;
    if (a.fused) {
        args.query_stride = args.key_stride = 3 * token;
        args.q = args.k = args.v = s.normals(a.batch * a.queries * 3 * token);
        args.k.offset += token;
        args.v.offset += 2 * token;
    } else {
        args.query_stride = token;
        args.key_stride = token + 4;
        args.q = s.normals(a.batch * a.queries * token);
        args.k = s.normals(a.batch * a.keys * (token + 4));
        args.v = s.normals(a.batch * a.keys * (token + 4));
    }
    args.bias = bias_of(s, a);
    args.out = s.outputs(a.batch * a.queries * token);
    args.lse = s.outputs(a.batch * a.heads * a.queries);
    add_biases(s, a, args);
    return args;
}

void forward(Side& s, const Attention& a) { s.run(em_attention, inputs(s, a)); }

void backward(Side& s, const Attention& a) {
    const int64_t token = a.heads * a.head_dim;
    em_attention_backward_args args{};
    args.forward = inputs(s, a);
    args.d_out = s.normals(a.batch * a.queries * token);
    args.delta = s.outputs(a.batch * a.heads * a.queries);
    if (a.fused) {
        args.d_q = args.d_k = args.d_v = s.outputs(a.batch * a.queries * 3 * token);
        args.d_k.offset += token;
        args.d_v.offset += 2 * token;
    } else {
        args.d_q = s.outputs(a.batch * a.queries * token);
        args.d_k = s.outputs(a.batch * a.keys * (token + 4));
        args.d_v = s.outputs(a.batch * a.keys * (token + 4));
    }
    s.run(em_attention, args.forward);
    s.run(em_attention_backward, args);
    for (int32_t n = 0; n < a.biases; ++n) {
        // Their scores are float32 whatever the arithmetic is: no match for the lse of another one.
        const em_attention_bias_backward_args strength{args.forward, args.d_out, args.delta, s.normals(1), n, n};
        s.run(em_attention_bias_backward, strength);
    }
}

void overrides(Side& s, const Attention& a) {
    const em_attention_args args = inputs(s, a);
    s.run(em_attention, args);
    s.run(em_attention_override, {args, s.normals(a.batch * a.heads * a.queries * a.keys), s.integers(a.heads, 0, 3)});
}

void statistics(Side& s, const Attention& a) {
    const em_attention_args args = inputs(s, a);
    const em_tensor p = s.outputs(a.batch * a.heads * a.queries * a.keys);
    s.run(em_attention, args);
    s.run(em_attention_probabilities, {args, p});
    for (int64_t sequences : {INT64_C(1), a.batch}) {
        const em_attention_list on = list(s, a, sequences, 3);
        s.run(em_attention_mass, {args, on, s.outputs(a.batch * a.heads * on.entries)});
        s.run(em_attention_entropy, {args, on, s.outputs(a.batch * a.heads * on.entries)});
    }
}

void add_backward(std::vector<Case>& cases, const Attention& a) {
    cases.push_back({"attention_backward " + text(a), 3e-5, [=](Side& s) { backward(s, a); }});
}

void add(std::vector<Case>& cases, const Attention& a) {
    cases.push_back({"attention " + text(a), 1e-5, [=](Side& s) { forward(s, a); }});
    add_backward(cases, a);
}

// On tensor cores rounding costs at most `unit` of each number that goes in. Scores of random queries and keys are off by some unit / 2,
// weights and values by as much again, in random directions; forward adds up 3 such errors, backward 8, and the largest of thousands is
// some five times the usual one. Seen at worst: 6 units forward, 12 backward, of tf32 and bf16 alike.
struct Precision {
    const char* name;
    int32_t arithmetic;
    double unit;
    int mantissa;
};
constexpr Precision ROUNDED[] = {{"tf32", EM_TF32, 0x1p-11, 10}, {"bf16", EM_BF16, 0x1p-8, 7}};

template <class Run>
void add_rounded(std::vector<Case>& cases, const Attention& a, const Precision& p, const char* what, double units, Run* run) {
    cases.push_back({std::string(p.name) + " " + what + " " + text(a), units * p.unit, [arithmetic = p.arithmetic, a, run](Side& s) {
                         s.arithmetic(arithmetic);
                         run(s, a);
                     }});
}

void add_rounded_backward(std::vector<Case>& cases, const Attention& a) {
    for (const Precision& p : ROUNDED) {
        add_rounded(cases, a, p, "attention_backward", 16, backward);
    }
}

void add_rounded(std::vector<Case>& cases, const Attention& a) {
    for (const Precision& p : ROUNDED) {
        add_rounded(cases, a, p, "attention", 8, forward);
        if (a.queries > 2) {  // else all entropies may be 0, to which no error is small
            add_rounded(cases, a, p, "statistics", 8, statistics);
        }
    }
    add_rounded_backward(cases, a);
}

// Queries, keys and values that the format holds: weights alone are rounded. Seen at worst: 2 units, of 33,280 numbers.
void add_exact(std::vector<Case>& cases, const Attention& a) {
    for (const Precision& p : ROUNDED) {
        cases.push_back({std::string(p.name) + " attention, exact numbers, " + text(a), 3 * p.unit, [p, a](Side& s) {
                             s.arithmetic(p.arithmetic);
                             s.mantissa(p.mantissa);
                             forward(s, a);
                         }});
    }
}

}  // namespace

std::vector<Case> attention_cases(bool full) {
    std::vector<Case> cases;
    for (int64_t length : {1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 130}) {
        add(cases, {2, 2, length, length, 8, true, false, true});
        add(cases, {1, 3, length, length, length % 2 == 0 ? 33 : 20, false, length % 3 == 0, false});
    }
    for (int64_t head_dim : {1, 3, 7, 16, 31, 32, 33, 63, 64, 65, 96, 127, 128}) {
        add(cases, {1, 2, 19, 19, head_dim, false, false, true});
        add(cases, {2, 1, 40, 40, head_dim, true, head_dim % 2 == 1, true});
    }
    // Single queries; more queries than keys, of which the first see none; more keys than queries.
    for (int64_t keys : {1, 2, 31, 33, 200}) {
        add(cases, {2, 3, 1, keys, keys % 2 == 0 ? 64 : 24, keys % 3 == 0, keys == 33, false});
    }
    add(cases, {1, 2, 1, 50, 128, false, false, false});
    add(cases, {1, 2, 1, 9, 5, false, false, false});
    add(cases, {2, 1, 70, 9, 12, true, false, false});
    add(cases, {2, 1, 9, 140, 64, true, false, false});
    add(cases, {1, 1, 66, 68, 128, true, true, false});
    // Backward one block has all of a head: of several tiles of keys, and of queries that see nothing of the first or of any.
    const std::vector<Attention> several = {{1, 2, 128, 128, 64, true, false, true},   {1, 2, 80, 80, 64, true, false, true},
                                            {1, 1, 100, 120, 20, true, true, false},   {2, 1, 120, 75, 33, true, false, false, 2},
                                            {2, 1, 7, 128, 64, true, false, false, 1}, {1, 1, 96, 97, 63, false, true, false}};
    for (const Attention& a : several) {
        add(cases, a);
        add_rounded(cases, a);
    }
    // The same on tensor cores, with enough heads for it: in rounds of up to 8 warps or, of 8 heads and more, 4, the last with too many; of
    // all widths; of queries that see no key of a round or of any.
    const std::vector<Attention> joint = {
        {1, 3, 98, 98, 64, true, false, true},   {1, 3, 50, 50, 64, true, false, true},    {2, 4, 70, 70, 16, true, false, false},
        {1, 4, 65, 65, 32, false, false, true},  {3, 1, 100, 150, 32, true, false, false}, {1, 3, 90, 35, 32, true, false, false},
        {3, 1, 40, 200, 32, true, false, false}, {1, 5, 35, 49, 16, false, false, false},  {1, 3, 33, 97, 64, false, false, false}};
    for (const Attention& a : joint) {
        add_backward(cases, a);
        add_rounded_backward(cases, a);
    }
    for (int64_t length : {2, 16, 17, 33, 65, 130}) {
        add_rounded(cases, {2, 2, length, length, 8, true, false, true});
        add_rounded(cases, {1, 3, length, length, length % 2 == 0 ? 33 : 20, false, length % 3 == 0, false});
    }
    for (int64_t head_dim : {1, 31, 64, 65, 128}) {
        add_rounded(cases, {1, 2, 19, 19, head_dim, false, false, true});
        add_rounded(cases, {2, 1, 40, 40, head_dim, true, head_dim % 2 == 1, true});
    }
    const std::vector<Attention> exact = {{2, 2, 64, 64, 64, true, false, true},   {1, 2, 145, 145, 16, true, false, true},
                                          {2, 2, 40, 270, 64, true, false, false}, {1, 3, 40, 270, 64, false, false, false},
                                          {1, 2, 33, 65, 33, true, false, false},  {1, 2, 130, 130, 128, true, false, true},
                                          {1, 8, 20, 20, 8, true, false, true},    {2, 1, 70, 9, 12, true, false, false}};
    for (const Attention& a : exact) {
        add_exact(cases, a);
    }
    add_rounded(cases, {2, 1, 70, 9, 12, true, false, false});
    add_rounded(cases, {2, 1, 9, 140, 64, true, false, false});
    add_rounded(cases, {1, 1, 66, 68, 128, true, true, false});
    add_rounded(cases, {1, 1, 1, 33, 64, false, false, false});
    cases.push_back({"attention statistics", 1e-5, [](Side& s) { statistics(s, {3, 2, 67, 70, 24, true, false, false}); }});
    cases.push_back({"attention statistics, fused", 1e-5, [](Side& s) { statistics(s, {2, 3, 12, 12, 64, false, true, true}); }});
    for (int64_t length : {1, 2, 16, 17, 33, 65, 130}) {
        add(cases, {2, 2, length, length, length % 2 == 0 ? 16 : 5, true, length == 33, true, 2});
        // Three keys in place of two: lists of all keys that a query sees leave its strength a gradient of 0, to which no error is small.
        add(cases, {2, 3, 1, length == 2 ? 3 : length, 8, false, false, false, 1});
    }
    // Heads of the second paper's widths, many of them.
    for (int64_t head_dim : {1, 2, 4, 8, 16}) {
        add(cases, {1, 128 / head_dim, 32, 32, head_dim, true, false, true});
        add(cases, {1, 3, 256, 256, head_dim, true, false, true, 1});
    }
    add_rounded(cases, {2, 2, 40, 40, 16, true, false, true, 2});
    add_rounded(cases, {1, 2, 70, 70, 64, true, false, false, 1});
    cases.push_back({"attention statistics, biased", 1e-5, [](Side& s) { statistics(s, {2, 2, 33, 33, 16, true, false, true, 2}); }});
    cases.push_back({"attention_override", 1e-5, [](Side& s) { overrides(s, {2, 5, 19, 23, 12, false, false, false}); }});
    if (full) {
        add(cases, {32, 4, 256, 256, 64, false, false, true});
        add(cases, {8, 4, 513, 513, 64, true, false, true});
        add(cases, {1, 2, 8192, 8192, 64, true, false, true});
        add(cases, {1, 2, 9001, 9001, 16, false, false, true});
        add(cases, {4, 2, 1, 8192, 64, true, false, false});
    }
    return cases;
}

#include "common/touched.h"

#include <algorithm>

namespace em {
namespace {

// More than a buffer has.
constexpr int64_t REST = INT64_MAX / 4;

// Collects; a tensor without buffer is absent.
class Touching {
public:
    Touching(Touched& to, int64_t replicas, Part part)
        : inputs(part != Part::parameters), parameters(part != Part::inputs), to_(to), replicas_(replicas) {}

    // What is differentiated with respect to.
    const bool inputs, parameters;

    void reads(const em_tensor& tensor, int64_t elements) { add(to_.reads, tensor, elements); }
    void writes(const em_tensor& tensor, int64_t elements) { add(to_.writes, tensor, elements); }
    // Up to the end of their buffers.
    template <class... Tensors>
    void reads_all(const Tensors&... tensors) {
        (reads(tensors, REST), ...);
    }
    template <class... Tensors>
    void writes_all(const Tensors&... tensors) {
        (writes(tensors, REST), ...);
    }

private:
    void add(std::vector<Span>& spans, const em_tensor& tensor, int64_t elements) const {
        if (tensor.buffer != nullptr) {
            spans.push_back({tensor.buffer, tensor.offset, elements, tensor.replica_stride, replicas_});
        }
    }

    Touched& to_;
    const int64_t replicas_;
};

void touch(const em_gemm_args& a, Touching t) {
    t.reads(a.a, a.m * a.k);
    t.reads(a.b, a.k * a.n);
    t.writes(a.c, a.m * a.n);
}

void touch(const em_zero_args& a, Touching t) { t.writes(a.x, a.elements); }

void touch(const em_accumulate_args& a, Touching t) {
    t.reads(a.x, a.elements);
    t.writes(a.y, a.elements);
}

void touch(const em_bias_backward_args& a, Touching t) {
    t.reads(a.d_y, a.rows * a.columns);
    t.writes(a.d_bias, a.columns);
}

void touch(const em_bias_activation_backward_args& a, Touching t) {
    if (t.inputs) {
        t.reads(a.d_out, a.rows * a.columns);
        t.reads(a.slope, a.rows * a.columns);
        t.writes(a.d_z, a.rows * a.columns);
    }
    if (t.parameters) {
        t.reads(a.d_z, a.rows * a.columns);
        t.writes(a.d_bias, a.columns);
    }
}

void touch(const em_layer_norm_backward_args& a, Touching t) {
    t.reads_all(a.d_out, a.x, a.mean, a.rstd);
    if (t.inputs) {
        t.reads(a.gamma, a.columns);
        t.reads_all(a.added);
        t.writes_all(a.d_x);
    }
    if (t.parameters) {
        t.writes(a.d_gamma, a.columns);
        t.writes(a.d_beta, a.columns);
    }
}

void touch(const em_add_positions_backward_args& a, Touching t) {
    t.reads_all(a.d_x);
    t.writes(a.d_positions, a.length * a.width);
}

void touch(const em_embed_backward_args& a, Touching t) {
    t.reads_all(a.tokens, a.d_out);
    t.writes(a.d_table, a.vocabulary * a.width);
}

void touch(const em_take_tokens_args& a, Touching t) {
    t.reads_all(a.x);
    t.writes_all(a.out);
}

void touch(const em_take_tokens_backward_args& a, Touching t) {
    t.reads_all(a.d_out);
    t.writes_all(a.d_x);
}

void touch(const em_mean_tokens_backward_args& a, Touching t) {
    t.reads_all(a.d_out);
    t.writes_all(a.d_x);
}

void touch(const em_rotate_args& a, Touching t) {
    t.reads_all(a.table);
    t.writes_all(a.x);
}

void touch(const em_head_product_args& a, Touching t) {
    const int64_t weight = a.heads * a.head_dim * a.width;
    if (a.form == EM_HEADS_WEIGHT) {
        t.reads_all(a.x, a.y);
        t.writes(a.w, weight);
    } else {
        t.reads(a.w, weight);
        t.reads_all(a.form == EM_HEADS_WIDEN ? a.x : a.y);
        t.writes_all(a.form == EM_HEADS_WIDEN ? a.y : a.x);
    }
}

void touch(const em_token_attention_backward_args& a, Touching t) {
    t.reads_all(a.forward.q, a.forward.x, a.forward.p, a.forward.out, a.d_out);
    t.writes_all(a.d_q, a.d_x, a.d_s);
}

void of_forward(const em_attention_args& a, Touching t) {
    t.reads_all(a.q, a.k, a.v, a.bias, a.out, a.lse);
    for (int32_t i = 0; i < a.listed_count; ++i) {
        const em_attention_bias& bias = a.listed[i];
        t.reads_all(bias.on.queries, bias.on.keys, bias.heads);
        t.reads(bias.strength, 1);
    }
}

void touch(const em_attention_backward_args& a, Touching t) {
    of_forward(a.forward, t);
    t.reads_all(a.d_out);
    t.writes_all(a.d_q, a.d_k, a.d_v, a.delta);
}

void touch(const em_attention_bias_backward_args& a, Touching t) {
    of_forward(a.forward, t);
    t.reads_all(a.d_out, a.delta);
    t.writes(a.d_strength, 1);
}

template <class Args>
auto replicas(const Args& a) -> decltype(a.replicas) {
    return a.replicas;
}
template <class Args>
auto replicas(const Args& a) -> decltype(a.forward.replicas) {
    return a.forward.replicas;
}

// Calls look(args) of an operation of which it is known what it touches; false of another.
template <class... Args>
struct Known {
    template <class Look>
    static bool call(const Operation& operation, const Look& look) {
        return (called<Args>(operation, look) || ...);
    }

private:
    template <class One, class Look>
    static bool called(const Operation& operation, const Look& look) {
        const One* args = operation.as<One>();
        if (args != nullptr) {
            look(*args);
        }
        return args != nullptr;
    }
};

using KnownOperation = Known<em_gemm_args, em_zero_args, em_accumulate_args, em_bias_backward_args, em_bias_activation_backward_args,
                             em_layer_norm_backward_args, em_add_positions_backward_args, em_embed_backward_args, em_take_tokens_args,
                             em_take_tokens_backward_args, em_mean_tokens_backward_args, em_rotate_args, em_head_product_args,
                             em_token_attention_backward_args, em_attention_backward_args, em_attention_bias_backward_args>;

bool overlap(const std::vector<Span>& some, const std::vector<Span>& others) {
    for (const Span& a : some) {
        for (const Span& b : others) {
            if (em::overlap(a, b)) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

bool overlap(const Span& a, const Span& b) {
    if (a.buffer != b.buffer) {
        return false;
    }
    const int64_t end_a = a.first + a.elements;
    const int64_t end_b = b.first + b.elements;
    if (a.first < end_b && b.first < end_a) {
        return true;
    }
    // Beside each other in the same row of each replica.
    const int64_t row = std::max(end_a, end_b) - std::min(a.first, b.first);
    return (a.replicas > 1 || b.replicas > 1) && (a.stride != b.stride || row > a.stride);
}

bool depend(const Touched& a, const Touched& b) {
    return overlap(a.writes, b.reads) || overlap(a.reads, b.writes) || overlap(a.writes, b.writes);
}

bool touched(const Operation& operation, Part part, Touched& to) {
    return KnownOperation::call(operation, [&](const auto& args) { touch(args, Touching(to, replicas(args), part)); });
}

int64_t replicas_of(const Operation& operation) {
    int64_t found = 0;
    KnownOperation::call(operation, [&](const auto& args) { found = replicas(args); });
    return found;
}

}  // namespace em

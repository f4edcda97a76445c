// The table of kernels: one entry an operation, the same for every device.
#pragma once
#include "em/arithmetic.h"
#include "em/attention.h"
#include "em/feed.h"
#include "em/mixers.h"
#include "em/readout.h"
#include "em/sampling.h"
#include "em/tokens.h"
#include "em/training.h"

// Each X(name) is the function em_name, the struct em_name_args and the entry Kernels::name.
#define EM_OPERATIONS(X)        \
    X(zero)                     \
    X(copy)                     \
    X(accumulate)               \
    X(gemm)                     \
    X(bias_activation)          \
    X(bias_activation_backward) \
    X(bias_residual)            \
    X(bias_backward)            \
    X(embed)                    \
    X(embed_backward)           \
    X(add_positions)            \
    X(add_positions_backward)   \
    X(take_tokens)              \
    X(take_tokens_backward)     \
    X(mean_tokens)              \
    X(mean_tokens_backward)     \
    X(repeat_tokens)            \
    X(list_marks)               \
    X(layer_norm)               \
    X(layer_norm_backward)      \
    X(norm_scale)               \
    X(norm_scale_backward)      \
    X(attention)                \
    X(attention_backward)       \
    X(attention_probabilities)  \
    X(attention_mass)           \
    X(attention_entropy)        \
    X(attention_bias_backward)  \
    X(attention_override)       \
    X(head_product)             \
    X(token_attention)          \
    X(token_attention_backward) \
    X(mix_tokens)               \
    X(mix_tokens_backward)      \
    X(fast_weights)             \
    X(fast_weights_backward)    \
    X(diagonal_scan)            \
    X(diagonal_scan_backward)   \
    X(rotate)                   \
    X(squared_error)            \
    X(cross_entropy)            \
    X(mean)                     \
    X(clip_gradient)            \
    X(advance)                  \
    X(learning_rate)            \
    X(adam)                     \
    X(sgd)                      \
    X(watch)                    \
    X(sample_linear_regression) \
    X(sample_recall)            \
    X(draw_host)                \
    X(draw)                     \
    X(gather)

namespace em {

class Device;

struct Kernels {
#define X(name) void (*name)(Device&, const em_##name##_args&);
    EM_OPERATIONS(X)
#undef X
};

// Raise an Error unless sizes are positive and every tensor lies within its buffer.
#define X(name) void check(const em_##name##_args& args);
EM_OPERATIONS(X)
#undef X

}  // namespace em

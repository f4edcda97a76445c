#include "cuda/joined.h"
#include "cuda/own_product.h"
#include "cuda/profile.h"

namespace em::gpu {
namespace {

// The arguments of one of a group, which are known to be of this operation.
template <class Args>
const Args& of(const Operation& operation) {
    return *operation.as<Args>();
}

Settlement settlement(const Operation* operations, size_t count) {
    const bool correct = count > 2 && operations[2].kind == Kind::mean;
    const size_t watch = correct ? 3 : 2;
    return {operations[1].as<em_mean_args>(), correct ? operations[2].as<em_mean_args>() : nullptr,
            count > watch ? operations[watch].as<em_watch_args>() : nullptr};
}

void settle(CudaDevice& device, const Operation* o, size_t count) {
    const Range range("settled_loss");
    if (const auto* squares = o[0].as<em_squared_error_args>()) {
        settled_loss(device, *squares, settlement(o, count));
    } else {
        settled_loss(device, of<em_cross_entropy_args>(o[0]), settlement(o, count));
    }
}

// The first of some operations is a product; the next may be of it too.
Finished finished(const Operation* o, size_t count) {
    Epilogue e;
    for (size_t i = 1; i < count; ++i) {
        if (const auto* sum = o[i].as<em_bias_residual_args>()) {
            e.bias = sum->bias;
            e.residual = sum->residual;
        } else if (const auto* gradient = o[i].as<em_bias_activation_backward_args>()) {
            e.slope = gradient->slope;
        } else if (const auto* activation = o[i].as<em_bias_activation_args>()) {
            e.bias = activation->bias;
            e.activated = activation->out;
            e.activation = activation->activation;
        } else {
            const auto& positions = of<em_add_positions_args>(o[i]);
            e.positions = positions.positions;
            e.length = positions.length;
        }
    }
    return {o->as<em_gemm_args>(), e};
}

void finish(CudaDevice& device, const Operation* o, size_t count) {
    const Range range("finished_product");
    const Finished one = finished(o, count);
    own_product(device, *one.product, one.epilogue);
}

void multiply_two(CudaDevice& device, const Operation* o, size_t count) {
    const Range range("two_products");
    size_t second = 1;
    while (o[second].kind != Kind::gemm) {
        ++second;
    }
    two_products(device, finished(o, second), finished(o + second, count - second));
}

void taken(CudaDevice& device, const Operation* o, size_t count) {
    const Range range("taken_rows");
    taken_rows(device, of<em_bias_residual_args>(o[0]), of<em_take_tokens_args>(o[1]),
               count > 2 ? o[2].as<em_take_tokens_args>() : nullptr);
}

void norm(CudaDevice& device, const Operation* o, size_t count) {
    const Range range("normed_rows");
    NormedRows rows{o->as<em_bias_residual_args>(), nullptr, {nullptr, nullptr}};
    const size_t at = rows.sum == nullptr ? 0 : 1;
    rows.norm = o[at].as<em_layer_norm_args>();
    for (size_t i = at + 1; i < count; ++i) {
        rows.taken[i - at - 1] = o[i].as<em_take_tokens_args>();
    }
    normed_rows(device, rows);
}

void norm_tokens(CudaDevice& device, const Operation* o) {
    const Range range("normed_tokens");
    normed_tokens(device, of<em_embed_args>(o[0]), of<em_add_positions_args>(o[1]), of<em_layer_norm_args>(o[2]));
}

void norm_gradient(CudaDevice& device, const Operation* o, size_t count) {
    const Range range("normed_gradient");
    const auto* before = o[0].as<em_take_tokens_backward_args>();
    const size_t at = before == nullptr ? 0 : 1;
    const auto* after = at + 1 < count ? o[at + 1].as<em_take_tokens_backward_args>() : nullptr;
    layer_norm_inputs(device, of<em_layer_norm_backward_args>(o[at]), before, after);
}

void step(CudaDevice& device, const Operation* o) {
    const Range range("optimizer_step");
    const auto& rate = of<em_learning_rate_args>(o[0]);
    if (const auto* adam = o[1].as<em_adam_args>()) {
        optimizer_step(device, rate, *adam);
    } else {
        optimizer_step(device, rate, of<em_sgd_args>(o[1]), of<em_advance_args>(o[2]).step);
    }
}

void parameters(CudaDevice& device, const Operation* o, size_t count) {
    const Range range("gradients");
    gradients(device, o, count);
}

void alone(CudaDevice& device, const Operation& o) {
    if (o.part == Part::whole) {
        o.issue();
    } else if (o.part == Part::parameters) {
        parameters(device, &o, 1);
    } else {
        const Range range("em_layer_norm_backward");
        layer_norm_inputs(device, of<em_layer_norm_backward_args>(o));
    }
}

template <class First, class Second>
void two(CudaDevice& device, const char* name, void (*both)(Device&, const First&, const Second&), const Operation* o) {
    const Range range(name);
    both(device, of<First>(o[0]), of<Second>(o[1]));
}

}  // namespace

void issue(CudaDevice& device, Join join, const Operation* operations, size_t count) {
    switch (join) {
        case Join::none:
            return alone(device, *operations);
        case Join::gradients:
            return parameters(device, operations, count);
        case Join::finished_product:
            return finish(device, operations, count);
        case Join::two_products:
            return multiply_two(device, operations, count);
        case Join::settled_loss:
            return settle(device, operations, count);
        case Join::optimizer_step:
            return step(device, operations);
        case Join::placed_rows:
            return two(device, "placed_rows", placed_rows, operations);
        case Join::taken_rows:
            return taken(device, operations, count);
        case Join::placed_tokens:
            return two(device, "placed_tokens", placed_tokens, operations);
        case Join::normed_rows:
            return norm(device, operations, count);
        case Join::normed_tokens:
            return norm_tokens(device, operations);
        case Join::normed_gradient:
            return norm_gradient(device, operations, count);
        case Join::biased_heads:
            return two(device, "biased_heads", biased_heads, operations);
        case Join::head_weights:
            return two(device, "head_weights", head_weights, operations);
        case Join::taken_twice:
            return two(device, "taken_twice", taken_twice, operations);
        case Join::given_twice:
            return two(device, "given_twice", given_twice, operations);
    }
}

}  // namespace em::gpu

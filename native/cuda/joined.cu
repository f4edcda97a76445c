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

void finish(CudaDevice& device, const Operation* o, size_t count) {
    const Range range("finished_product");
    Epilogue e;
    if (const auto* sum = o[1].as<em_bias_residual_args>()) {
        e.bias = sum->bias;
        e.residual = sum->residual;
    } else if (const auto* gradient = o[1].as<em_bias_activation_backward_args>()) {
        e.slope = gradient->slope;
    } else {
        const auto& activation = of<em_bias_activation_args>(o[1]);
        e.bias = activation.bias;
        e.activated = activation.out;
        e.activation = activation.activation;
    }
    if (count > 2) {
        const auto& positions = of<em_add_positions_args>(o[2]);
        e.positions = positions.positions;
        e.length = positions.length;
    }
    own_product(device, of<em_gemm_args>(o[0]), e);
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
        case Join::settled_loss:
            return settle(device, operations, count);
        case Join::optimizer_step:
            return step(device, operations);
        case Join::placed_rows:
            return two(device, "placed_rows", placed_rows, operations);
        case Join::placed_tokens:
            return two(device, "placed_tokens", placed_tokens, operations);
        case Join::normed_rows:
            return two(device, "normed_rows", normed_rows, operations);
        case Join::taken_twice:
            return two(device, "taken_twice", taken_twice, operations);
        case Join::given_twice:
            return two(device, "given_twice", given_twice, operations);
    }
}

}  // namespace em::gpu

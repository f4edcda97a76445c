// Which operations finish a product of ours, and which two products are done together.
#include "common/join_rules.h"

namespace em::join_rules {
namespace {

// Blocks still read the factors while others write what is made of the product.
size_t finished_from(const Next& next, size_t at) {
    const auto* a = next.as<em_gemm_args>(at);
    if (!next.own(at)) {
        return 1;
    }
    const auto placed = [&](size_t later) { return places(next.as<em_add_positions_args>(later), a->c, a->m, a->n, a->replicas); };
    if (placed(at + 1)) {
        return 2;
    }
    const auto fits = [&](const auto* rows, const em_tensor& product) {
        return rows != nullptr && same(product, a->c) && rows->rows == a->m && rows->columns == a->n && rows->replicas == a->replicas;
    };
    const auto* sum = next.as<em_bias_residual_args>(at + 1);
    if (sum != nullptr && fits(sum, sum->y) && same(sum->out, a->c) && apart(sum->residual, a->c)) {
        return placed(at + 2) ? 3 : 2;
    }
    const auto* activation = next.as<em_bias_activation_args>(at + 1);
    const bool activated = activation != nullptr && fits(activation, activation->z) && apart(activation->out, a->a) &&
                           apart(activation->out, a->b) && apart(activation->out, a->c);
    const auto* gradient = next.as<em_bias_activation_backward_args>(at + 1);
    const bool differentiated = gradient != nullptr && next.has_part(at + 1, Part::inputs) && becomes_gradient(*a, *gradient);
    return activated || differentiated ? 2 : 1;
}

// A product of ours from some operation on, with its bias if that follows.
struct Biased {
    const em_gemm_args* product;
    const em_bias_residual_args* sum;

    size_t count() const { return sum == nullptr ? 1 : 2; }
    // Whether it does not read what is written there.
    bool spares(const em_tensor& to) const {
        return apart(product->a, to) && apart(product->b, to) && (sum == nullptr || (apart(sum->bias, to) && apart(sum->residual, to)));
    }
};

Biased biased(const Next& next, size_t at) {
    const auto* a = next.as<em_gemm_args>(at);
    const auto* sum = next.as<em_bias_residual_args>(at + 1);
    const bool fits = a != nullptr && sum != nullptr && same(sum->y, a->c) && same(sum->out, a->c) && apart(sum->residual, a->c) &&
                      sum->rows == a->m && sum->columns == a->n && sum->replicas == a->replicas;
    return {a, fits ? sum : nullptr};
}

}  // namespace

size_t finished_product(const Next& next) { return finished_from(next, 0); }

// Where one of them is finished in another way, that is done instead.
size_t two_products(const Next& next) {
    const Biased one = biased(next, 0);
    if (one.product == nullptr || !next.own(0) || one.product->trans_a || one.count() < finished_from(next, 0)) {
        return 1;
    }
    const size_t at = one.count();
    const Biased two = biased(next, at);
    const bool fits = two.product != nullptr && next.own(at) && next.same_arithmetic(at) && !two.product->trans_a &&
                      two.product->trans_b == one.product->trans_b && two.product->replicas == one.product->replicas &&
                      two.count() >= finished_from(next, at) && one.spares(two.product->c) && two.spares(one.product->c) &&
                      apart(one.product->c, two.product->c);
    return fits ? at + two.count() : 1;
}

size_t biased_heads(const Next& next) {
    const auto* a = next.as<em_head_product_args>(0);
    const auto* sum = next.as<em_bias_residual_args>(1);
    const bool fits = a != nullptr && a->form == EM_HEADS_NARROW && sum != nullptr && same(sum->y, a->x) && same(sum->out, a->x) &&
                      sum->residual.buffer == nullptr && sum->rows == a->rows && sum->columns == a->heads * a->head_dim &&
                      sum->replicas == a->replicas && apart(sum->bias, a->x);
    return fits ? 2 : 1;
}

}  // namespace em::join_rules

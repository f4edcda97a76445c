#include "common/joins.h"

#include "common/schedule.h"

namespace em {
namespace {

bool same(const em_tensor& a, const em_tensor& b) {
    return a.buffer == b.buffer && a.offset == b.offset && a.replica_stride == b.replica_stride;
}

bool apart(const em_tensor& a, const em_tensor& b) { return a.buffer == nullptr || a.buffer != b.buffer; }

// What follows an operation in an order; null past the end or where it is another one.
class Next {
public:
    Next(const std::vector<Operation>& operations, const std::vector<Member>& order, size_t at, const OwnProduct& own)
        : own_(own), operations_(operations), order_(order), at_(at) {}

    template <class Args>
    const Args* as(size_t later) const {
        return at_ + later < order_.size() ? operations_[order_[at_ + later].operation].as<Args>() : nullptr;
    }
    bool has_part(size_t later, Part part) const { return at_ + later < order_.size() && order_[at_ + later].part == part; }
    // Whether the first is a product of ours.
    bool own() const {
        const Operation& first = operations_[order_[at_].operation];
        const auto* product = first.as<em_gemm_args>();
        return product != nullptr && own_(*product, first.arithmetic);
    }

private:
    const OwnProduct& own_;
    const std::vector<Operation>& operations_;
    const std::vector<Member>& order_;
    const size_t at_;
};

template <class Args>
bool is_mean(const em_mean_args* mean, const Args& loss, const em_tensor& x, const em_tensor& target) {
    return mean != nullptr && same(mean->x, x) && same(mean->target, target) && mean->elements == loss.rows &&
           mean->replicas == loss.replicas;
}

// How many operations from here on are a loss and what is asked of it.
template <class Args>
size_t settled(const Next& next, const Args& loss, const em_tensor& correct, const em_tensor& target) {
    const auto* mean = next.as<em_mean_args>(1);
    if (loss.rows > ROWS_OF_ONE_BLOCK || !is_mean(mean, loss, loss.loss, target)) {
        return 1;
    }
    size_t count = 2;
    if (correct.buffer != nullptr && is_mean(next.as<em_mean_args>(2), loss, correct, target)) {
        count = 3;
    }
    const auto* watch = next.as<em_watch_args>(count);
    return watch != nullptr && same(watch->loss, mean->out) && watch->replicas == loss.replicas ? count + 1 : count;
}

size_t settled_loss(const Next& next) {
    if (const auto* a = next.as<em_squared_error_args>(0)) {
        return settled(next, *a, {}, {});
    }
    const auto* a = next.as<em_cross_entropy_args>(0);
    return a == nullptr ? 1 : settled(next, *a, a->correct, a->target);
}

size_t optimizer_step(const Next& next) {
    const auto* rate = next.as<em_learning_rate_args>(0);
    const auto* advance = next.as<em_advance_args>(2);
    if (rate == nullptr || advance == nullptr || !same(rate->step, advance->step) || rate->replicas != advance->replicas) {
        return 1;
    }
    const auto moves = [&](const auto& optimizer) {
        return optimizer.replicas == rate->replicas && same(rate->out, optimizer.learning_rate) &&
               same(optimizer.stopped_at, advance->stopped_at);
    };
    if (const auto* adam = next.as<em_adam_args>(1)) {
        return moves(*adam) && same(rate->step, adam->step) ? 3 : 1;
    }
    const auto* sgd = next.as<em_sgd_args>(1);
    return sgd != nullptr && moves(*sgd) ? 3 : 1;
}

template <class Args>
bool places(const em_add_positions_args* positions, const Args& rows, int64_t width) {
    return positions != nullptr && same(positions->x, rows.out) && positions->width == width &&
           positions->batch * positions->length == rows.rows && positions->replicas == rows.replicas &&
           apart(positions->positions, rows.out);
}

// Blocks still read the factors while others write what is made of the product.
size_t finished_product(const Next& next) {
    const auto* a = next.as<em_gemm_args>(0);
    if (!next.own()) {
        return 1;
    }
    const auto fits = [&](const auto* rows, const em_tensor& product) {
        return rows != nullptr && same(product, a->c) && rows->rows == a->m && rows->columns == a->n && rows->replicas == a->replicas;
    };
    const auto* sum = next.as<em_bias_residual_args>(1);
    if (sum != nullptr && fits(sum, sum->y) && same(sum->out, a->c) && apart(sum->residual, a->c)) {
        return places(next.as<em_add_positions_args>(2), *sum, a->n) ? 3 : 2;
    }
    const auto* activation = next.as<em_bias_activation_args>(1);
    const bool activated = activation != nullptr && fits(activation, activation->z) && apart(activation->out, a->a) &&
                           apart(activation->out, a->b) && apart(activation->out, a->c);
    const auto* gradient = next.as<em_bias_activation_backward_args>(1);
    const bool differentiated = gradient != nullptr && next.has_part(1, Part::inputs) && becomes_gradient(*a, *gradient);
    return activated || differentiated ? 2 : 1;
}

size_t placed_rows(const Next& next) {
    const auto* a = next.as<em_bias_residual_args>(0);
    return a != nullptr && places(next.as<em_add_positions_args>(1), *a, a->columns) ? 2 : 1;
}

size_t placed_tokens(const Next& next) {
    const auto* a = next.as<em_embed_args>(0);
    return a != nullptr && places(next.as<em_add_positions_args>(1), *a, a->width) ? 2 : 1;
}

size_t normed_rows(const Next& next) {
    const auto* a = next.as<em_bias_residual_args>(0);
    const auto* norm = next.as<em_layer_norm_args>(1);
    const bool fits = a != nullptr && norm != nullptr && same(norm->x, a->out) && norm->rows == a->rows && norm->columns == a->columns &&
                      norm->replicas == a->replicas && apart(norm->out, a->out) && apart(norm->out, a->y) &&
                      apart(a->residual, norm->out) && apart(norm->mean, a->out) && apart(norm->rstd, a->out);
    return fits ? 2 : 1;
}

template <class Args>
bool same_places(const Args& a, const Args& b) {
    return a.replicas == b.replicas && a.batch == b.batch && a.length == b.length && a.width == b.width && a.first == b.first &&
           a.count == b.count;
}

size_t taken_twice(const Next& next) {
    const auto* a = next.as<em_take_tokens_args>(0);
    const auto* b = next.as<em_take_tokens_args>(1);
    return a != nullptr && b != nullptr && same_places(*a, *b) && apart(b->x, a->out) && apart(a->out, b->out) ? 2 : 1;
}

size_t given_twice(const Next& next) {
    const auto* a = next.as<em_take_tokens_backward_args>(0);
    const auto* b = next.as<em_take_tokens_backward_args>(1);
    return a != nullptr && b != nullptr && same_places(*a, *b) && same(a->d_x, b->d_x) && apart(b->d_out, a->d_x) ? 2 : 1;
}

struct Rule {
    Join join;
    size_t (*count)(const Next&);  // 1 where it does not hold
};

constexpr Rule RULES[] = {{Join::finished_product, finished_product}, {Join::settled_loss, settled_loss},
                          {Join::optimizer_step, optimizer_step},     {Join::placed_rows, placed_rows},
                          {Join::placed_tokens, placed_tokens},       {Join::normed_rows, normed_rows},
                          {Join::taken_twice, taken_twice},           {Join::given_twice, given_twice}};

}  // namespace

bool becomes_gradient(const em_gemm_args& product, const em_bias_activation_backward_args& activation) {
    return same(product.c, activation.d_out) && same(product.c, activation.d_z) && apart(activation.slope, product.c) &&
           activation.rows == product.m && activation.columns == product.n && activation.replicas == product.replicas;
}

std::vector<Group> joins(const std::vector<Operation>& operations, const OwnProduct& own) {
    std::vector<Group> groups;
    const Schedule schedule = gradients_together(operations, own);
    const std::vector<Member>& order = schedule.order;
    for (size_t at = 0; at < order.size(); at += groups.back().members.size()) {
        Join join = Join::none;
        size_t most = 1;
        const auto together = schedule.gradients.find(at);
        if (together != schedule.gradients.end()) {
            join = Join::gradients;
            most = together->second;
        }
        for (const Rule& rule : RULES) {
            const size_t count = rule.count(Next(operations, order, at, own));
            if (count > most) {
                join = rule.join;
                most = count;
            }
        }
        const auto first = order.begin() + static_cast<std::ptrdiff_t>(at);
        groups.push_back({join, {first, first + static_cast<std::ptrdiff_t>(most)}});
    }
    return groups;
}

}  // namespace em

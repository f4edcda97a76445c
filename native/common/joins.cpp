#include "common/joins.h"

#include "common/join_rules.h"
#include "common/schedule.h"

namespace em {
namespace {

using namespace join_rules;

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

struct Rule {
    Join join;
    size_t (*count)(const Next&);  // 1 where it does not hold
};

constexpr Rule RULES[] = {{Join::finished_product, finished_product},
                          {Join::two_products, two_products},
                          {Join::settled_loss, settled_loss},
                          {Join::optimizer_step, optimizer_step},
                          {Join::placed_rows, placed_rows},
                          {Join::taken_rows, taken_rows},
                          {Join::placed_tokens, placed_tokens},
                          {Join::normed_rows, normed_rows},
                          {Join::normed_tokens, normed_tokens},
                          {Join::normed_gradient, normed_gradient},
                          {Join::biased_heads, biased_heads},
                          {Join::taken_twice, taken_twice},
                          {Join::given_twice, given_twice}};

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
        const auto together = schedule.together.find(at);
        if (together != schedule.together.end()) {
            join = together->second.join;
            most = together->second.count;
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

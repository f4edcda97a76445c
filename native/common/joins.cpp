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
    // Whether it is a product of ours.
    bool own(size_t later) const {
        if (at_ + later >= order_.size()) {
            return false;
        }
        const Operation& operation = operations_[order_[at_ + later].operation];
        const auto* product = operation.as<em_gemm_args>();
        return product != nullptr && own_(*product, operation.arithmetic);
    }

    // Whether it was recorded in the arithmetic of the first.
    bool same_arithmetic(size_t later) const {
        return operations_[order_[at_].operation].arithmetic == operations_[order_[at_ + later].operation].arithmetic;
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

// Whether positions are added to these rows.
bool places(const em_add_positions_args* positions, const em_tensor& out, int64_t rows, int64_t width, int64_t replicas) {
    return positions != nullptr && same(positions->x, out) && positions->width == width && positions->batch * positions->length == rows &&
           positions->replicas == replicas && apart(positions->positions, out);
}

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

size_t finished_product(const Next& next) { return finished_from(next, 0); }

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

size_t placed_rows(const Next& next) {
    const auto* a = next.as<em_bias_residual_args>(0);
    return a != nullptr && places(next.as<em_add_positions_args>(1), a->out, a->rows, a->columns, a->replicas) ? 2 : 1;
}

size_t placed_tokens(const Next& next) {
    const auto* a = next.as<em_embed_args>(0);
    return a != nullptr && places(next.as<em_add_positions_args>(1), a->out, a->rows, a->width, a->replicas) ? 2 : 1;
}

// What is looked up and placed, then normed: others read the table while some write what is normed.
size_t normed_tokens(const Next& next) {
    const auto* a = next.as<em_embed_args>(0);
    const auto* norm = next.as<em_layer_norm_args>(2);
    if (placed_tokens(next) != 2 || norm == nullptr || !same(norm->x, a->out) || norm->rows != a->rows || norm->columns != a->width ||
        norm->replicas != a->replicas) {
        return 1;
    }
    const auto spared = [&](const em_tensor& to) {
        return apart(to, a->out) && apart(to, a->table) && apart(to, a->tokens) && apart(to, next.as<em_add_positions_args>(1)->positions);
    };
    return spared(norm->out) && spared(norm->mean) && spared(norm->rstd) ? 3 : 1;
}

template <class Args>
bool same_places(const Args& a, const Args& b) {
    return a.replicas == b.replicas && a.batch == b.batch && a.length == b.length && a.width == b.width && a.first == b.first &&
           a.count == b.count;
}

// Whether tokens are those of rows that follow each other sequence by sequence.
template <class Args>
bool of_rows(const Args* tokens, int64_t replicas, int64_t rows, int64_t columns) {
    return tokens != nullptr && tokens->replicas == replicas && tokens->batch * tokens->length == rows && tokens->width == columns;
}

// Whether an operation takes rows of what a layer norm reads or makes, and writes nothing that others of its blocks read.
bool takes_rows(const em_take_tokens_args* take, const em_layer_norm_args& norm, const em_bias_residual_args* sum) {
    const auto free = [&](const auto&... tensors) { return (apart(tensors, take->out) && ...); };
    return of_rows(take, norm.replicas, norm.rows, norm.columns) && (same(take->x, norm.x) || same(take->x, norm.out)) &&
           free(norm.x, norm.gamma, norm.beta, norm.out, norm.mean, norm.rstd) &&
           (sum == nullptr || free(sum->y, sum->bias, sum->residual));
}

// How many operations behind a layer norm take its rows: of each tensor once, at the same places.
size_t taken_of_norm(const Next& next, size_t at, const em_layer_norm_args& norm, const em_bias_residual_args* sum) {
    const auto* one = next.as<em_take_tokens_args>(at);
    if (!takes_rows(one, norm, sum)) {
        return 0;
    }
    const auto* two = next.as<em_take_tokens_args>(at + 1);
    const bool both = takes_rows(two, norm, sum) && same_places(*one, *two) && !same(one->x, two->x) && apart(one->out, two->out);
    return both ? 2 : 1;
}

size_t taken_rows(const Next& next) {
    const auto* a = next.as<em_bias_residual_args>(0);
    const auto takes = [&](const em_take_tokens_args* take) {
        return a != nullptr && of_rows(take, a->replicas, a->rows, a->columns) && same(take->x, a->out) && apart(a->y, take->out) &&
               apart(a->bias, take->out) && apart(a->residual, take->out) && apart(a->out, take->out);
    };
    const auto* one = next.as<em_take_tokens_args>(1);
    if (!takes(one)) {
        return 1;
    }
    const auto* two = next.as<em_take_tokens_args>(2);
    return takes(two) && same_places(*one, *two) && apart(one->out, two->out) ? 3 : 2;
}

size_t normed_rows(const Next& next) {
    const auto* a = next.as<em_bias_residual_args>(0);
    const size_t at = a == nullptr ? 0 : 1;
    const auto* norm = next.as<em_layer_norm_args>(at);
    if (norm == nullptr) {
        return 1;
    }
    const bool fits = a == nullptr || (same(norm->x, a->out) && norm->rows == a->rows && norm->columns == a->columns &&
                                       norm->replicas == a->replicas && apart(norm->out, a->out) && apart(norm->out, a->y) &&
                                       apart(a->residual, norm->out) && apart(norm->mean, a->out) && apart(norm->rstd, a->out));
    return fits ? at + 1 + taken_of_norm(next, at + 1, *norm, a) : 1;
}

// The parameters' part, which reads dOut as it is then, comes later: else it would stand between.
size_t normed_gradient(const Next& next) {
    const auto* before = next.as<em_take_tokens_backward_args>(0);
    const size_t at = before == nullptr ? 0 : 1;
    const auto* norm = next.as<em_layer_norm_backward_args>(at);
    if (norm == nullptr || !next.has_part(at, Part::inputs)) {
        return 1;
    }
    const auto given = [&](const em_take_tokens_backward_args* tokens, const em_tensor& to) {
        return of_rows(tokens, norm->replicas, norm->rows, norm->columns) && same(tokens->d_x, to) && apart(tokens->d_out, norm->d_out) &&
               apart(tokens->d_out, norm->d_x);
    };
    if (before != nullptr && !given(before, norm->d_out)) {
        return 1;
    }
    const auto* after = next.as<em_take_tokens_backward_args>(at + 1);
    const bool given_after = given(after, norm->d_x) && (before == nullptr || same_places(*before, *after));
    return at + 1 + (given_after ? 1 : 0);
}

size_t biased_heads(const Next& next) {
    const auto* a = next.as<em_head_product_args>(0);
    const auto* sum = next.as<em_bias_residual_args>(1);
    const bool fits = a != nullptr && a->form == EM_HEADS_NARROW && sum != nullptr && same(sum->y, a->x) && same(sum->out, a->x) &&
                      sum->residual.buffer == nullptr && sum->rows == a->rows && sum->columns == a->heads * a->head_dim &&
                      sum->replicas == a->replicas && apart(sum->bias, a->x);
    return fits ? 2 : 1;
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

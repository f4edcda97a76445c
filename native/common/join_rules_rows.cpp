// Which operations on rows are done together: rows of tokens that are made, placed, normed, taken and given back.
#include "common/join_rules.h"

namespace em::join_rules {
namespace {

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

}  // namespace

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

}  // namespace em::join_rules

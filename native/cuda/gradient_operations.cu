// Which gradients a launch of several takes (gradients.h), from the operations of a group.
#include "cuda/gradients.h"

namespace em::gpu::gradient_parts {
namespace {

ColumnSums cut_of(int64_t replicas, int64_t rows, int64_t columns, bool fours) {
    return {column_cut(rows, columns, fours ? 4 : 1), {nullptr, nullptr}, rows, columns, replicas};
}

Sum of_rows(const em_tensor& from, const em_tensor& to, int64_t replicas, int64_t rows, int64_t columns, bool fours) {
    const View<float> none{nullptr, 0};
    return {{view(from), none, none, none, none, view(to), columns}, cut_of(replicas, rows, columns, fours), fours};
}

Sum sum_of(const Operation& operation) {
    if (const auto* norm = operation.as<em_layer_norm_backward_args>()) {
        const bool fours = norm_by_fours(*norm);
        return {norm_sums(*norm), cut_of(norm->replicas, norm->rows, norm->columns, fours), fours};
    }
    if (const auto* activation = operation.as<em_bias_activation_backward_args>()) {
        const auto& a = *activation;
        return of_rows(a.d_z, a.d_bias, a.replicas, a.rows, a.columns, by_fours(a.replicas, a.columns, a.d_out, a.slope, a.d_z, a.d_bias));
    }
    if (const auto* positions = operation.as<em_add_positions_backward_args>()) {
        const auto& a = *positions;
        const int64_t columns = a.length * a.width;
        return of_rows(a.d_x, a.d_positions, a.replicas, a.batch, columns, by_fours(a.replicas, columns, a.d_x, a.d_positions));
    }
    const auto& a = *operation.as<em_bias_backward_args>();
    return of_rows(a.d_y, a.d_bias, a.replicas, a.rows, a.columns, by_fours(a.replicas, a.columns, a.d_y, a.d_bias));
}

Elements elements_of(const Operation& operation) {
    if (const auto* zero = operation.as<em_zero_args>()) {
        return {{nullptr, 0}, view(zero->x), zero->elements, by_fours(zero->replicas, zero->elements, zero->x)};
    }
    const auto& a = *operation.as<em_accumulate_args>();
    return {view(a.x), view(a.y), a.elements, by_fours(a.replicas, a.elements, a.x, a.y)};
}

template <class T, size_t MOST>
void append(Several<T, MOST>& all, const T& one) {
    all.of[all.count++] = one;
}

}  // namespace

Gradients gradients_of(const Operation* operations, size_t count, int32_t arithmetic, int64_t depth) {
    Gradients g{};
    for (size_t i = 0; i < count; ++i) {
        const Operation& operation = operations[i];
        g.replicas = replicas_of(operation);
        if (const auto* product = operation.as<em_gemm_args>()) {
            append(g.products, product::of(*product, {}, arithmetic, depth));
        } else if (const auto* embedding = operation.as<em_embed_backward_args>()) {
            append(g.tokens, token_sums_of(*embedding));
        } else if (operation.kind == Kind::zero || operation.kind == Kind::accumulate) {
            append(g.elements, elements_of(operation));
        } else {
            append(g.sums, sum_of(operation));
        }
    }
    return g;
}

}  // namespace em::gpu::gradient_parts

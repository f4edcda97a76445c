// The rules of joins.h: how many operations from some place of a program on are done by one kernel. Blocks of it run in any order, so that
// none may read what another writes.
#pragma once
#include "common/joins.h"

namespace em::join_rules {

inline bool same(const em_tensor& a, const em_tensor& b) {
    return a.buffer == b.buffer && a.offset == b.offset && a.replica_stride == b.replica_stride;
}

inline bool apart(const em_tensor& a, const em_tensor& b) { return a.buffer == nullptr || a.buffer != b.buffer; }

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

// Whether positions are added to these rows.
inline bool places(const em_add_positions_args* positions, const em_tensor& out, int64_t rows, int64_t width, int64_t replicas) {
    return positions != nullptr && same(positions->x, out) && positions->width == width && positions->batch * positions->length == rows &&
           positions->replicas == replicas && apart(positions->positions, out);
}

// How many operations from here on the join takes; 1 where it does not hold. Of products (join_rules_products.cpp):
size_t finished_product(const Next& next);
size_t two_products(const Next& next);
size_t biased_heads(const Next& next);

// Of rows (join_rules_rows.cpp):
size_t placed_rows(const Next& next);
size_t placed_tokens(const Next& next);
size_t taken_rows(const Next& next);
size_t normed_rows(const Next& next);
size_t normed_tokens(const Next& next);
size_t normed_gradient(const Next& next);
size_t taken_twice(const Next& next);
size_t given_twice(const Next& next);

}  // namespace em::join_rules

#include "common/schedule.h"

#include "common/touched.h"

namespace em {
namespace {

// Elements that are added or set to zero beside gradients, and summed for positions. More are better done by a kernel that reads more at
// once.
constexpr int64_t SHORT = 1 << 17;
constexpr int64_t LONG = 1 << 22;

// What one kernel takes a limited number of; those of heads have a kernel of their own.
enum class Sort { none, product, sum, tokens, elements, heads };

class Scheduler {
public:
    Scheduler(const std::vector<Operation>& operations, const OwnProduct& own) : operations_(operations), own_(own) {}

    Schedule schedule() {
        for (size_t i = 0; i < operations_.size(); ++i) {
            next(i);
        }
        flush();
        return std::move(done_);
    }

private:
    struct Waiting {
        Member member;
        Touched touched;
    };

    void next(size_t i) {
        const Operation& operation = operations_[i];
        if (operation.kind == Kind::layer_norm_backward) {
            add({i, Part::parameters});  // first: the other may overwrite what it reads
            add({i, Part::inputs});
        } else if (finishes_product(operation)) {
            add({i, Part::inputs});
            add({i, Part::parameters});
        } else {
            add({i, Part::whole});
        }
    }

    void add(const Member& member) {
        const Operation& operation = operations_[member.operation];
        Touched now;
        const bool known = operation.kind == Kind::other || touched(operation, member.part, now);
        const bool waits = sort(member) != Sort::none;
        if (!known || depends(now) || (waits && is_full(member))) {
            flush();
        }
        if (waits) {
            waiting_.push_back({member, std::move(now)});
        } else {
            done_.order.push_back(member);
        }
    }

    // Whether the product before can do the inputs' part. One that waits alone need not wait.
    bool finishes_product(const Operation& operation) {
        const auto* activation = operation.as<em_bias_activation_backward_args>();
        if (activation == nullptr) {
            return false;
        }
        if (waiting_.size() == 1 && becomes(waiting_.front().member, *activation)) {
            flush();
        }
        Touched now;
        touched(operation, Part::inputs, now);
        return !depends(now) && !done_.order.empty() && !ends_together() && becomes(done_.order.back(), *activation);
    }

    bool becomes(const Member& member, const em_bias_activation_backward_args& activation) const {
        const Operation& operation = operations_[member.operation];
        const auto* product = operation.as<em_gemm_args>();
        return product != nullptr && own_(*product, operation.arithmetic) && becomes_gradient(*product, activation);
    }

    // Whether the last of the order is done with others.
    bool ends_together() const {
        const auto last = done_.together.rbegin();
        return last != done_.together.rend() && last->first + last->second.count == done_.order.size();
    }

    // As what it can wait.
    Sort sort(const Member& member) const {
        const Operation& operation = operations_[member.operation];
        if (member.part == Part::parameters) {
            return Sort::sum;
        }
        switch (operation.kind) {
            case Kind::gemm:
                return is_gradient(operation) ? Sort::product : Sort::none;
            case Kind::head_product:
                return operation.as<em_head_product_args>()->form == EM_HEADS_WEIGHT ? Sort::heads : Sort::none;
            case Kind::bias_backward:
                return Sort::sum;
            case Kind::add_positions_backward:
                return elements(*operation.as<em_add_positions_backward_args>()) <= LONG ? Sort::sum : Sort::none;
            case Kind::embed_backward:
                return Sort::tokens;
            case Kind::zero:
                return operation.as<em_zero_args>()->elements <= SHORT ? Sort::elements : Sort::none;
            case Kind::accumulate:
                return operation.as<em_accumulate_args>()->elements <= SHORT ? Sort::elements : Sort::none;
            default:
                return Sort::none;
        }
    }

    static int64_t elements(const em_add_positions_backward_args& a) { return a.batch * a.length * a.width; }

    // Of a weight, by our own product.
    bool is_gradient(const Operation& operation) const {
        const auto& product = *operation.as<em_gemm_args>();
        return product.trans_a && !product.trans_b && own_(product, operation.arithmetic);
    }

    static size_t most(Sort sort) {
        switch (sort) {
            case Sort::product:
                return PRODUCTS;
            case Sort::sum:
                return SUMS;
            case Sort::tokens:
                return TOKEN_SUMS;
            case Sort::heads:
                return 2;
            default:
                return ELEMENTS;
        }
    }

    static bool same_sizes(const em_head_product_args& a, const em_head_product_args& b) {
        return a.rows == b.rows && a.heads == b.heads && a.head_dim == b.head_dim && a.width == b.width;
    }

    // Whether the kernel takes no more of this sort, no other sizes, or none of this number of replicas or in this arithmetic.
    bool is_full(const Member& member) const {
        const Operation& operation = operations_[member.operation];
        const auto* heads = operation.as<em_head_product_args>();
        const Sort mine = sort(member);
        size_t alike = 0;
        for (const Waiting& waiting : waiting_) {
            const Operation& other = operations_[waiting.member.operation];
            const auto* others = other.as<em_head_product_args>();
            if (replicas_of(other) != replicas_of(operation) || other.arithmetic != operation.arithmetic ||
                (heads != nullptr && others != nullptr && !same_sizes(*heads, *others))) {
                return true;
            }
            alike += sort(waiting.member) == mine ? 1 : 0;
        }
        return alike == most(mine);
    }

    bool depends(const Touched& now) const {
        for (const Waiting& waiting : waiting_) {
            if (depend(waiting.touched, now)) {
                return true;
            }
        }
        return false;
    }

    void flush() {
        do_together(Join::head_weights, [](Sort sort) { return sort == Sort::heads; });
        do_together(Join::gradients, [](Sort sort) { return sort != Sort::heads; });
        waiting_.clear();
    }

    template <class Which>
    void do_together(Join join, const Which& which) {
        const size_t first = done_.order.size();
        for (const Waiting& waiting : waiting_) {
            if (which(sort(waiting.member))) {
                done_.order.push_back(waiting.member);
            }
        }
        if (done_.order.size() > first + 1) {
            done_.together[first] = {join, done_.order.size() - first};
        }
    }

    const std::vector<Operation>& operations_;
    const OwnProduct& own_;
    std::vector<Waiting> waiting_;
    Schedule done_;
};

}  // namespace

Schedule gradients_together(const std::vector<Operation>& operations, const OwnProduct& own) {
    return Scheduler(operations, own).schedule();
}

}  // namespace em

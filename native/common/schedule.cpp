#include "common/schedule.h"

#include "common/touched.h"

namespace em {
namespace {

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
        if (!known || depends(now) || (waits(member) && is_full(member))) {
            flush();
        }
        if (waits(member)) {
            waiting_.push_back({member, std::move(now)});
        } else {
            done_.order.push_back(member);
        }
    }

    // Whether the product before can do the inputs' part.
    bool finishes_product(const Operation& operation) const {
        const auto* activation = operation.as<em_bias_activation_backward_args>();
        Touched now;
        if (activation == nullptr || done_.order.empty() || (touched(operation, Part::inputs, now) && depends(now))) {
            return false;
        }
        const Operation& before = operations_[done_.order.back().operation];
        const auto* product = before.as<em_gemm_args>();
        return product != nullptr && own_(*product, before.arithmetic) && becomes_gradient(*product, *activation);
    }

    // Whether our kernel for gradients computes it.
    bool waits(const Member& member) const {
        const Operation& operation = operations_[member.operation];
        const auto* product = operation.as<em_gemm_args>();
        return member.part == Part::parameters || operation.kind == Kind::bias_backward ||
               (product != nullptr && product->trans_a && !product->trans_b && product->beta == 0.0f &&
                own_(*product, operation.arithmetic));
    }

    // Whether the kernel takes no more of this kind, or none of this number of replicas or in this arithmetic.
    bool is_full(const Member& member) const {
        const Operation& operation = operations_[member.operation];
        size_t alike = 0;
        for (const Waiting& waiting : waiting_) {
            const Operation& other = operations_[waiting.member.operation];
            if (replicas(other) != replicas(operation) || other.arithmetic != operation.arithmetic) {
                return true;
            }
            alike += (other.kind == Kind::gemm) == (operation.kind == Kind::gemm) ? 1 : 0;
        }
        return alike == GRADIENTS;
    }

    static int64_t replicas(const Operation& operation) {
        int64_t found = 0;
        const auto look = [&](const auto* args) { found = args == nullptr ? found : args->replicas; };
        look(operation.as<em_gemm_args>());
        look(operation.as<em_bias_backward_args>());
        look(operation.as<em_bias_activation_backward_args>());
        look(operation.as<em_layer_norm_backward_args>());
        return found;
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
        if (waiting_.size() > 1) {
            done_.gradients[done_.order.size()] = waiting_.size();
        }
        for (const Waiting& waiting : waiting_) {
            done_.order.push_back(waiting.member);
        }
        waiting_.clear();
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

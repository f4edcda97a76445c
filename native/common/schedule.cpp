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
        size_t operation;
        Touched touched;
    };

    void next(size_t i) {
        const Operation& operation = operations_[i];
        Touched now;
        const bool known = operation.kind == Kind::other || touched(operation, now);
        if (!known || depends(now) || (waits(operation) && is_full(operation))) {
            flush();
        }
        if (waits(operation)) {
            waiting_.push_back({i, std::move(now)});
        } else {
            done_.order.push_back(i);
        }
    }

    // Whether our kernel for gradients computes it.
    bool waits(const Operation& operation) const {
        const auto* product = operation.as<em_gemm_args>();
        return operation.kind == Kind::bias_backward || (product != nullptr && product->trans_a && !product->trans_b &&
                                                         product->beta == 0.0f && own_(*product, operation.arithmetic));
    }

    // Whether the kernel takes no more of this kind, or none of this number of replicas.
    bool is_full(const Operation& operation) const {
        size_t alike = 0;
        for (const Waiting& waiting : waiting_) {
            const Operation& other = operations_[waiting.operation];
            if (replicas(other) != replicas(operation)) {
                return true;
            }
            alike += other.kind == operation.kind ? 1 : 0;
        }
        return alike == GRADIENTS;
    }

    static int64_t replicas(const Operation& operation) {
        const auto* product = operation.as<em_gemm_args>();
        return product != nullptr ? product->replicas : operation.as<em_bias_backward_args>()->replicas;
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
            done_.order.push_back(waiting.operation);
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

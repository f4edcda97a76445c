// An operation as a program keeps it.
#pragma once
#include <functional>
#include <memory>

#include "common/operations.h"
#include "em/gpu.h"

namespace em {

enum class Kind {
    other,  // what changes no tensor
#define X(name) name,
    EM_OPERATIONS(X)
#undef X
};

template <class Args>
struct KindOf;
#define X(name)                                  \
    template <>                                  \
    struct KindOf<em_##name##_args> {            \
        static constexpr Kind kind = Kind::name; \
    };
EM_OPERATIONS(X)
#undef X

// What of an operation is done: of some that differentiate, the gradients of their inputs and those of their parameters can be done apart.
enum class Part { whole, inputs, parameters };

struct Operation {
    Kind kind = Kind::other;
    std::shared_ptr<const void> args;
    std::function<void()> issue;
    int32_t arithmetic = EM_FLOAT32;  // that was chosen when it was recorded
    Part part = Part::whole;

    // Its arguments, null where it is another operation.
    template <class Args>
    const Args* as() const {
        return kind == KindOf<Args>::kind ? static_cast<const Args*>(args.get()) : nullptr;
    }
};

}  // namespace em

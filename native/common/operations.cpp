// The ABI functions of all operations: check, then run or record.
#include "common/context.h"
#include "common/guard.h"

namespace {

// What an operation needs done before a capture holds it.
template <class Args>
void prepare(em::Device&, const Args&) {}
void prepare(em::Device& device, const em_gemm_args& args) { device.prepare(args); }

// Does it, given its arguments.
using Issue = void (*)(em::Device&, const void* args);

// Keeps an operation for the program that is being recorded. One function for all: compiling it for each took most of this file's time.
void record(em_context& context, const char* name, em::Kind kind, std::shared_ptr<const void> args, Issue issue) {
    em::Device& device = *context.device;
    const auto again = [name, issue, &device, args] {
        const em_status status = em::guard(name, [&] { issue(device, args.get()); });
        if (status != EM_OK) {
            throw em::Error(status, em_last_error());
        }
    };
    context.recorded.push_back({kind, args, again, device.arithmetic()});
}

template <class Args>
em_status call(const char* name, em_context* context, Issue issue, const Args* args) {
    return em::guard(name, [&] {
        em::check(*args);
        if (context->recording) {
            prepare(*context->device, *args);
            record(*context, name, em::KindOf<Args>::kind, std::make_shared<const Args>(*args), issue);
        } else {
            issue(*context->device, args);
        }
    });
}

}  // namespace

#define X(name)                                                                          \
    em_status em_##name(em_context* context, const em_##name##_args* args) {             \
        const Issue issue = [](em::Device& device, const void* given) {                  \
            device.kernels().name(device, *static_cast<const em_##name##_args*>(given)); \
        };                                                                               \
        return call("em_" #name, context, issue, args);                                  \
    }
EM_OPERATIONS(X)
#undef X

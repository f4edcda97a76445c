// The ABI functions of all operations: check, then run or record.
#include "common/context.h"
#include "common/guard.h"

namespace {

// What an operation needs done before a capture holds it.
template <class Args>
void prepare(em::Device&, const Args&) {}
void prepare(em::Device& device, const em_gemm_args& args) { device.prepare(args); }

template <class Args>
em_status call(const char* name, em_context* context, void (*kernel)(em::Device&, const Args&), const Args* args) {
    return em::guard(name, [&] {
        em::check(*args);
        em::Device& device = *context->device;
        if (context->recording) {
            prepare(device, *args);
            const auto copy = std::make_shared<const Args>(*args);
            const auto issue = [name, kernel, &device, copy] {
                const em_status status = em::guard(name, [&] { kernel(device, *copy); });
                if (status != EM_OK) {
                    throw em::Error(status, em_last_error());
                }
            };
            context->recorded.push_back({em::KindOf<Args>::kind, copy, issue, device.arithmetic()});
        } else {
            kernel(device, *args);
        }
    });
}

}  // namespace

#define X(name)                                                                   \
    em_status em_##name(em_context* context, const em_##name##_args* args) {      \
        return call("em_" #name, context, context->device->kernels().name, args); \
    }
EM_OPERATIONS(X)
#undef X

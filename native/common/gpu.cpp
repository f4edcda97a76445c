// The ABI functions of em/gpu.h; a device that is no GPU refuses or does nothing, as Device says.
#include "em/gpu.h"

#include "common/context.h"
#include "common/guard.h"

namespace em {

void Device::set_arithmetic(int32_t arithmetic) { EM_REQUIRE(arithmetic == EM_FLOAT32, "tf32 and bf16 need a GPU"); }

void Device::set_products(const char*) { EM_FAIL(EM_BAD_ARGUMENT, "this device multiplies by itself"); }

}  // namespace em

em_status em_set_arithmetic(em_context* context, int32_t arithmetic) {
    return em::guard("em_set_arithmetic", [&] {
        EM_REQUIRE(arithmetic >= EM_FLOAT32 && arithmetic <= EM_BF16, "unknown arithmetic %d", arithmetic);
        context->device->set_arithmetic(arithmetic);
    });
}

em_status em_set_products(em_context* context, const char* library) {
    return em::guard("em_set_products", [&] {
        EM_REQUIRE(!context->recording, "products cannot change while a program is recorded");
        context->device->set_products(library);
        context->description = context->device->description();
    });
}

int64_t em_own_product(int64_t m, int64_t n, int64_t k, int32_t trans_a, int32_t trans_b, int32_t arithmetic) {
    const em_gemm_args args{{}, {}, {}, 1, m, n, k, trans_a, trans_b, 0.0f};
    return em::own_product(args, arithmetic) ? em::pieces_of(m, n, k, arithmetic) : 0;
}

em_status em_range_push(em_context* context, const char* name) {
    return em::guard("em_range_push", [&] {
        em::Device* device = context->device.get();
        if (!context->recording) {
            device->range_push(name);
        } else if (device->ranges()) {
            context->recorded.push_back(
                {em::Kind::other, nullptr, [device, text = std::string(name)] { device->range_push(text.c_str()); }});
        }
    });
}

em_status em_range_pop(em_context* context) {
    return em::guard("em_range_pop", [&] {
        em::Device* device = context->device.get();
        if (!context->recording) {
            device->range_pop();
        } else if (device->ranges()) {
            context->recorded.push_back({em::Kind::other, nullptr, [device] { device->range_pop(); }});
        }
    });
}

em_status em_profiler_start(em_context* context) {
    return em::guard("em_profiler_start", [&] { context->device->profiler(true); });
}

em_status em_profiler_stop(em_context* context) {
    return em::guard("em_profiler_stop", [&] { context->device->profiler(false); });
}

// The launchers of all operations; each is defined beside its kernels.
#pragma once
#include "common/operations.h"

namespace em::gpu {

#define X(name) void name(Device& device, const em_##name##_args& args);
EM_OPERATIONS(X)
#undef X

}  // namespace em::gpu

// The kernels of one instruction set. All are compiled for each.
#pragma once
#include "common/operations.h"

namespace em::EM_ISA {

#define X(name) void name(Device& device, const em_##name##_args& args);
EM_OPERATIONS(X)
#undef X

}  // namespace em::EM_ISA

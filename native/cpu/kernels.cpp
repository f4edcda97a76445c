// The table of this instruction set's kernels.
#include "cpu/kernels.h"

#include "cpu/feed.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {

void draw_host(Device& device, const em_draw_host_args& args) { em::draw_host(device, args); }

// Named em::EM_ISA::TABLE; see cpu_device.cpp.
extern const Kernels TABLE;
const Kernels TABLE = {
#define X(name) name,
    EM_OPERATIONS(X)
#undef X
};

}  // namespace em::EM_ISA

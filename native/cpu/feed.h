// Copying is the same for every instruction set.
#pragma once
#include "common/operations.h"

namespace em {

void draw_host(Device& device, const em_draw_host_args& args);

}  // namespace em

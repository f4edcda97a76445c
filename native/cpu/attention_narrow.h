// Attention with one query a sequence and narrow heads; see em/attention.h.
#pragma once
#include "common/operations.h"

namespace em::EM_ISA {

// Whether attention_narrow takes these shapes.
bool is_narrow(const em_attention_args& args);

void attention_narrow(Device& device, const em_attention_args& args);
void attention_narrow_backward(Device& device, const em_attention_backward_args& args);

}  // namespace em::EM_ISA

// Attention of short sequences; see em/attention.h.
#pragma once
#include "common/operations.h"

namespace em::EM_ISA {

// Whether attention_short takes these shapes.
bool is_short(const em_attention_args& args);

void attention_short(Device& device, const em_attention_args& args);
void attention_short_backward(Device& device, const em_attention_backward_args& args);

}  // namespace em::EM_ISA

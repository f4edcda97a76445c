// Attention with one query a sequence; see em/attention.h.
#pragma once
#include "common/operations.h"

namespace em::EM_ISA {

void attention_single(Device& device, const em_attention_args& args);
void attention_single_backward(Device& device, const em_attention_backward_args& args);

}  // namespace em::EM_ISA

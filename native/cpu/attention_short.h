// Attention of short sequences; see em/attention.h.
#pragma once
#include "common/operations.h"

namespace em::EM_ISA {

// Whether attention_short takes these shapes.
bool is_short(const em_attention_args& args);

// Whether a query is computed by itself and not in a block, so that its products are summed in another order.
bool is_alone(const em_attention_args& args, int64_t query);

void attention_short(Device& device, const em_attention_args& args);
void attention_short_backward(Device& device, const em_attention_backward_args& args);

}  // namespace em::EM_ISA

// Scratch memory that is larger than what an operation asked for would hide that it writes past its end. A claim watches the rest.
#pragma once
#include "runtime.h"

namespace emu {

// From here on, work on the stream may use the first `bytes` of a block of memory. They are NaN, whatever work before has left there. What
// lies behind is filled with numbers that no kernel gets far with. That it was written to is told by the block's next claim or by waiting
// for a stream.
cudaError_t claim(cudaStream_t stream, void* block, size_t bytes);

}  // namespace emu

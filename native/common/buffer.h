// Buffers, and how kernels see tensors.
#pragma once
#include "em/context.h"

struct em_buffer {
    void* data;
    int64_t elements;
    em_context* owner;
};

namespace em {

// First element of a replica. Always inlined: code compiled for an instruction set must not be shared with other code.
template <class T = float>
[[gnu::always_inline]] inline T* data(const em_tensor& tensor, int64_t replica) {
    static_assert(sizeof(T) == 4);
    return static_cast<T*>(tensor.buffer->data) + tensor.offset + replica * tensor.replica_stride;
}

}  // namespace em

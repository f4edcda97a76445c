// What checks are made of; each raises an Error that names the size or the tensor.
#pragma once
#include "common/buffer.h"
#include "common/error.h"
#include "common/operations.h"

namespace em {

// A size of an operation, positive, and at most what 32-bit counts of Java can be.
inline void size(const char* name, int64_t value) {
    EM_REQUIRE(value >= 1 && value <= INT64_C(1) << 31, "%s must be in 1..2^31, got %lld", name, (long long)value);
}

template <class... More>
inline void sizes(const char* name, int64_t value, More... more) {
    size(name, value);
    if constexpr (sizeof...(more) > 0) {
        sizes(more...);
    }
}

// The product of sizes; one that does not fit 63 bits is refused.
template <class... More>
int64_t product(int64_t first, More... more) {
    int64_t result = first;
    const bool overflows = (__builtin_mul_overflow(result, static_cast<int64_t>(more), &result) || ...);
    EM_REQUIRE(!overflows, "a tensor would have more than 2^63 elements");
    return result;
}

// `inner` elements of each of `replicas` lie in the buffer.
inline void span(const char* name, const em_tensor& tensor, int64_t replicas, int64_t inner) {
    EM_REQUIRE(tensor.buffer != nullptr, "tensor %s has no buffer", name);
    EM_REQUIRE(replicas == 1 || tensor.replica_stride >= inner, "replicas of %s overlap: stride %lld, %lld elements", name,
               (long long)tensor.replica_stride, (long long)inner);
    const int64_t stride = replicas == 1 ? 0 : tensor.replica_stride;
    EM_REQUIRE(inner >= 1 && stride <= INT64_C(1) << 40, "%s has %lld elements a replica", name, (long long)inner);
    const int64_t before_last = product(replicas - 1, stride);
    EM_REQUIRE(inner <= INT64_C(1) << 60 && tensor.offset <= INT64_C(1) << 60 && before_last <= INT64_C(1) << 60, "%s is too large", name);
    const int64_t end = tensor.offset + before_last + inner;
    EM_REQUIRE(tensor.offset >= 0 && end <= tensor.buffer->elements, "%s ends at element %lld of a buffer of %lld", name, (long long)end,
               (long long)tensor.buffer->elements);
}

inline void optional_span(const char* name, const em_tensor& tensor, int64_t replicas, int64_t inner) {
    if (tensor.buffer != nullptr) {
        span(name, tensor, replicas, inner);
    }
}

// Spans of several tensors that hold the same number of elements.
template <class... More>
inline void spans(int64_t replicas, int64_t inner, const char* name, const em_tensor& tensor, const More&... more) {
    span(name, tensor, replicas, inner);
    if constexpr (sizeof...(more) > 0) {
        spans(replicas, inner, more...);
    }
}

inline void activation(int32_t value) { EM_REQUIRE(value == EM_GELU || value == EM_RELU, "unknown activation %d", value); }

template <class Args>
inline void token_sizes(const Args& a) {
    sizes("replicas", a.replicas, "batch", a.batch, "length", a.length, "width", a.width);
}

template <class Args>
inline void matrix_sizes(const Args& a) {
    sizes("replicas", a.replicas, "rows", a.rows, "columns", a.columns);
}

// Elements from the first to the last of `tokens` tokens of `width` values that are `stride` apart.
inline int64_t strided(const char* name, int64_t tokens, int64_t stride, int64_t width) {
    EM_REQUIRE(stride >= width && stride <= INT64_C(1) << 31, "tokens of %s overlap: stride %lld, %lld values", name, (long long)stride,
               (long long)width);
    return product(tokens - 1, stride) + width;
}

}  // namespace em

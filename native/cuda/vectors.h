// Loads, stores and arithmetic of V = 1 or 4 floats at once.
#pragma once
#include "cuda/launch.h"

namespace em {

template <int V>
struct Vec {
    float at[V];
};

template <int V>
EM_DEVICE Vec<V> load(const float* from) {
    Vec<V> v;
    if constexpr (V == 4) {
#if defined(EM_EMU)
        emu::require_aligned(from, sizeof(float4));
#endif
        const float4 four = *reinterpret_cast<const float4*>(from);
        v.at[0] = four.x;
        v.at[1] = four.y;
        v.at[2] = four.z;
        v.at[3] = four.w;
    } else {
        v.at[0] = *from;
    }
    return v;
}

// Into global memory.
template <int V>
EM_DEVICE void store(float* to, const Vec<V>& v) {
    if constexpr (V == 4) {
        store_wide(to, make_float4(v.at[0], v.at[1], v.at[2], v.at[3]));
    } else {
        *to = v.at[0];
    }
}

// Into shared memory, which store's instruction for global memory does not reach.
template <int V>
EM_DEVICE void store_shared(float* to, const Vec<V>& v) {
    static_assert(V == 4);
    *reinterpret_cast<float4*>(to) = make_float4(v.at[0], v.at[1], v.at[2], v.at[3]);
}

// a b, not fused with an addition that follows.
EM_DEVICE float rounded_product(float a, float b) { return __fmul_rn(a, b); }

template <int V>
EM_DEVICE Vec<V> zeros() {
    Vec<V> v;
#pragma unroll
    for (int k = 0; k < V; ++k) {
        v.at[k] = 0.0f;
    }
    return v;
}

template <int V>
EM_DEVICE void add(Vec<V>& to, const Vec<V>& more) {
#pragma unroll
    for (int k = 0; k < V; ++k) {
        to.at[k] += more.at[k];
    }
}

template <int V>
EM_DEVICE void multiply(Vec<V>& to, const Vec<V>& by) {
#pragma unroll
    for (int k = 0; k < V; ++k) {
        to.at[k] *= by.at[k];
    }
}

}  // namespace em

// Stands in for the toolkit's header when kernels are compiled for the host: the part of CUDA C++ that our kernels use.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#include "fibre.h"
#include "runtime.h"
#include "tensor_core.h"
#include "vectors.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __grid_constant__

#define threadIdx (::emu::position->thread)
#define blockIdx (::emu::position->block)
#define blockDim (::emu::position->block_size)
#define gridDim (::emu::position->grid_size)

#define EMU_PLACE const char *file = __builtin_FILE(), int line = __builtin_LINE()

inline void __syncthreads(EMU_PLACE) { emu::block_barrier({file, line}); }

inline void __syncwarp(uint32_t mask = 0xffffffffu, EMU_PLACE) {
    emu::warp_collective(mask, nullptr, [](void* const*, uint32_t) {}, {file, line});
}

namespace emu {

// What a lane brings to a shuffle, and what it gets.
template <class T>
struct Shuffled {
    T value;
    unsigned source;
    T result;
    bool outside;  // the source takes no part
};

template <class T>
T shuffle(uint32_t mask, T value, unsigned source, Place place) {
    Shuffled<T> mine{value, source, value, false};
    warp_collective(
        mask, &mine,
        [](void* const* lanes, uint32_t) {
            for (int i = 0; i < 32; ++i) {
                if (auto* lane = static_cast<Shuffled<T>*>(lanes[i])) {
                    const auto* from = static_cast<const Shuffled<T>*>(lanes[lane->source & 31]);
                    lane->outside = from == nullptr;
                    lane->result = from == nullptr ? lane->value : from->value;
                }
            }
        },
        place);
    if (mine.outside) {
        fail(place, "shuffle reads lane %u, which is not in mask %08x", source & 31, mask);
    }
    return mine.result;
}

struct Vote {
    bool predicate;
    uint32_t ballot;
};

inline uint32_t vote(uint32_t mask, bool predicate, Place place) {
    Vote mine{predicate, 0};
    warp_collective(
        mask, &mine,
        [](void* const* lanes, uint32_t) {
            uint32_t ballot = 0;
            for (int i = 0; i < 32; ++i) {
                ballot |= lanes[i] != nullptr && static_cast<Vote*>(lanes[i])->predicate ? 1u << i : 0;
            }
            for (int i = 0; i < 32; ++i) {
                if (lanes[i] != nullptr) {
                    static_cast<Vote*>(lanes[i])->ballot = ballot;
                }
            }
        },
        place);
    return mine.ballot;
}

// What a GPU refuses: an instruction for global memory that is given shared memory.
inline void require_global(const void* at, Place place) {
    if (is_shared(at)) {
        fail(place, "shared memory where global memory is expected");
    }
}

// What a GPU asks of an access of so many bytes.
inline void require_aligned(const void* at, size_t bytes, Place place = {}) {
    if (reinterpret_cast<uintptr_t>(at) % bytes != 0) {
        fail(place, "an access of %zu bytes at an address that is not aligned to them", bytes);
    }
}

// What cp.async asks of its addresses; `from` null: nothing is read.
inline void require_copy(const void* to, const void* from, size_t bytes, Place place = {}) {
    if (!is_shared(to)) {
        fail(place, "an asynchronous copy goes to shared memory");
    }
    if (from != nullptr) {
        require_global(from, place);
    }
    if (reinterpret_cast<uintptr_t>(to) % bytes != 0 || reinterpret_cast<uintptr_t>(from) % bytes != 0) {
        fail(place, "an asynchronous copy of %zu bytes from or to an address that is not aligned to them", bytes);
    }
}

// An asynchronous copy that is on its way; `from` null: zeros.
struct Copy {
    float* to;
    const float* from;
    int floats;
    float seen[4];  // what was there when it began
};

// A GPU may write at any time from here on: who still reads there finds NaN.
inline Copy begin_copy(float* to, const float* from, int floats) {
    Copy copy{to, from, floats, {}};
    if (from != nullptr) {
        std::memcpy(copy.seen, from, sizeof(float) * static_cast<size_t>(floats));
    }
    std::memset(to, 0xff, sizeof(float) * static_cast<size_t>(floats));
    return copy;
}

inline void end_copy(const Copy& copy, Place place = {}) {
    const size_t bytes = sizeof(float) * static_cast<size_t>(copy.floats);
    if (copy.from != nullptr && std::memcmp(copy.seen, copy.from, bytes) != 0) {
        fail(place, "what an asynchronous copy reads was written to while it was on its way");
    }
    std::memcpy(copy.to, copy.seen, bytes);
}

}  // namespace emu

template <class T>
void __stwb(T* to, T value, EMU_PLACE) {
    emu::require_global(to, {file, line});
    emu::require_aligned(to, sizeof value, {file, line});
    *to = value;
}

template <class T>
T __shfl_sync(uint32_t mask, T value, unsigned lane, EMU_PLACE) {
    return emu::shuffle(mask, value, lane, {file, line});
}

template <class T>
T __shfl_xor_sync(uint32_t mask, T value, unsigned lanes, EMU_PLACE) {
    return emu::shuffle(mask, value, emu::position->lane ^ lanes, {file, line});
}

template <class T>
T __shfl_down_sync(uint32_t mask, T value, unsigned lanes, EMU_PLACE) {
    const unsigned lane = emu::position->lane;
    return emu::shuffle(mask, value, lane + lanes < 32 ? lane + lanes : lane, {file, line});
}

template <class T>
T __shfl_up_sync(uint32_t mask, T value, unsigned lanes, EMU_PLACE) {
    const unsigned lane = emu::position->lane;
    return emu::shuffle(mask, value, lane >= lanes ? lane - lanes : lane, {file, line});
}

inline uint32_t __ballot_sync(uint32_t mask, bool predicate, EMU_PLACE) { return emu::vote(mask, predicate, {file, line}); }
inline bool __any_sync(uint32_t mask, bool predicate, EMU_PLACE) { return emu::vote(mask, predicate, {file, line}) != 0; }
inline bool __all_sync(uint32_t mask, bool predicate, EMU_PLACE) { return emu::vote(mask, predicate, {file, line}) == mask; }

// Blocks run one after another: nothing else would show that a fence is missing. The atomic tells the race detector that it orders.
inline unsigned atomicAdd(unsigned* at, unsigned value, EMU_PLACE) {
    emu::count({file, line});
    return __atomic_fetch_add(at, value, __ATOMIC_ACQ_REL);
}
inline void __threadfence() { emu::fence(); }

inline void __trap(EMU_PLACE) { emu::fail({file, line}, "trap"); }

template <class T>
T __ldg(const T* at) {
    return *at;
}

inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>(uint64_t{a} * b >> 32); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x)); }
inline int __ffs(int x) { return __builtin_ffs(x); }

inline float __uint_as_float(unsigned bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

inline unsigned __float_as_uint(float value) {
    unsigned bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

// Not fused with what follows: the compiler cannot see through an empty instruction.
inline float __fmul_rn(float a, float b) {
    float product = a * b;
    __asm__("" : "+x"(product));
    return product;
}
inline float rsqrtf(float x) { return 1 / std::sqrt(x); }
inline float __expf(float x) { return std::exp(x); }
inline void sincospif(float x, float* sine, float* cosine) {
    *sine = static_cast<float>(std::sin(M_PI * x));
    *cosine = static_cast<float>(std::cos(M_PI * x));
}

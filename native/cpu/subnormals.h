// Arithmetic on subnormal numbers (below 1.2e-38) takes many processors a hundred times longer, and moments that decay to nothing are
// full of them.
#pragma once

#if defined(__x86_64__)
#include <xmmintrin.h>
#elif defined(__aarch64__)
#include <cstdint>
#endif

namespace em {

// While one lives, its thread takes subnormal operands and results for zero.
class FlushSubnormals {
public:
#if defined(__x86_64__)
    FlushSubnormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | FLUSH_RESULTS | TAKE_FOR_ZERO); }
    ~FlushSubnormals() { _mm_setcsr(before_); }
#elif defined(__aarch64__)
    FlushSubnormals() {
        asm volatile("mrs %0, fpcr" : "=r"(before_));
        asm volatile("msr fpcr, %0" ::"r"(before_ | FLUSH_TO_ZERO));
    }
    ~FlushSubnormals() { asm volatile("msr fpcr, %0" ::"r"(before_)); }
#else
    FlushSubnormals() {}
#endif
    FlushSubnormals(const FlushSubnormals&) = delete;
    FlushSubnormals& operator=(const FlushSubnormals&) = delete;

#if defined(__x86_64__)
private:
    static constexpr unsigned FLUSH_RESULTS = 0x8000;
    static constexpr unsigned TAKE_FOR_ZERO = 0x0040;
    const unsigned before_;
#elif defined(__aarch64__)
private:
    static constexpr uint64_t FLUSH_TO_ZERO = UINT64_C(1) << 24;
    uint64_t before_;
#endif
};

}  // namespace em

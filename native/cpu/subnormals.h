// Arithmetic on subnormal numbers (below 1.2e-38) takes many processors a hundred times longer, and moments that decay to nothing are
// full of them.
#pragma once

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace em {

// While one lives, its thread takes subnormal operands and results for zero.
class FlushSubnormals {
public:
#if defined(__x86_64__)
    FlushSubnormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | FLUSH_RESULTS | TAKE_FOR_ZERO); }
    ~FlushSubnormals() { _mm_setcsr(before_); }
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
#endif
};

}  // namespace em

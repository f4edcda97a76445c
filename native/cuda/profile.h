// Named ranges on the time line of Nsight Systems, by NVTX; nothing without the toolkit's header.
#pragma once
#if !defined(EM_EMU) && __has_include(<nvtx3/nvToolsExt.h>)
#include <nvtx3/nvToolsExt.h>
#define EM_NVTX 1
#endif

namespace em {

class Range {
public:
    explicit Range(const char* name) { push(name); }
    ~Range() { pop(); }
    Range(const Range&) = delete;
    Range& operator=(const Range&) = delete;

    static void push(const char* name) {
#if defined(EM_NVTX)
        nvtxRangePushA(name);
#else
        (void)name;
#endif
    }
    static void pop() {
#if defined(EM_NVTX)
        nvtxRangePop();
#endif
    }
};

}  // namespace em

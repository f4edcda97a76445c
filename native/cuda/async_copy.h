// Copies from global to shared memory that pass no register and run beside arithmetic (cp.async of 8.0 and later). A thread waits for its
// own copies; a barrier makes them seen by the block. In the emulation a copy is done when it is waited for. Until
// then there is NaN where it goes to, and what it reads must stay as it is.
#pragma once
#if defined(EM_EMU)
#include <deque>
#include <vector>
#endif

#include "cuda/launch.h"

namespace em {

class AsyncCopies {
public:
    // Four floats or one; zeros where `inside` is false, and then nothing is read. Addresses are aligned to what is copied.
    template <int FLOATS>
    EM_DEVICE void copy(float* to, const float* from, bool inside) {
        static_assert(FLOATS == 1 || FLOATS == 4);
#if defined(EM_EMU)
        emu::require_copy(to, inside ? from : nullptr, 4 * FLOATS);
        issued_.push_back(emu::begin_copy(to, inside ? from : nullptr, FLOATS));
#else
        const auto shared = static_cast<uint32_t>(__cvta_generic_to_shared(to));
        const int bytes = inside ? 4 * FLOATS : 0;
        if constexpr (FLOATS == 4) {
            asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared), "l"(from), "r"(bytes) : "memory");
        } else {
            asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(shared), "l"(from), "r"(bytes) : "memory");
        }
#endif
    }
    // Ends a group of copies, which may be empty.
    EM_DEVICE void commit() {
#if defined(EM_EMU)
        groups_.push_back(std::move(issued_));
        issued_.clear();
#else
        asm volatile("cp.async.commit_group;" ::: "memory");
#endif
    }
    // Waits for all groups but the last LEFT.
    template <int LEFT>
    EM_DEVICE void wait() {
#if defined(EM_EMU)
        for (; groups_.size() > LEFT; groups_.pop_front()) {
            for (const emu::Copy& copy : groups_.front()) {
                emu::end_copy(copy);
            }
        }
#else
        asm volatile("cp.async.wait_group %0;" ::"n"(LEFT) : "memory");
#endif
    }

#if defined(EM_EMU)
private:
    std::vector<emu::Copy> issued_;
    std::deque<std::vector<emu::Copy>> groups_;
#endif
};

}  // namespace em

// The exchange of stacks behind a fibre, told to the sanitizers.
#pragma once
#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(EM_EMU_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace emu {

// A stack that is not running.
struct Stack {
    void* pointer = nullptr;
    char* bottom = nullptr;
    size_t bytes = 0;
    void* fake = nullptr;
    void* tsan = nullptr;
};

// The stack that the thread runs on now.
void adopt_stack(Stack& stack);
// Maps a stack with a page below it that no one may touch.
void map_stack(Stack& stack, size_t bytes);
// Lets the next switch to the stack call entry from the start; whatever ran on it before is forgotten.
void prime(Stack& stack, void (*entry)());
// Leaves `from`, the running stack, for `to`. Makes no happens-before edge between them.
void switch_stack(Stack& from, Stack& to);
void unmap_stack(Stack& stack);
// Tells AddressSanitizer that a primed stack runs for the first time.
void arrived(Stack& here);

// Happens-before edges, for ThreadSanitizer only: what was done before release is seen after acquire.
inline void release(void* object) {
#if defined(EM_EMU_TSAN)
    __tsan_release(object);
#else
    (void)object;
#endif
}

inline void acquire(void* object) {
#if defined(EM_EMU_TSAN)
    __tsan_acquire(object);
#else
    (void)object;
#endif
}

}  // namespace emu

#include "switch.h"

#include <pthread.h>
#include <sys/mman.h>

#include <cstdint>
#include <new>

// System V x86-64: push the registers that a callee keeps, exchange stack pointers, pop, go on. Ends in a jump, not in ret, which the
// processor would predict wrongly each time.
extern "C" void em_emu_switch(void** from, void* to);
asm(R"(
.text
.globl em_emu_switch
.hidden em_emu_switch
.type em_emu_switch,@function
em_emu_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  popq %r8
  jmp *%r8
.size em_emu_switch,.-em_emu_switch
)");

namespace emu {
namespace {

constexpr size_t page = 4096;

}  // namespace

void adopt_stack(Stack& stack) {
    pthread_attr_t attributes;
    void* bottom = nullptr;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &bottom, &stack.bytes);
    pthread_attr_destroy(&attributes);
    stack.bottom = static_cast<char*>(bottom);
#if defined(EM_EMU_TSAN)
    stack.tsan = __tsan_get_current_fiber();
#endif
}

void map_stack(Stack& stack, size_t bytes) {
    void* memory = mmap(nullptr, bytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        throw std::bad_alloc();
    }
    mprotect(memory, page, PROT_NONE);
    stack.bottom = static_cast<char*>(memory) + page;
    stack.bytes = bytes;
}

void unmap_stack(Stack& stack) {
    munmap(stack.bottom - page, stack.bytes + page);
#if defined(EM_EMU_TSAN)
    if (stack.tsan != nullptr) {
        __tsan_destroy_fiber(stack.tsan);
    }
#endif
}

void prime(Stack& stack, void (*entry)()) {
#if defined(__SANITIZE_ADDRESS__)
    // Frames that were left in midst of a kernel marked their surroundings.
    __asan_unpoison_memory_region(stack.bottom, stack.bytes);
#endif
    auto** top = reinterpret_cast<void**>(reinterpret_cast<uintptr_t>(stack.bottom + stack.bytes) & ~uintptr_t{15});
    *--top = nullptr;  // where entry would return to
    *--top = reinterpret_cast<void*>(entry);
    for (int i = 0; i < 6; ++i) {
        *--top = nullptr;
    }
    stack.pointer = top;
    stack.fake = nullptr;
#if defined(EM_EMU_TSAN)
    if (stack.tsan != nullptr) {
        __tsan_destroy_fiber(stack.tsan);
    }
    stack.tsan = __tsan_create_fiber(0);
#endif
}

void switch_stack(Stack& from, Stack& to) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(&from.fake, to.bottom, to.bytes);
#endif
#if defined(EM_EMU_TSAN)
    __tsan_switch_to_fiber(to.tsan, __tsan_switch_to_fiber_no_sync);
#endif
    em_emu_switch(&from.pointer, to.pointer);
    arrived(from);
}

void arrived(Stack& here) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(here.fake, nullptr, nullptr);
#else
    (void)here;
#endif
}

}  // namespace emu

// That the emulation notices wrong accesses to memory: copies and rows that are not aligned or too soon, ends of arrays, fences.
#include "emulator_test.h"

namespace {

void stores_to_shared_memory() {
    EM_SHARED(float4, numbers, [1]);
    __stwb(&numbers[0], make_float4(1, 2, 3, 4));
}

void stores_at_an_odd_place(float* numbers) { __stwb(reinterpret_cast<float4*>(numbers + 1), make_float4(1, 2, 3, 4)); }

void copies_to_global_memory(float* numbers) { emu::require_copy(numbers, numbers, 16); }

void copies_from_odd_places() {
    EM_SHARED(float4, numbers, [2]);
    emu::require_copy(&numbers[0].y, nullptr, 16);
}

// A copy is on its way while its place is read, or what it copies written to.
void copies_too_soon(float* numbers, bool reads) {
    EM_SHARED(float4, room, [1]);
    room[0].x = 5;
    const emu::Copy copy = emu::begin_copy(&room[0].x, numbers, 4);
    numbers[1] = reads ? room[0].x : 7;
    if (!reads) {
        emu::end_copy(copy);
    }
}

[[maybe_unused]] void writes_behind_the_end() {
    EM_SHARED(float, numbers, [8]);
    float* const all = numbers;
    all[8] = 1;
}

// Blocks that count themselves: no thread fences, or all do while one already counts.
void counts_without_fences(unsigned* ticket, bool fences) {
    if (fences) {
        __threadfence();
    } else {
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        atomicAdd(ticket, 1u);
    }
    __syncthreads();
}

void counts_when_all_have_fenced(unsigned* ticket) {
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        atomicAdd(ticket, 1u);
        __threadfence();
    }
    __syncthreads();
}

}  // namespace

void wrong_accesses_are_refused() {
    refuses("shared memory where global memory is expected", stores_to_shared_memory, 1, 32);
    alignas(16) float five[5] = {};
    refuses("an access of 16 bytes at an address that is not aligned", stores_at_an_odd_place, 1, 1, &five[0]);
    refuses("an asynchronous copy goes to shared memory", copies_to_global_memory, 1, 32, static_cast<float*>(nullptr));
    refuses("an address that is not aligned to them", copies_from_odd_places, 1, 32);
    unsigned ticket = 0;
    refuses("a thread did not fence what it wrote", counts_without_fences, 1, 64, &ticket, false);
    refuses("while other threads still fence", counts_without_fences, 1, 64, &ticket, true);
    expect(launch(counts_when_all_have_fenced, 3, 64, &ticket) == cudaSuccess, "blocks count", cudaGetErrorString(cudaGetLastError()));
    float numbers[4] = {1, 2, 3, 4};
    refuses("what an asynchronous copy reads was written to", copies_too_soon, 1, 1, &numbers[0], false);
    expect(launch(copies_too_soon, 1, 1, &numbers[0], true) == cudaSuccess && numbers[1] != numbers[1], "a copy may have come already");
#if !defined(__SANITIZE_ADDRESS__)
    refuses("block (0, 0, 0) wrote behind the end of its shared memory", writes_behind_the_end, 1, 1);
#endif
}

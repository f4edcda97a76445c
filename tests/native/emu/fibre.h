// Runs CUDA kernels on the host, for tests: one fibre a thread of a block, blocks one after another. A barrier or warp collective
// switches to the next fibre. What a GPU would leave undefined is an error here that names the kernel and the place: barriers that not
// all threads reach, disagreeing or exited lanes of a warp collective, too much shared memory. EMU_SEED chooses the order of fibres and
// blocks (0 rising, 1 falling, else shuffled; where it is not set rising and falling by turns); under ThreadSanitizer every fibre is a
// thread, so a missing barrier is a reported race.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

namespace emu {

// Where a fibre is in the grid.
struct Position {
    dim3 thread, block, block_size, grid_size;
    unsigned lane = 0, warp = 0;
};

extern thread_local const Position* position __attribute__((tls_model("initial-exec")));

// A place in a kernel, for reports.
struct Place {
    const char* file = __builtin_FILE();
    int line = __builtin_LINE();
};

struct Launch {
    const char* kernel;
    dim3 grid, block;
    size_t dynamic_shared;
    size_t shared_limit;
    std::function<void()> body;
};

// Runs all blocks of a launch. False when it failed; then failure() says why.
bool run(const Launch& launch);
const std::string& failure();
// Shared memory of a block of the last launch of this thread.
size_t shared_bytes();

// --- called by kernels ---

// Ends the launch with a failure.
[[noreturn]] void fail(Place place, const char* format, ...) __attribute__((format(printf, 2, 3)));

void block_barrier(Place place);
// Of the thread that calls: what it wrote before is seen before what it writes after. And that it counts, which tells other blocks of what
// its own wrote: that must have been fenced, by the thread itself or by all of the block before a barrier.
void fence();
void count(Place place);

// All lanes of the mask meet; the last one runs complete on what each lane brought (lanes outside the mask: null).
using Complete = void (*)(void* const* lanes, uint32_t mask);
void warp_collective(uint32_t mask, void* mine, Complete complete, Place place);

// The block's array declared at a place: NaN (all bits set) when the block starts.
void* shared_array(Place place, size_t bytes);
void* dynamic_shared_array();
// Whether an address is in one of the block's arrays.
bool is_shared(const void* at);

}  // namespace emu

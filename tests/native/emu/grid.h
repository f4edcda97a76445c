// The launch that runs on this OS thread: what scheduler and barriers share.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "fibre.h"
#include "shared.h"
#include "switch.h"

namespace emu {

constexpr size_t stack_bytes = 128 * 1024;
constexpr unsigned warp_size = 32;

enum class State { ready, at_barrier, at_collective, left };

// Lanes of a warp, one a bit: those that have left or never were, and those that wait in a collective.
struct Warp {
    uint32_t gone = 0, waiting = 0;
};

// One CUDA thread.
struct Fibre {
    Stack stack;
    Position position;
    State state = State::left;
    Place waits;
    uint32_t mask = 0;
    void* mine = nullptr;
    unsigned collectives = 0;
    unsigned fenced = 0, counted = 0;  // behind which barrier, the block's start being one, it did so last; 0: not yet
    char meeting[2] = {};              // objects of happens-before edges, used in turn, by the lowest lane of a mask
};

// All threads of a block, used by one block after another.
struct Grid {
    const Launch* launch = nullptr;
    std::vector<std::unique_ptr<Fibre>> fibres;
    std::vector<Warp> warps;
    Stack scheduler;
    Fibre* running = nullptr;
    unsigned size = 0, alive = 0, arrived = 0, barriers = 0;
    unsigned launches = 0, blocks = 0;    // begun so far
    std::vector<Fibre*> ready, released;  // ready: the last is next
    SharedMemory shared;
    size_t shared_bytes = 0;
    uint64_t random = 0;
    bool counts = false;  // a thread since the last barrier
    bool failed = false;
    std::string failure;
    char begin = 0, end = 0, barrier[2] = {};

    ~Grid();
};

// The grid of this OS thread while it runs a launch. A pointer, because every use of a thread's object with a constructor asks first
// whether it has been constructed, which took a third of the time of the emulation.
extern __thread Grid* grid __attribute__((tls_model("initial-exec")));

std::string text_of(const Place& place);
std::string text_of(const dim3& at);
// Keeps the first reason why the launch fails.
void note_failure(const std::string& text);
void to_scheduler();
// The threads at the barrier may go on.
void open_barrier();

}  // namespace emu

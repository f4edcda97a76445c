#include "fibre.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "grid.h"

namespace emu {

thread_local const Position* position __attribute__((tls_model("initial-exec"))) = nullptr;
__thread Grid* grid __attribute__((tls_model("initial-exec"))) = nullptr;

Grid::~Grid() {
    for (auto& fibre : fibres) {
        unmap_stack(fibre->stack);
    }
}

namespace {

// The orders of the blocks of a launch and of the fibres of a block. Where none is asked for, rising and falling by turns: of two threads
// that no barrier orders, each comes first in some block.
class Orders {
public:
    Orders() {
        const char* text = std::getenv("EMU_SEED");
        asked_ = text != nullptr;
        seed_ = asked_ ? static_cast<unsigned>(std::atoi(text)) : 0;
    }
    unsigned of(unsigned number) const { return asked_ ? seed_ : number % 2; }

private:
    bool asked_;
    unsigned seed_;
};

uint64_t next_random() {
    grid->random ^= grid->random << 13;
    grid->random ^= grid->random >> 7;
    grid->random ^= grid->random << 17;
    return grid->random;
}

// Puts elements into the order that the seed asks for.
template <class T>
void arrange(std::vector<T>& elements, unsigned seed) {
    if (seed == 1) {
        std::reverse(elements.begin(), elements.end());
    }
    for (size_t i = elements.size(); seed > 1 && i > 1; --i) {
        std::swap(elements[i - 1], elements[next_random() % i]);
    }
}

void leave() {
    Fibre& me = *grid->running;
    me.state = State::left;
    grid->warps[me.position.warp].gone |= 1u << me.position.lane;
    --grid->alive;
    if (grid->alive > 0 && grid->arrived == grid->alive) {
        open_barrier();
    }
}

void entry() {
    arrived(grid->running->stack);
    for (;;) {
        acquire(&grid->begin);
        grid->launch->body();
        release(&grid->end);
        leave();
        to_scheduler();
    }
}

// Who waits where, when nobody can go on.
std::string deadlock() {
    std::map<std::string, unsigned> waits;
    unsigned left = 0;
    for (unsigned i = 0; i < grid->size; ++i) {
        const Fibre& fibre = *grid->fibres[i];
        left += fibre.state == State::left;
        if (fibre.state != State::left) {
            waits[(fibre.state == State::at_barrier ? "at the barrier " : "in the warp collective ") + text_of(fibre.waits)]++;
        }
    }
    std::string text = "deadlock in block " + text_of(grid->fibres[0]->position.block) + ": ";
    for (const auto& [where, threads] : waits) {
        text += std::to_string(threads) + " threads wait " + where + ", ";
    }
    return text + std::to_string(left) + " have left";
}

void run_fibre(Fibre& fibre) {
    grid->running = &fibre;
    position = &fibre.position;
    switch_stack(grid->scheduler, fibre.stack);
}

void run_block(const dim3& block, unsigned seed) {
    grid->alive = grid->size;
    grid->arrived = 0;
    grid->counts = false;
    grid->released.clear();
    grid->shared.start_block();
    grid->warps.assign((grid->size + warp_size - 1) / warp_size, {});
    if (grid->size % warp_size != 0) {
        grid->warps.back().gone = ~uint32_t{0} << grid->size % warp_size;
    }
    for (unsigned i = 0; i < grid->size; ++i) {
        grid->fibres[i]->position.block = block;
        grid->fibres[i]->state = State::ready;
        grid->fibres[i]->fenced = grid->fibres[i]->counted = 0;
        grid->released.push_back(grid->fibres[i].get());
    }
    // In a shuffled order all warps go on from one collective to the next by turns; else a warp goes on to a barrier before another begins.
    const bool by_turns = seed > 1;
    grid->ready.clear();
    while (grid->alive > 0 && !grid->failed) {
        if (!grid->released.empty() && (!by_turns || grid->ready.empty())) {
            arrange(grid->released, seed);
            grid->ready.insert(grid->ready.end(), grid->released.rbegin(), grid->released.rend());
            grid->released.clear();
        }
        if (grid->ready.empty()) {
            note_failure(deadlock());
            return;
        }
        Fibre& next = *grid->ready.back();
        grid->ready.pop_back();
        run_fibre(next);
    }
    if (!grid->shared.kept()) {
        note_failure("block " + text_of(block) + " wrote behind the end of its shared memory");
    }
}

void prepare(const Launch& launch) {
    grid->launch = &launch;
    grid->failed = false;
    grid->failure.clear();
    grid->size = launch.block.x * launch.block.y * launch.block.z;
    const dim3 size = launch.block;
    while (grid->fibres.size() < grid->size) {
        grid->fibres.push_back(std::make_unique<Fibre>());
        map_stack(grid->fibres.back()->stack, stack_bytes);
        prime(grid->fibres.back()->stack, entry);
    }
    for (unsigned i = 0; i < grid->size; ++i) {
        const dim3 thread(i % size.x, i / size.x % size.y, i / (size.x * size.y));
        grid->fibres[i]->position = {thread, dim3(), size, launch.grid, i % warp_size, i / warp_size};
        grid->fibres[i]->collectives = 0;
    }
}

}  // namespace

bool run(const Launch& launch) {
    thread_local Grid of_this_thread;
    grid = &of_this_thread;
    const Orders orders;
    const unsigned order = orders.of(grid->launches++);
    prepare(launch);
    adopt_stack(grid->scheduler);
    grid->random = 0x9e3779b97f4a7c15u + order;
    grid->shared.start_launch(launch.dynamic_shared, launch.shared_limit);
    std::vector<dim3> blocks;
    for (uint64_t i = 0; i < uint64_t{launch.grid.x} * launch.grid.y * launch.grid.z; ++i) {
        const unsigned plane = static_cast<unsigned>(i / launch.grid.x);
        blocks.emplace_back(static_cast<unsigned>(i % launch.grid.x), plane % launch.grid.y, plane / launch.grid.y);
    }
    arrange(blocks, order);
    release(&grid->begin);
    for (size_t i = 0; i < blocks.size() && !grid->failed; ++i) {
        run_block(blocks[i], orders.of(grid->blocks++));
    }
    acquire(&grid->end);
    grid->shared_bytes = grid->shared.used();
    grid->shared.end_launch();
    for (unsigned i = 0; i < grid->size && grid->failed; ++i) {
        prime(grid->fibres[i]->stack, entry);
    }
    return !grid->failed;
}

const std::string& failure() { return grid->failure; }

size_t shared_bytes() { return grid->shared_bytes; }

}  // namespace emu

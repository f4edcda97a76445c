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

unsigned seed() {
    const char* text = std::getenv("EMU_SEED");
    return text == nullptr ? 0 : static_cast<unsigned>(std::atoi(text));
}

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
        open_barrier(nullptr);
    }
}

void entry() {
    arrived(grid->running->stack);
    for (;;) {
        acquire(&grid->begin);
        grid->launch->body();
        if (grid->launch->waits && !grid->running->waited) {
            note_failure("thread " + text_of(position->thread) + " of block " + text_of(position->block) +
                         " has not waited for the kernel before: begin_kernel() comes first");
        }
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

void start_block(const dim3& block) {
    grid->alive = grid->size;
    grid->arrived = 0;
    grid->released.clear();
    grid->shared.start_block();
    grid->warps.assign((grid->size + warp_size - 1) / warp_size, {});
    if (grid->size % warp_size != 0) {
        grid->warps.back().gone = ~uint32_t{0} << grid->size % warp_size;
    }
    for (unsigned i = 0; i < grid->size; ++i) {
        grid->fibres[i]->position.block = block;
        grid->fibres[i]->state = State::ready;
        grid->fibres[i]->waited = false;
        grid->released.push_back(grid->fibres[i].get());
    }
}

void run_released() {
    grid->ready.swap(grid->released);
    grid->released.clear();
    arrange(grid->ready, grid->order);
    for (size_t i = 0; i < grid->ready.size() && !grid->failed; ++i) {
        run_fibre(*grid->ready[i]);
    }
}

void run_block() {
    while (grid->alive > 0 && !grid->failed) {
        if (grid->released.empty()) {
            note_failure(deadlock());
            return;
        }
        run_released();
    }
}

// Up to where its threads wait for the kernel before.
void start_first_block() {
    grid->starting = true;
    release(&grid->begin);
    start_block(grid->blocks[0]);
    run_released();
    grid->starting = false;
    grid->started = true;
    grid->released.clear();
    for (unsigned i = 0; i < grid->size; ++i) {
        Fibre& fibre = *grid->fibres[i];
        if (fibre.state != State::at_start) {
            note_failure("thread " + text_of(fibre.position.thread) + " of block " + text_of(fibre.position.block) + " came to " +
                         text_of(fibre.waits) + " and has not waited for the kernel before: begin_kernel() comes first");
        }
        fibre.state = State::ready;
        grid->released.push_back(&fibre);
    }
}

void prepare(const Launch& launch) {
    grid->launch = &launch;
    grid->in_use = true;
    grid->started = false;
    grid->failed = false;
    grid->failure.clear();
    grid->order = seed();
    grid->size = launch.block.x * launch.block.y * launch.block.z;
    grid->ready.reserve(grid->size);
    grid->released.reserve(grid->size);
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

Grid* begin(const Launch& launch) {
    thread_local Grid grids[2];
    grid = grids[0].in_use ? &grids[1] : &grids[0];
    prepare(launch);
    grid->random = 0x9e3779b97f4a7c15u + grid->order;
    grid->shared.start_launch(launch.dynamic_shared, launch.shared_limit);
    grid->blocks.clear();
    for (uint64_t i = 0; i < uint64_t{launch.grid.x} * launch.grid.y * launch.grid.z; ++i) {
        const unsigned plane = static_cast<unsigned>(i / launch.grid.x);
        grid->blocks.emplace_back(static_cast<unsigned>(i % launch.grid.x), plane % launch.grid.y, plane / launch.grid.y);
    }
    arrange(grid->blocks, grid->order);
    if (launch.dependent) {
        adopt_stack(grid->scheduler);
        start_first_block();
    }
    return grid;
}

bool finish(Grid* begun) {
    grid = begun;
    adopt_stack(grid->scheduler);
    release(&grid->begin);
    for (size_t i = 0; i < grid->blocks.size() && !grid->failed; ++i) {
        if (i > 0 || !grid->started) {
            start_block(grid->blocks[i]);
        }
        run_block();
    }
    acquire(&grid->end);
    grid->shared.end_launch();
    for (unsigned i = 0; i < grid->size && grid->failed; ++i) {
        prime(grid->fibres[i]->stack, entry);
    }
    grid->in_use = false;
    return !grid->failed;
}

void give_up(Grid* begun) {
    begun->failed = true;
    finish(begun);
}

bool run(const Launch& launch) { return finish(begin(launch)); }

const std::string& failure() { return grid->failure; }

}  // namespace emu

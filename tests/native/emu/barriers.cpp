// What kernels call: barriers, warp collectives, shared memory, failure.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "grid.h"

namespace emu {
namespace {

void make_ready(Fibre& fibre) {
    fibre.state = State::ready;
    grid->released.push_back(&fibre);
}

// Lane by lane what the lanes of the mask brought, null for others. False where one of them waits with another mask.
bool gather(uint32_t mask, unsigned first_thread, void** brought) {
    for (unsigned lane = 0; lane < warp_size; ++lane) {
        const bool takes_part = mask >> lane & 1;
        const Fibre* fibre = takes_part ? grid->fibres[first_thread + lane].get() : nullptr;
        if (takes_part && fibre->mask != mask) {
            return false;
        }
        brought[lane] = takes_part ? fibre->mine : nullptr;
    }
    return true;
}

}  // namespace

std::string text_of(const Place& place) {
    const char* inside = std::strstr(place.file, "native/");
    return std::string(inside ? inside : place.file) + ":" + std::to_string(place.line);
}

std::string text_of(const dim3& at) { return "(" + std::to_string(at.x) + ", " + std::to_string(at.y) + ", " + std::to_string(at.z) + ")"; }

void note_failure(const std::string& text) {
    if (!grid->failed) {
        grid->failed = true;
        grid->failure = std::string(grid->launch->kernel) + ": " + text;
    }
}

void to_scheduler() { switch_stack(grid->running->stack, grid->scheduler); }

// A thread that counts tells of what its block wrote: each of the others has fenced before a barrier, and not beside the count.
void look_at_fences() {
    const unsigned now = grid->barriers + 1;
    const Fibre* counts = nullptr;
    unsigned fence = 0;
    for (unsigned i = 0; i < grid->size; ++i) {
        const Fibre& fibre = *grid->fibres[i];
        counts = fibre.counted == now ? &fibre : counts;
        fence += fibre.fenced == now;
    }
    if (counts != nullptr && fence > (counts->fenced == now ? 1 : 0)) {
        note_failure("thread " + text_of(counts->position.thread) + " counts its block with atomicAdd while other threads still fence");
    }
}

// All threads that still run have come to the barrier: they go on. That others have left a GPU forgives and synccheck does not.
void open_barrier() {
    const Place* place = nullptr;
    if (grid->alive != grid->size) {
        note_failure(std::to_string(grid->size - grid->alive) + " threads of the block have left, where others wait at a barrier");
    }
    for (unsigned i = 0; i < grid->size; ++i) {
        Fibre& fibre = *grid->fibres[i];
        if (fibre.state != State::at_barrier) {
            continue;
        }
        if (place != nullptr && (place->line != fibre.waits.line || std::strcmp(place->file, fibre.waits.file) != 0)) {
            note_failure("threads of block " + text_of(fibre.position.block) + " wait at different barriers, " + text_of(*place) + " and " +
                         text_of(fibre.waits));
        }
        place = &fibre.waits;
        make_ready(fibre);
    }
    if (grid->counts) {
        look_at_fences();
        grid->counts = false;
    }
    grid->arrived = 0;
    ++grid->barriers;
}

void fail(Place place, const char* format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const Position& at = grid->running->position;
    note_failure("thread " + text_of(at.thread) + " of block " + text_of(at.block) + " at " + text_of(place) + ": " + text);
    to_scheduler();
    std::abort();
}

void block_barrier(Place place) {
    Fibre& me = *grid->running;
    char* edge = &grid->barrier[grid->barriers & 1];
    release(edge);
    me.state = State::at_barrier;
    me.waits = place;
    if (++grid->arrived == grid->alive) {
        open_barrier();
    }
    to_scheduler();  // the last to come too: it has its place in the order
    acquire(edge);
}

void fence() { grid->running->fenced = grid->barriers + 1; }

void count(Place place) {
    Fibre& me = *grid->running;
    const unsigned before = grid->barriers;
    me.counted = before + 1;
    grid->counts = true;
    for (unsigned i = 0; i < grid->size && me.fenced != me.counted; ++i) {
        if (grid->fibres[i]->state != State::left && grid->fibres[i]->fenced != before) {
            fail(place, "atomicAdd counts the block, in which a thread did not fence what it wrote");
        }
    }
}

void warp_collective(uint32_t mask, void* mine, Complete complete, Place place) {
    Fibre& me = *grid->running;
    if (!(mask >> me.position.lane & 1)) {
        fail(place, "lane %u is not in its own mask %08x", me.position.lane, mask);
    }
    Warp& warp = grid->warps[me.position.warp];
    if ((mask & warp.gone) != 0) {
        fail(place, "the mask %08x names lane %u of warp %u, which has left or never was", mask, __builtin_ctz(mask & warp.gone),
             me.position.warp);
    }
    const unsigned first_thread = me.position.warp * warp_size;
    Fibre& lowest = *grid->fibres[first_thread + __builtin_ctz(mask)];
    char* edge = &lowest.meeting[lowest.collectives & 1];
    release(edge);
    me.state = State::at_collective;
    me.waits = place;
    me.mask = mask;
    me.mine = mine;
    warp.waiting |= 1u << me.position.lane;
    void* brought[warp_size];
    if ((warp.waiting & mask) != mask || !gather(mask, first_thread, brought)) {
        to_scheduler();
        acquire(edge);
        return;
    }
    acquire(edge);
    complete(brought, mask);
    release(edge);
    warp.waiting &= ~mask;
    for (uint32_t left = mask; left != 0; left &= left - 1) {
        make_ready(*grid->fibres[first_thread + __builtin_ctz(left)]);
    }
    ++lowest.collectives;
    to_scheduler();
    acquire(edge);
}

void* shared_array(Place place, size_t bytes) {
    void* array = grid->shared.find(place.file, place.line, bytes);
    if (array == nullptr) {
        fail(place, "the block's shared memory exceeds %zu bytes", grid->launch->shared_limit);
    }
    return array;
}

void* dynamic_shared_array() { return grid->shared.dynamic(); }

bool is_shared(const void* at) { return grid->shared.has(at); }

}  // namespace emu

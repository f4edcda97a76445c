// How kernels use the threads and the workspace of their device.
#pragma once
#include "common/buffer.h"
#include "common/error.h"
#include "common/operations.h"

namespace em {

// Calls body(closure, task, scratch) for each task from 0 to tasks - 1, on any thread and in any order; scratch holds scratch_floats
// floats of that thread, aligned to 64 bytes, with any content. Kernels cut their work into tasks without regard to the number of
// threads, so results do not depend on it.
void parallel(Device& device, int64_t tasks, int64_t scratch_floats, void (*body)(const void* closure, int64_t task, float* scratch),
              const void* closure);

// Memory that all tasks of one operation share; any content, kept until the next call.
float* workspace(Device& device, int64_t floats);

}  // namespace em

#if defined(EM_ISA)
#include "cpu/simd.h"

namespace em::EM_ISA {

// body(task, scratch).
template <class Body>
EM_INLINE void each_task(Device& device, int64_t tasks, int64_t scratch_floats, const Body& body) {
    parallel(
        device, tasks, scratch_floats,
        [](const void* closure, int64_t task, float* scratch) { (*static_cast<const Body*>(closure))(task, scratch); }, &body);
}

constexpr int64_t CHUNK = 16384;

// body(replica, first, last) over [0, elements) of every replica, in pieces of a multiple of LANES elements.
template <class Body>
EM_INLINE void each_chunk(Device& device, int64_t replicas, int64_t elements, Body&& body) {
    const int64_t chunks = (elements + CHUNK - 1) / CHUNK;
    each_task(device, replicas * chunks, 0, [&](int64_t task, float*) {
        const int64_t first = task % chunks * CHUNK;
        body(task / chunks, first, first + CHUNK < elements ? first + CHUNK : elements);
    });
}

// body(replica, first row, last row), about CHUNK elements at once.
template <class Body>
EM_INLINE void each_rows(Device& device, int64_t replicas, int64_t rows, int64_t columns, Body&& body) {
    const int64_t block = CHUNK / columns < 1 ? 1 : CHUNK / columns;
    const int64_t blocks = (rows + block - 1) / block;
    each_task(device, replicas * blocks, 0, [&](int64_t task, float*) {
        const int64_t first = task % blocks * block;
        body(task / blocks, first, first + block < rows ? first + block : rows);
    });
}

// Column sums, `width` of them, of what body(replica, row, sums, scratch) adds for each row: within blocks of rows, then over the
// blocks in order. scratch holds `width` floats. finish(replica, sums).
template <class Body, class Finish>
EM_INLINE void sum_rows(Device& device, int64_t replicas, int64_t rows, int64_t width, Body&& body, Finish&& finish) {
    constexpr int64_t BLOCK = 128;
    const int64_t blocks = (rows + BLOCK - 1) / BLOCK;
    float* partial = workspace(device, replicas * blocks * width);
    each_task(device, replicas * blocks, width, [&](int64_t task, float* scratch) {
        const int64_t r = task / blocks;
        const int64_t first = task % blocks * BLOCK;
        const int64_t last = first + BLOCK < rows ? first + BLOCK : rows;
        float* sums = partial + task * width;
        __builtin_memset(sums, 0, width * sizeof(float));
        for (int64_t row = first; row < last; ++row) {
            body(r, row, sums, scratch);
        }
    });
    each_task(device, replicas, 0, [&](int64_t r, float*) {
        float* total = partial + r * blocks * width;
        for (int64_t block = 1; block < blocks; ++block) {
            const float* sums = total + block * width;
            vectors(0, width, [&](int64_t j, auto access) { access.store(total + j, access.load(total + j) + access.load(sums + j)); });
        }
        finish(r, total);
    });
}

}  // namespace em::EM_ISA
#endif

// A batch that the host drew, read from memory of the host that the GPU sees. Three nodes of a graph: the wanted steps go to the host, the
// host finds the slot that was drawn for them, and a kernel copies it. Nothing waits as long as the host draws ahead.
#include "common/feed.h"
#include "cuda/kernels.h"
#include "cuda/launch.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 256;

struct Copy {
    View<int32_t> out[EM_FEED_OUTPUTS];
    int64_t elements[EM_FEED_OUTPUTS];
    int64_t replicas, of_replica;
    int32_t outputs;
    const int32_t* slots;
    const int32_t* place;  // -1: there is no batch
};

// Tells the host which steps are wanted. Grid (replicas / THREADS).
__global__ void wanted_steps_kernel(View<int32_t> step, int32_t* window, int64_t replicas) {
    const int64_t r = blockIdx.x * static_cast<int64_t>(THREADS) + threadIdx.x;
    if (r < replicas) {
        window[r] = *step(r);
    }
}

// Grid (elements of the largest output / THREADS, outputs, replicas).
__global__ void copy_slot_kernel(Copy a) {
    if (*a.place < 0) {
        return;
    }
    const int64_t output = blockIdx.y;
    const int64_t i = blockIdx.x * static_cast<int64_t>(THREADS) + threadIdx.x;
    if (i >= a.elements[output]) {
        return;
    }
    int64_t at = i;
    for (int64_t before = 0; before < output; ++before) {
        at += a.elements[before];
    }
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        a.out[output](r)[i] = a.slots[(*a.place * a.replicas + r) * a.of_replica + at];
    }
}

}  // namespace

void draw_host(Device& d, const em_draw_host_args& a) {
    CudaDevice& device = cuda(d);
    Feed& feed = a.feed->body;
    const dim3 steps_grid(static_cast<unsigned>(ceil_div(a.replicas, THREADS)));
    EM_LAUNCH(device, wanted_steps_kernel, Shape{steps_grid, dim3(THREADS)}, view<int32_t>(a.step), feed.window(), a.replicas);
    if (!feed.on_host) {
        feed.on_host = [&device, &feed] {
            const int64_t place = feed.take(feed.window());
            feed.window()[feed.replicas()] = static_cast<int32_t>(place);
            if (place < 0) {
                device.complain(feed.failure());
            }
        };
    }
    device.call_host(feed.on_host);
    Copy body{{}, {}, a.replicas, feed.elements(), a.outputs, feed.slots(), feed.window() + feed.replicas()};
    int64_t largest = 1;
    for (int32_t i = 0; i < a.outputs; ++i) {
        body.out[i] = view<int32_t>(a.out[i]);
        body.elements[i] = a.elements[i];
        largest = a.elements[i] > largest ? a.elements[i] : largest;
    }
    EM_LAUNCH(device, copy_slot_kernel, Shape{grid_of(ceil_div(largest, THREADS), a.outputs, a.replicas), dim3(THREADS)}, body);
}

}  // namespace em::gpu

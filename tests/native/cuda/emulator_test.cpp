// What the emulation must notice, each by a kernel that is wrong in one way.
#include "emulator_test.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "claim.h"
#include "common/gpu_code.h"

// Of a build for all GPUs, and of builds for some.
static_assert(em::has_code_for("80-real,86-real,89-real,90", 8, 0) && em::has_code_for("80-real,86-real,89-real,90", 8, 9));
static_assert(em::has_code_for("80-real,86-real,89-real,90", 9, 0) && em::has_code_for("80-real,86-real,89-real,90", 12, 1));
static_assert(em::has_code_for("80", 8, 6) && em::has_code_for("80", 9, 0) && em::has_code_for("86-virtual", 8, 6));
static_assert(em::has_code_for("90-real", 9, 0) && !em::has_code_for("90-real", 8, 9) && !em::has_code_for("90-real", 10, 0));
static_assert(!em::has_code_for("90", 8, 0) && !em::has_code_for("86-real", 8, 0) && !em::has_code_for("86-virtual", 8, 0));
static_assert(em::has_code_for("80-real", 8, 9) && !em::has_code_for("", 9, 0) && em::has_code_for("100-real,120-real", 12, 0));

namespace {

// A warp reads what the other will write a collective later: by turns it would always come first.
void meets_between(int* out, bool barrier) {
    EM_SHARED(int, shared, [1]);
    const bool first = threadIdx.x < 32;
    if (threadIdx.x == 0) {
        shared[0] = 3;
    }
    __syncthreads();
    if (!first) {
        __syncwarp();
    }
    if (barrier) {
        __syncthreads();
    }
    if (first && threadIdx.x == 0) {
        out[blockIdx.x] = shared[0];
    }
    if (barrier) {
        __syncthreads();
    }
    if (!first) {
        __syncwarp();
        shared[0] = 4;
    }
}

void half_waits() {
    if (threadIdx.x < 20) {
        __syncthreads();
    } else {
        __syncwarp(threadIdx.x < 32 ? 0xfff00000u : 0xffffffffu);
        while (threadIdx.x == 63) {
            __shfl_sync(0xffffffffu, 1, 0);
        }
        __syncthreads();
    }
}

void skips_barrier() {
    if (threadIdx.x == 5) {
        __syncwarp(1u << 5 | 1u << 6);
    }
    __syncthreads();
}

void two_barriers() {
    if (threadIdx.x < 32) {
        __syncthreads();
    } else {
        __syncthreads();
    }
}

void leaves_others_waiting() {
    if (threadIdx.x < 48) {
        __syncthreads();
    }
}

void lane_has_left() {
    if (threadIdx.x != 3) {
        __syncwarp();
    }
}

void not_in_own_mask() { __syncwarp(0xfffffffeu); }

void reads_outsider() {
    if (threadIdx.x < 16) {
        __shfl_sync(0x0000ffffu, 1, 20);
    }
}

void traps() {
    if (threadIdx.x == 7) {
        __trap();
    }
}

[[maybe_unused]] void forgets_to_round() {
    float c[4] = {};
    emu::mma_tf32(c, {1, 0, 0, 0}, {0, 0}, {});
}

void takes_too_much() {
    EM_SHARED(float, much, [13 * 1024]);
    much[threadIdx.x] = 0;
}

// out[block] = whether shared memory of a new block is NaN.
void reads_fresh_memory(int* out) {
    EM_SHARED(float, fresh, [64]);
    const float before = fresh[threadIdx.x];
    fresh[threadIdx.x] = 1;
    if (threadIdx.x == 0) {
        out[blockIdx.x] = before != before;
    }
}

// Reverses 64 numbers; without the barrier some threads read what is not yet there.
void reverse(const float* in, float* out, bool barrier) {
    EM_SHARED(float, all, [64]);
    all[threadIdx.x] = in[threadIdx.x];
    if (barrier) {
        __syncthreads();
    }
    out[threadIdx.x] = all[63 - threadIdx.x];
}

void lane_sums(int* out) {
    int sum = static_cast<int>(threadIdx.x);
    for (int distance = 16; distance > 0; distance /= 2) {
        sum += __shfl_xor_sync(0xffffffffu, sum, distance);
    }
    const unsigned odd = __ballot_sync(0xffffffffu, threadIdx.x % 2 == 1);
    out[threadIdx.x] = odd == 0xaaaaaaaau ? sum + __shfl_down_sync(0xffffffffu, 1000, 1) : -1;
}

void increment(int* x) { ++*x; }

[[maybe_unused]] void wrong_kernels_are_refused() {
    refuses("1 threads wait in the warp collective", skips_barrier, 1, 64);
    refuses("deadlock", half_waits, 1, 64);
    refuses("wait at different barriers", two_barriers, 1, 64);
    refuses("16 threads of the block have left, where others wait at a barrier", leaves_others_waiting, 1, 64);
    refuses("names lane 3 of warp 0, which has left", lane_has_left, 1, 32);
    refuses("lane 0 is not in its own mask", not_in_own_mask, 1, 32);
    refuses("reads lane 20, which is not in mask", reads_outsider, 1, 32);
    refuses("thread (7, 0, 0) of block (0, 0, 0)", traps, 1, 32);
    refuses("shared memory exceeds", takes_too_much, 1, 32);
    refuses("operand 00000001 of mma.sync is no tf32 number", forgets_to_round, 1, 32);
    refuses("invalid configuration", traps, dim3(1, 70000), 32);
    refuses("invalid configuration", traps, 1, 2048);
    expect(cudaGetLastError() != cudaSuccess && cudaGetLastError() == cudaSuccess, "the last error is told once");
}

void right_kernels_run() {
    std::vector<int> out(64, -5);
    expect(launch(reads_fresh_memory, 3, 64, out.data()) == cudaSuccess && out[0] + out[1] + out[2] == 3, "shared memory starts as NaN");
    expect(launch(lane_sums, 1, 64, out.data()) == cudaSuccess, "shuffles", cudaGetErrorString(cudaGetLastError()));
    expect(out[0] == 496 + 1000 && out[31] == 496 + 1000 && out[63] == 496 + 32 * 32 + 1000, "sums over lanes", std::to_string(out[63]));
}

[[maybe_unused]] void missing_barriers_show() {
    std::vector<float> in(64);
    for (int i = 0; i < 64; ++i) {
        in[static_cast<size_t>(i)] = static_cast<float>(i);
    }
    const char* before = std::getenv("EMU_SEED");
    const std::string seed = before == nullptr ? "0" : before;
    for (const char* order : {"0", "1", "2", "3"}) {
        setenv("EMU_SEED", order, 1);
        for (bool barrier : {true, false}) {
            std::vector<float> out(64, -1);
            expect(launch(reverse, 1, 64, static_cast<const float*>(in.data()), out.data(), barrier) == cudaSuccess, "reverse");
            int wrong = 0;
            for (int i = 0; i < 64; ++i) {
                wrong += out[static_cast<size_t>(i)] == static_cast<float>(63 - i) ? 0 : 1;
            }
            expect((wrong == 0) == barrier, barrier ? "right with a barrier" : "wrong without a barrier", order);
        }
    }
    unsetenv("EMU_SEED");
    for (bool barrier : {true, false}) {
        std::vector<int> out(2, -1);
        expect(launch(meets_between, 2, 64, out.data(), barrier) == cudaSuccess, "meets_between");
        expect((out[0] == 3 && out[1] == 3) == barrier, barrier ? "right with barriers" : "of two blocks one is wrong without",
               std::to_string(out[0]) + " " + std::to_string(out[1]));
    }
    if (before != nullptr) {
        setenv("EMU_SEED", seed.c_str(), 1);
    }
}

void graphs_record_and_replay() {
    int x = 0;
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t instance = nullptr;
    expect(cudaStreamBeginCapture(stream(), cudaStreamCaptureModeRelaxed) == cudaSuccess, "capture begins");
    launch(increment, 1, 1, &x);
    launch(increment, 1, 1, &x);
    expect(cudaStreamSynchronize(stream()) == cudaErrorStreamCaptureUnsupported, "no waiting in a capture");
    expect(x == 0, "captured work does not run");
    expect(cudaStreamEndCapture(stream(), &graph) == cudaSuccess && cudaGraphInstantiate(&instance, graph, 0) == cudaSuccess,
           "capture ends");
    cudaGraphDestroy(graph);
    cudaGraphLaunch(instance, stream());
    cudaGraphLaunch(instance, stream());
    expect(cudaGraphExecDestroy(instance) == cudaErrorIllegalState, "a graph that may still run is not destroyed");
    expect(cudaMemsetAsync(&x, 1, 0, stream()) == cudaErrorIllegalState, "what did not look at that status hears of it");
    expect(cudaStreamSynchronize(stream()) == cudaSuccess && cudaGraphExecDestroy(instance) == cudaSuccess, "a graph ends");
    expect(x == 4, "a graph runs each time it is launched", std::to_string(x));
}

void memory_is_watched() {
    void* memory = nullptr;
    expect(cudaMalloc(&memory, size_t{1} << 60) == cudaErrorMemoryAllocation, "too much memory is refused");
    expect(cudaMalloc(&memory, 100) == cudaSuccess && cudaFree(memory) == cudaSuccess, "memory comes and goes");
    expect(cudaFree(memory) == cudaErrorInvalidValue, "memory is freed once");
    expect(cudaMemsetAsync(memory, 0, 1, nullptr) == cudaErrorInvalidResourceHandle, "the default stream is refused");
}

void claims_are_watched() {
    void* memory = nullptr;
    cudaMalloc(&memory, 100);
    expect(emu::claim(stream(), memory, 40) == cudaSuccess, "part of a block is claimed");
    cudaMemsetAsync(memory, 0, 40, stream());
    expect(cudaStreamSynchronize(stream()) == cudaSuccess, "what is claimed is written to");
    cudaMemsetAsync(memory, 0, 41, stream());
    expect(cudaStreamSynchronize(stream()) == cudaErrorIllegalState, "a write past a claim is told by waiting");
    expect(emu::claim(stream(), memory, 60) == cudaSuccess, "and told once");
    cudaMemsetAsync(memory, 0, 61, stream());
    expect(emu::claim(stream(), memory, 100) == cudaErrorIllegalState, "a write past a claim is told by the next one");
    cudaMemsetAsync(memory, 0, 100, stream());
    expect(cudaStreamSynchronize(stream()) == cudaSuccess, "all of a block may be claimed");
    cudaFree(memory);
}

}  // namespace

int main() {
    right_kernels_run();
    graphs_record_and_replay();
    memory_is_watched();
    claims_are_watched();
    tensor_cores_multiply(true);
    tensor_cores_multiply(false);
    tensor_cores_round();
#if defined(EM_EMU_TSAN)
    // Wrong on purpose: ThreadSanitizer must say so.
    setenv("EMU_SEED", "0", 1);
    std::vector<float> in(64), out(64);
    launch(reverse, 1, 64, static_cast<const float*>(in.data()), out.data(), std::getenv("PLANT_RACE") == nullptr);
#else
    missing_barriers_show();
    wrong_kernels_are_refused();
    wrong_accesses_are_refused();
#endif
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}

#include "runtime.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "claim.h"
#include "devices.h"

struct EmuGraph {
    bool running = false;  // launched, and its stream not waited for since
    std::vector<std::function<cudaError_t()>> nodes;
    size_t claims = 0;  // of the nodes, which a real graph has not
};

struct EmuStream {
    int device = emu::current_device();
    EmuGraph* capture = nullptr;
    std::vector<EmuGraph*> launched;
};

struct EmuEvent {
    std::chrono::steady_clock::time_point at;
};

namespace {

using emu::device_bytes;
using emu::failed;

std::mutex lock;
std::map<void*, size_t> allocations;
size_t allocated = 0;

// What of a block is claimed, and how much behind it is watched.
struct Claim {
    size_t bytes, watched;
};
constexpr size_t most_watched = 4096;
constexpr unsigned char unclaimed = 0x5a;  // as an index far outside of everything
std::map<void*, Claim> claims;

std::string misuse;  // what no status tells; the next work fails for it

// Whether nothing was written behind a claim.
bool is_kept(void* block, const Claim& claim) {
    const unsigned char* const rest = static_cast<unsigned char*>(block) + claim.bytes;
    return std::all_of(rest, rest + claim.watched, [](unsigned char byte) { return byte == unclaimed; });
}

cudaError_t all_kept() {
    std::lock_guard<std::mutex> guard(lock);
    for (auto& [block, claim] : claims) {
        if (!is_kept(block, claim)) {
            claim.watched = 0;  // told once
            return failed(cudaErrorIllegalState, "work wrote past the scratch memory that it asked for");
        }
    }
    return cudaSuccess;
}

// Runs work on the stream, or adds it to the graph that it captures.
cudaError_t issue(cudaStream_t stream, std::function<cudaError_t()> work) {
    if (stream == nullptr) {
        return failed(cudaErrorInvalidResourceHandle, "the default stream is not to be used");
    }
    if (!misuse.empty()) {
        return failed(cudaErrorIllegalState, std::exchange(misuse, ""));
    }
    if (stream->capture != nullptr) {
        stream->capture->nodes.push_back(std::move(work));
        return cudaSuccess;
    }
    return work();
}

cudaError_t not_in_capture(cudaStream_t stream, const char* what) {
    if (stream == nullptr) {
        return failed(cudaErrorInvalidResourceHandle, "the default stream is not to be used");
    }
    return stream->capture == nullptr ? cudaSuccess : failed(cudaErrorStreamCaptureUnsupported, what);
}

}  // namespace

cudaError_t cudaMalloc(void** memory, size_t bytes) {
    std::lock_guard<std::mutex> guard(lock);
    if (bytes > device_bytes - allocated || posix_memalign(memory, 256, bytes) != 0) {
        return failed(cudaErrorMemoryAllocation, "out of memory");
    }
    std::memset(*memory, 0xff, bytes);
    allocations[*memory] = bytes;
    allocated += bytes;
    return cudaSuccess;
}

cudaError_t cudaFree(void* memory) {
    std::lock_guard<std::mutex> guard(lock);
    const auto found = allocations.find(memory);
    if (found == allocations.end()) {
        return memory == nullptr ? cudaSuccess : failed(cudaErrorInvalidValue, "memory freed that was not allocated, or freed before");
    }
    allocated -= found->second;
    allocations.erase(found);
    claims.erase(memory);
    std::free(memory);
    return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
    std::lock_guard<std::mutex> guard(lock);
    *free = device_bytes - allocated;
    *total = device_bytes;
    return cudaSuccess;
}

cudaError_t cudaHostAlloc(void** memory, size_t bytes, unsigned) { return cudaMalloc(memory, bytes); }

cudaError_t cudaFreeHost(void* memory) { return cudaFree(memory); }

cudaError_t cudaMemsetAsync(void* memory, int value, size_t bytes, cudaStream_t stream) {
    return issue(stream, [=] {
        std::memset(memory, value, bytes);
        return cudaSuccess;
    });
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
    if (kind != cudaMemcpyDeviceToDevice) {
        const cudaError_t error = not_in_capture(stream, "host memory is copied while the stream captures");
        if (error != cudaSuccess) {
            return error;
        }
    }
    return issue(stream, [=] {
        std::memmove(to, from, bytes);
        return cudaSuccess;
    });
}

cudaError_t emu::claim(cudaStream_t stream, void* block, size_t bytes) {
    if (stream->capture != nullptr) {
        ++stream->capture->claims;
    }
    return issue(stream, [=] {
        const cudaError_t before = all_kept();
        std::lock_guard<std::mutex> guard(lock);
        const Claim claim{bytes, std::min(allocations.at(block) - bytes, most_watched)};
        std::memset(block, 0xff, bytes);
        std::memset(static_cast<unsigned char*>(block) + bytes, unclaimed, claim.watched);
        claims[block] = claim;
        return before;
    });
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
    *stream = new EmuStream();
    return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    delete stream;
    return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    if (const cudaError_t error = not_in_capture(stream, "waiting for a stream that captures"); error != cudaSuccess) {
        return error;
    }
    for (EmuGraph* graph : stream->launched) {
        graph->running = false;
    }
    stream->launched.clear();
    return all_kept();
}

cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
    *status = stream->capture == nullptr ? cudaStreamCaptureStatusNone : cudaStreamCaptureStatusActive;
    return cudaSuccess;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
    if (const cudaError_t error = not_in_capture(stream, "the stream captures already"); error != cudaSuccess) {
        return error;
    }
    stream->capture = new EmuGraph();
    return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
    *graph = stream->capture;
    stream->capture = nullptr;
    return *graph == nullptr ? failed(cudaErrorIllegalState, "the stream does not capture") : cudaSuccess;
}

cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void* data) {
    return issue(stream, [=] {
        function(data);
        return cudaSuccess;
    });
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, EmuNode**, size_t* count) {
    *count = graph->nodes.size() - graph->claims;
    return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* instance, cudaGraph_t graph, unsigned long long) {
    *instance = new EmuGraph(*graph);
    return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t instance, cudaStream_t stream) {
    if (stream != nullptr && stream->capture == nullptr && !instance->running) {
        instance->running = true;
        stream->launched.push_back(instance);
    }
    return issue(stream, [instance] {
        cudaError_t error = cudaSuccess;
        for (size_t i = 0; i < instance->nodes.size() && error == cudaSuccess; ++i) {
            error = instance->nodes[i]();
        }
        return error;
    });
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
    delete graph;
    return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t instance) {
    if (instance != nullptr && instance->running) {
        misuse = "a graph was destroyed while it ran";
        return failed(cudaErrorIllegalState, misuse);  // and kept, for its stream knows it
    }
    return cudaGraphDestroy(instance);
}

cudaError_t cudaEventCreate(cudaEvent_t* event) {
    *event = new EmuEvent();
    return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
    delete event;
    return cudaSuccess;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) {
    event->at = std::chrono::steady_clock::now();
    return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t) { return cudaSuccess; }

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t from, cudaEvent_t to) {
    *milliseconds = std::chrono::duration<float, std::milli>(to->at - from->at).count();
    return cudaSuccess;
}

cudaError_t cudaProfilerStart() { return cudaSuccess; }

cudaError_t cudaProfilerStop() { return cudaSuccess; }

namespace emu {

cudaError_t enqueue(const LaunchShape& shape, const void* function, cudaStream_t stream, std::function<void()> body) {
    const dim3 &grid = shape.grid, &block = shape.block;
    const uint64_t threads = uint64_t{block.x} * block.y * block.z;
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535 || threads == 0 ||
        threads > 1024 || block.z > 64) {
        return failed(cudaErrorInvalidConfiguration, std::string(shape.kernel) + ": invalid configuration argument");
    }
    if (stream != nullptr && stream->device != current_device()) {
        return failed(cudaErrorInvalidResourceHandle, std::string(shape.kernel) + ": the stream is of another device than the thread's");
    }
    const size_t limit = shared_limit(function, shape.dynamic_shared);
    if (shape.dynamic_shared > limit) {
        return failed(cudaErrorInvalidValue, std::string(shape.kernel) + ": too much dynamic shared memory");
    }
    return issue(stream, [shape, function, limit, body = std::move(body)] {
        const bool done = run({shape.kernel, shape.grid, shape.block, shape.dynamic_shared, limit, body});
        note_static_shared(function, shared_bytes() - shape.dynamic_shared);
        return done ? cudaSuccess : failed(cudaErrorLaunchFailure, failure());
    });
}

}  // namespace emu

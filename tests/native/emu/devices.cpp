#include "devices.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>

namespace {

using emu::failed;

// Two, so that work which goes to another device than it should fails.
constexpr int device_count = 2;
// Of the first as little as of any GPU that we build for, so that what fits here fits there (compute capability 8.6: 99 KiB a block). The
// second has as much as there is, for kernels that are only launched where they have it (9.0: 227 KiB).
constexpr size_t shared_optin[device_count] = {99 * 1024, 227 * 1024};
constexpr size_t shared_unasked = 48 * 1024;

thread_local cudaError_t last_error = cudaSuccess;
thread_local std::string last_text;
thread_local int device = 0;

std::mutex lock;
std::map<const void*, size_t> static_shared;                // of kernels, as far as launches showed it
std::map<std::pair<int, const void*>, size_t> dynamic_set;  // by cudaFuncSetAttribute, for a device

size_t static_of(const void* function) {
    const auto found = static_shared.find(function);
    return found == static_shared.end() ? 0 : found->second;
}

}  // namespace

cudaError_t emu::failed(cudaError_t error, const std::string& text) {
    last_error = error;
    last_text = text;
    return error;
}

int emu::current_device() { return device; }

size_t emu::shared_limit(const void* function, size_t dynamic) {
    std::lock_guard<std::mutex> guard(lock);
    const auto set = dynamic_set.find({device, function});
    if (set != dynamic_set.end()) {
        return dynamic > set->second ? 0 : shared_optin[device];
    }
    return dynamic + static_of(function) > shared_unasked ? 0 : shared_unasked;
}

void emu::note_static_shared(const void* function, size_t bytes) {
    std::lock_guard<std::mutex> guard(lock);
    size_t& most = static_shared[function];
    most = std::max(most, bytes);
}

const char* cudaGetErrorName(cudaError_t error) { return error == cudaSuccess ? "cudaSuccess" : "emulated error"; }

const char* cudaGetErrorString(cudaError_t error) {
    if (error == cudaSuccess) {
        return "no error";
    }
    return error == cudaErrorMemoryAllocation ? "out of memory" : last_text.c_str();
}

cudaError_t cudaGetLastError() { return std::exchange(last_error, cudaSuccess); }

cudaError_t cudaGetDeviceCount(int* count) {
    *count = device_count;
    return cudaSuccess;
}

cudaError_t cudaSetDevice(int ordinal) {
    if (ordinal < 0 || ordinal >= device_count) {
        return failed(cudaErrorInvalidDevice, "there are two emulated devices");
    }
    device = ordinal;
    return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int ordinal) {
    *properties = {};
    std::strcpy(properties->name, "emulated GPU");
    properties->major = ordinal == 0 ? 8 : 9;
    properties->minor = ordinal == 0 ? 6 : 0;
    properties->multiProcessorCount = 4;
    properties->totalGlobalMem = emu::device_bytes;
    properties->sharedMemPerBlockOptin = shared_optin[ordinal];
    return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
    *version = CUDART_VERSION;
    return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) { return cudaRuntimeGetVersion(version); }

// Of a kernel that was not launched yet nothing is known, so that it may not have dynamic memory unasked.
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* function) {
    std::lock_guard<std::mutex> guard(lock);
    const auto set = dynamic_set.find({device, function});
    const size_t unasked = static_shared.count(function) == 0 ? 0 : shared_unasked - static_of(function);
    attributes->sharedSizeBytes = static_of(function);
    attributes->maxDynamicSharedSizeBytes = static_cast<int>(set == dynamic_set.end() ? unasked : set->second);
    return cudaSuccess;
}

cudaError_t cudaFuncSetAttribute(const void* function, cudaFuncAttribute, int value) {
    std::lock_guard<std::mutex> guard(lock);
    if (value < 0 || static_cast<size_t>(value) + static_of(function) > shared_optin[device]) {
        return failed(cudaErrorInvalidValue, "a kernel is to have more shared memory than there is");
    }
    dynamic_set[{device, function}] = static_cast<size_t>(value);
    return cudaSuccess;
}

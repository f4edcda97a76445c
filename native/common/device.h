// What a device library supplies: memory, programs and the table of kernels.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/joins.h"
#include "common/own_products.h"
#include "em/gpu.h"

namespace em {

// A recorded sequence of operations.
class Program {
public:
    virtual ~Program() = default;
    // Runs once; results may be read afterwards.
    virtual void run() = 0;
    virtual int64_t size() const = 0;
    virtual int64_t launches() const { return size(); }
};

class Device {
public:
    virtual ~Device() = default;
    virtual const Kernels& kernels() const = 0;
    virtual std::string description() const = 0;

    // Zero-filled memory, aligned to 64 bytes at least. Throws Error(EM_OUT_OF_MEMORY).
    virtual void* allocate(int64_t bytes) = 0;
    virtual void release(void* memory, int64_t bytes) = 0;
    // -1 where that is not known.
    virtual int64_t free_bytes() { return -1; }
    // Memory that host and device both read and write, aligned to 64 bytes at least; zero-filled. Throws Error(EM_OUT_OF_MEMORY).
    virtual void* allocate_shared(int64_t bytes) { return allocate(bytes); }
    virtual void release_shared(void* memory) { release(memory, 0); }
    // Waits until all work issued before is done, whether it went well or not.
    virtual void idle() {}
    // Copies between host and device, after all work issued before.
    virtual void upload(void* to, const void* from, int64_t bytes) = 0;
    virtual void download(void* to, const void* from, int64_t bytes) = 0;

    // What was recorded, as a program; a device may do each group at once, in the order of the groups.
    virtual std::unique_ptr<Program> program(const std::vector<Operation>& operations, const std::vector<Group>& groups) = 0;

    // See em/gpu.h; what a GPU overrides. set_arithmetic throws Error(EM_BAD_ARGUMENT) for what the device does not have.
    virtual void set_arithmetic(int32_t arithmetic);
    virtual int32_t arithmetic() const { return EM_FLOAT32; }
    virtual void set_products(const char* library);
    // Whether a product is one of our own kernel, which can finish it. A CPU tells what a GPU with cublasLt would do.
    virtual bool own_product(const em_gemm_args& args, int32_t arithmetic) const { return em::own_product(args, arithmetic); }
    // Called when a product is recorded.
    virtual void prepare(const em_gemm_args&) {}
    // Whether ranges around operations of a program are recorded with it.
    virtual bool ranges() const { return false; }
    virtual void range_push(const char*) {}
    virtual void range_pop() {}
    virtual void profiler(bool) {}
};

// Exported by the CUDA library as extern "C"; NULL and a text in em_last_error() on failure.
using OpenDevice = Device* (*)(const em_context_options*);

std::unique_ptr<Device> open_cpu_device(const em_context_options& options);

}  // namespace em

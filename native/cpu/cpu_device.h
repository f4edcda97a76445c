// The CPU: memory, threads, workspace, and the kernels of the processor at hand.
#pragma once
#include <memory>
#include <vector>

#include "common/device.h"
#include "cpu/pool.h"

namespace em {

// Memory aligned to 64 bytes that grows and never shrinks; its content is lost when it grows.
class Scratch {
public:
    Scratch() = default;
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch();
    float* at_least(int64_t floats);

private:
    float* memory_ = nullptr;
    int64_t floats_ = 0;
};

class CpuDevice final : public Device {
public:
    CpuDevice(int threads, const char* instruction_set);
    const Kernels& kernels() const override { return *kernels_; }
    std::string description() const override;
    void* allocate(int64_t bytes) override;
    void release(void* memory, int64_t bytes) override;
    void upload(void* to, const void* from, int64_t bytes) override;
    void download(void* to, const void* from, int64_t bytes) override;
    std::unique_ptr<Program> program(const std::vector<Operation>& operations, const std::vector<Group>& groups) override;

    Pool pool;
    // One a thread, and one that tasks share.
    std::vector<Scratch> scratch;
    Scratch shared;

private:
    const Kernels* kernels_;
    const char* instruction_set_;
};

}  // namespace em

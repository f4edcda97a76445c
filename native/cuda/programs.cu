// Programs of the GPU: one CUDA graph, or a list of launches.
#include "cuda/device.h"
#include "cuda/joined.h"
#include "cuda/profile.h"

namespace em {
namespace {

// A program that is one graph: launched by one call, without waiting.
class GraphProgram final : public Program {
public:
    GraphProgram(const CudaDevice& device, cudaGraph_t graph, int64_t size) : device_(device), stream_(device.stream()), size_(size) {
        cudaGraphGetNodes(graph, nullptr, &launches_);
        const cudaError_t error = cudaGraphInstantiate(&instance_, graph, 0);
        cudaGraphDestroy(graph);
        require_cuda(error, {"cudaGraphInstantiate", __FILE__, __LINE__});
    }
    ~GraphProgram() override {
        // It may run still, after an error that nobody waited for.
        cudaStreamSynchronize(stream_);
        cudaGetLastError();
        cudaGraphExecDestroy(instance_);
    }
    void run() override {
        const Range range("program");
        device_.launched(cudaGraphLaunch(instance_, device_.stream()), {"a program", __FILE__, __LINE__});
    }
    int64_t size() const override { return size_; }
    int64_t launches() const override { return static_cast<int64_t>(launches_); }

private:
    const CudaDevice& device_;
    const cudaStream_t stream_;
    cudaGraphExec_t instance_ = nullptr;
    int64_t size_;
    size_t launches_ = 0;
};

// A program replayed group by group, so that a fault names its kernel and profilers see its ranges.
class ListProgram final : public Program {
public:
    ListProgram(std::vector<std::function<void()>> groups, int64_t size) : groups_(std::move(groups)), size_(size) {}
    void run() override {
        const Range range("program");
        for (const auto& group : groups_) {
            group();
        }
    }
    int64_t size() const override { return size_; }

private:
    std::vector<std::function<void()>> groups_;
    int64_t size_;
};

}  // namespace

// Each group is issued later, with the arithmetic of its record.
std::unique_ptr<Program> CudaDevice::program(const std::vector<Operation>& operations, const std::vector<Group>& groups) {
    std::vector<std::function<void()>> issued;
    for (const Group& group : groups) {
        std::vector<Operation> of_group;
        for (const Member& member : group.members) {
            of_group.push_back(operations[member.operation]);
            of_group.back().part = member.part;
        }
        issued.push_back([this, join = group.join, all = std::move(of_group)] {
            struct Restore {
                int32_t& at;
                const int32_t before;
                ~Restore() { at = before; }
            } const restore{arithmetic_, arithmetic_};
            arithmetic_ = all.front().arithmetic;
            gpu::issue(*this, join, all.data(), all.size());
        });
    }
    const auto size = static_cast<int64_t>(operations.size());
    if (graphs_ && !issued.empty()) {
        return capture(issued, size);
    }
    return std::make_unique<ListProgram>(std::move(issued), size);
}

// Captured when all operations are known: memory may be allocated while a program is recorded, which a capture would not allow.
std::unique_ptr<Program> CudaDevice::capture(const std::vector<std::function<void()>>& issued, int64_t size) {
    cudaGraph_t graph = nullptr;
    EM_CUDA(cudaStreamBeginCapture(stream(), cudaStreamCaptureModeRelaxed));
    try {
        for (const auto& group : issued) {
            group();
        }
    } catch (...) {
        cudaStreamEndCapture(stream_, &graph);
        cudaGraphDestroy(graph);
        cudaGetLastError();
        throw;
    }
    EM_CUDA(cudaStreamEndCapture(stream_, &graph));
    return std::make_unique<GraphProgram>(*this, graph, size);
}

}  // namespace em

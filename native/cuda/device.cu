#include <cuda_profiler_api.h>

#include <cstdlib>
#include <cstring>

#include "common/gpu_code.h"
#include "common/guard.h"
#include "cuda/device.h"
#include "cuda/joined.h"
#include "cuda/profile.h"

#if defined(EM_EMU)
#include "claim.h"
#endif

namespace em {
namespace {

std::optional<bool> choice(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<bool>(std::strcmp(value, "0") != 0);
}

bool switched_on(const char* name, bool otherwise) { return choice(name).value_or(otherwise); }

const char* text_of(Complaint complaint) {
    switch (complaint) {
        case BAD_TOKEN:
            return "a token lies outside the vocabulary";
        case BAD_IN_CONTEXT:
            return "in_context of a replica is negative or exceeds the places there are";
        case BAD_POSITION:
            return "a fixed position, query or listed key lies outside the sequence";
        case BAD_CLASS:
            return "a target lies outside the classes";
        case BAD_INDEX:
            return "an index lies outside the table";
        case TOO_MANY_MARKS:
            return "a row has more marks than its list has places";
        default:
            return "unknown complaint";
    }
}

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

// By the major version of the toolkit, within which every driver serves.
constexpr const char* NEEDED_DRIVER = CUDART_VERSION >= 13000 ? "driver 580 or newer" : "driver 525 or newer";

// The number of GPUs; a lack is one sentence that a user can act on.
int device_count() {
    int count = 0;
    int driver = 0;
    cudaDriverGetVersion(&driver);
    const cudaError_t error = cudaGetDeviceCount(&count);
    if (error == cudaSuccess && count > 0) {
        return count;
    }
    cudaGetLastError();
    if (driver == 0) {
        EM_FAIL(EM_UNAVAILABLE, "there is no NVIDIA driver on this machine: libcuda.so.1 is not found");
    }
    if (error == cudaErrorInsufficientDriver) {
        EM_FAIL(
            EM_UNAVAILABLE,
            "the NVIDIA driver is too old: it supports CUDA %d.%d, and these kernels were built by the toolkit of CUDA %d, which needs %s",
            driver / 1000, driver % 1000 / 10, CUDART_VERSION / 1000, NEEDED_DRIVER);
    }
    if (error == cudaSuccess || error == cudaErrorNoDevice) {
        EM_FAIL(EM_UNAVAILABLE,
                "the NVIDIA driver finds no GPU that this process may use; nvidia-smi lists those of the machine, and "
                "CUDA_VISIBLE_DEVICES can hide them");
    }
    EM_FAIL(EM_UNAVAILABLE, "the GPU cannot be used: %s", cudaGetErrorString(error));
}

}  // namespace

void require_cuda(cudaError_t error, const Where& where) {
    if (error == cudaSuccess) {
        return;
    }
    cudaGetLastError();
    fail(error == cudaErrorMemoryAllocation ? EM_OUT_OF_MEMORY : EM_FAILED, where.file, where.line, "%s: %s", where.what,
         cudaGetErrorString(error));
}

CudaDevice::CudaDevice(const em_context_options& options)
    : ordinal_(options.device),
      finish_products_(switched_on("EM_OWN_PRODUCTS", true)),
      split_attention_(choice("EM_SPLIT_ATTENTION")),
      synchronous_(switched_on("EM_SYNC", false)),
      graphs_(!synchronous_ && switched_on("EM_GRAPHS", true)) {
    const int count = device_count();
    if (ordinal_ < 0 || ordinal_ >= count) {
        EM_FAIL(EM_UNAVAILABLE, "device %d is not one of the %d GPUs of this machine", ordinal_, count);
    }
    EM_CUDA(cudaSetDevice(ordinal_));
    EM_CUDA(cudaGetDeviceProperties(&properties_, ordinal_));
    if (properties_.major < 8) {
        EM_FAIL(EM_UNAVAILABLE, "%s has compute capability %d.%d; 8.0 (Ampere) or newer is needed", properties_.name, properties_.major,
                properties_.minor);
    }
#if defined(EM_CUDA_GPUS)
    if (!has_code_for(EM_CUDA_GPUS, properties_.major, properties_.minor)) {
        EM_FAIL(EM_UNAVAILABLE,
                "%s has compute capability %d.%d, and this build has kernels for %s alone; build it on this machine, or for all GPUs by "
                "./dev build -Dem.architectures=RELEASE",
                properties_.name, properties_.major, properties_.minor, EM_CUDA_GPUS);
    }
#endif
    EM_CUDA(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
    EM_CUDA(cudaStreamCreateWithFlags(&memory_stream_, cudaStreamNonBlocking));
    void* memory = nullptr;
    EM_CUDA(cudaHostAlloc(&memory, sizeof(int32_t), cudaHostAllocMapped));
    complaints_ = static_cast<int32_t*>(memory);
    *complaints_ = NO_COMPLAINT;
}

CudaDevice::~CudaDevice() {
    cudaStreamSynchronize(stream_);
    products_.reset();
    for (void* block : workspaces_) {
        cudaFree(block);
    }
    for (void* block : counters_) {
        cudaFree(block);
    }
    cudaFreeHost(complaints_);
    cudaStreamDestroy(memory_stream_);
    cudaStreamDestroy(stream_);
}

std::string CudaDevice::description() const {
    return std::string(properties_.name) + ", compute capability " + std::to_string(properties_.major) + "." +
           std::to_string(properties_.minor) + ", " + std::to_string(properties_.multiProcessorCount) + " multiprocessors, " +
           std::to_string(properties_.totalGlobalMem >> 20) + " MiB" +
           (products_       ? ", products by " + products_->description() + (finish_products_ ? " and our own kernel" : "")
            : own_products_ ? ", our own products"
                            : "") +
           (!split_attention_   ? ""
            : *split_attention_ ? ", attention in float32 split for tensor cores"
                                : ", attention in float32 by fused multiply-adds");
}

void CudaDevice::set_products(const char* library) {
    idle();
    // The new one first: where it cannot be had, all stays as it was.
    auto chosen = library == nullptr ? nullptr : std::make_unique<Products>(*this, library);
    products_ = std::move(chosen);
    own_products_ = library == nullptr;
}

Products* CudaDevice::products() const {
    if (!products_ && !own_products_) {
        EM_FAIL(EM_FAILED, "nothing was chosen that multiplies: em_set_products comes first");
    }
    return products_.get();
}

bool CudaDevice::own_product(const em_gemm_args& args, int32_t arithmetic) const {
    return own_products_ || (finish_products_ && em::own_product(args, arithmetic));
}

void CudaDevice::prepare(const em_gemm_args& args) {
    Products* products = this->products();
    if (!own_product(args, arithmetic_)) {
        products->prepare(args);
    }
}

void* CudaDevice::allocate(int64_t bytes) {
    void* memory = nullptr;
    stream();
    const cudaError_t error = cudaMalloc(&memory, static_cast<size_t>(bytes));
    if (error == cudaErrorMemoryAllocation) {
        size_t free = 0;
        size_t total = 0;
        cudaGetLastError();
        cudaMemGetInfo(&free, &total);
        EM_FAIL(EM_OUT_OF_MEMORY, "out of memory: %lld MiB wanted, %lld of %lld MiB of the GPU are free", (long long)(bytes >> 20),
                (long long)(free >> 20), (long long)(total >> 20));
    }
    EM_CUDA(error);
    EM_CUDA(cudaMemsetAsync(memory, 0, static_cast<size_t>(bytes), memory_stream_));
    EM_CUDA(cudaStreamSynchronize(memory_stream_));
    return memory;
}

void CudaDevice::release(void* memory, int64_t) { cudaFree(memory); }

void* CudaDevice::allocate_shared(int64_t bytes) {
    void* memory = nullptr;
    stream();
    EM_CUDA(cudaHostAlloc(&memory, static_cast<size_t>(bytes), cudaHostAllocMapped));
    std::memset(memory, 0, static_cast<size_t>(bytes));
    return memory;
}

void CudaDevice::release_shared(void* memory) { cudaFreeHost(memory); }

void CudaDevice::idle() {
    cudaStreamSynchronize(stream_);
    cudaGetLastError();
}

void CudaDevice::call_host(std::function<void()>& body) {
    const auto call = [](void* function) { (*static_cast<std::function<void()>*>(function))(); };
    EM_CUDA(cudaLaunchHostFunc(stream(), call, &body));
}

void CudaDevice::complain(const std::string& text) {
    host_complaint_ = text;
    *complaints_ = NO_BATCH;
}

int64_t CudaDevice::free_bytes() {
    size_t free = 0;
    size_t total = 0;
    stream();
    EM_CUDA(cudaMemGetInfo(&free, &total));
    return static_cast<int64_t>(free);
}

void CudaDevice::upload(void* to, const void* from, int64_t bytes) {
    EM_CUDA(cudaMemcpyAsync(to, from, static_cast<size_t>(bytes), cudaMemcpyHostToDevice, stream()));
    wait();
}

void CudaDevice::download(void* to, const void* from, int64_t bytes) {
    EM_CUDA(cudaMemcpyAsync(to, from, static_cast<size_t>(bytes), cudaMemcpyDeviceToHost, stream()));
    wait();
}

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

// Blocks are kept until the device closes: programs captured before still use them.
void* CudaDevice::reserve(std::vector<void*>& blocks, int64_t& held, int64_t bytes) {
    if (bytes > held) {
        const int64_t grown = bytes > 2 * held ? bytes : 2 * held;
        blocks.push_back(allocate(grown));
        held = grown;
    }
    return blocks.back();
}

float* CudaDevice::workspace(int64_t floats) {
    constexpr int64_t least = 1 << 20;
    void* const room = reserve(workspaces_, workspace_bytes_, 4 * floats > least ? 4 * floats : least);
#if defined(EM_EMU)
    EM_CUDA(emu::claim(stream(), room, static_cast<size_t>(4 * floats)));
#endif
    return static_cast<float*>(room);
}

unsigned* CudaDevice::tickets(int64_t count) {
    constexpr int64_t least = 1 << 14;
    return static_cast<unsigned*>(reserve(counters_, counter_bytes_, 4 * count > least ? 4 * count : least));
}

cudaStream_t CudaDevice::stream() const {
    thread_local int current = -1;
    if (current != ordinal_) {
        EM_CUDA(cudaSetDevice(ordinal_));
        current = ordinal_;
    }
    return stream_;
}

void CudaDevice::range_push(const char* name) { Range::push(name); }

void CudaDevice::range_pop() { Range::pop(); }

void CudaDevice::profiler(bool on) {
    wait();
    if (on) {
        EM_CUDA(cudaProfilerStart());
    } else {
        EM_CUDA(cudaProfilerStop());
    }
}

void CudaDevice::launched(cudaError_t error, const Where& where) const {
    require_cuda(error, where);
    if (synchronous_) {
        require_cuda(cudaStreamSynchronize(stream_), where);
    }
}

void CudaDevice::wait() const {
    require_cuda(cudaStreamSynchronize(stream_), {"waiting for the GPU; EM_SYNC=1 finds which kernel failed", __FILE__, __LINE__});
    const auto complaint = static_cast<Complaint>(*static_cast<volatile int32_t*>(complaints_));
    if (complaint != NO_COMPLAINT) {
        *complaints_ = NO_COMPLAINT;
        if (complaint == NO_BATCH) {
            EM_FAIL(EM_FAILED, "%s", host_complaint_.c_str());
        }
        EM_FAIL(EM_BAD_ARGUMENT, "%s", text_of(complaint));
    }
}

}  // namespace em

extern "C" {

__attribute__((visibility("default"))) em::Device* em_cuda_open_device(const em_context_options* options) {
    em::Device* device = nullptr;
    em::guard("CUDA", [&] { device = new em::CudaDevice(*options); });
    return device;
}
}

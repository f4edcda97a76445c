// The GPU behind the table of kernels: opening it, memory, what it waits for; programs.cu has its programs.
#include <cuda_profiler_api.h>

#include <cstdlib>
#include <cstring>

#include "common/guard.h"
#include "cuda/device.h"
#include "cuda/gpus.h"
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
      split_products_(finish_products_ && switched_on("EM_SPLIT_PRODUCTS", false)),
      split_attention_(choice("EM_SPLIT_ATTENTION")),
      synchronous_(switched_on("EM_SYNC", false)),
      graphs_(!synchronous_ && switched_on("EM_GRAPHS", true)) {
    const int count = gpu_count();
    if (ordinal_ < 0 || ordinal_ >= count) {
        EM_FAIL(EM_UNAVAILABLE, "device %d is not one of the %d GPUs of this machine", ordinal_, count);
    }
    make_current();
    EM_CUDA(cudaGetDeviceProperties(&properties_, ordinal_));
    require_usable(properties_);
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
           (split_products_ ? ", products in float32 split for tensor cores" : "") +
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
    const bool split = split_products_ && arithmetic == EM_FLOAT32;
    return own_products_ || split || (finish_products_ && em::own_product(args, arithmetic));
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

void CudaDevice::make_current() const {
    thread_local int current = -1;
    if (current != ordinal_) {
        EM_CUDA(cudaSetDevice(ordinal_));
        current = ordinal_;
    }
}

cudaStream_t CudaDevice::stream() const {
    make_current();
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

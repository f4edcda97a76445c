#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "gpu.h"

namespace ladder {
namespace {

constexpr int THREADS = 256;
constexpr int64_t FLOATS = EMULATED ? int64_t{8} << 20 : int64_t{768} << 20;

// The bits of an integer mixed well (the finaliser of MurmurHash3).
EM_DEVICE uint32_t mixed(uint32_t x) {
    x ^= x >> 16;
    x *= 0x85ebca6bu;
    x ^= x >> 13;
    x *= 0xc2b2ae35u;
    return x ^ (x >> 16);
}

__global__ void fill_kernel(float* to, int64_t count, uint32_t seed) {
    for (int64_t i = thread_of_grid(); i < count; i += static_cast<int64_t>(gridDim.x) * blockDim.x) {
        const uint32_t bits = mixed(static_cast<uint32_t>(i) ^ mixed(static_cast<uint32_t>(i >> 32) + seed * 0x9e3779b9u));
        to[i] = (static_cast<float>(bits >> 8) * 0x1p-23f - 1.0f) * 1.7320508f;
    }
}

em_context* open(const std::string& library) {
    const em_context_options options{EM_DEVICE_CUDA, 0, 1, library.c_str(), nullptr};
    em_context* context = em_context_open(&options);
    if (context == nullptr) {
        throw std::runtime_error(em_last_error());
    }
    return context;
}

// What was captured on our own stream.
class Captured final : public em::Program {
public:
    Captured(cudaStream_t stream, cudaGraph_t graph, int64_t size) : stream_(stream), size_(size) {
        const cudaError_t error = cudaGraphInstantiate(&instance_, graph, 0);
        cudaGraphDestroy(graph);
        require(error, "cudaGraphInstantiate");
    }
    ~Captured() override { cudaGraphExecDestroy(instance_); }
    void run() override { LADDER_CUDA(cudaGraphLaunch(instance_, stream_)); }
    int64_t size() const override { return size_; }

private:
    cudaStream_t stream_;
    cudaGraphExec_t instance_ = nullptr;
    int64_t size_;
};

}  // namespace

void require(cudaError_t error, const char* what) {
    if (error != cudaSuccess) {
        throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(error));
    }
}

Gpu::Gpu(const std::string& library, const std::vector<std::string>& products) {
    unsetenv("EM_OWN_PRODUCTS");
    for (int split : {0, 1}) {
        setenv("EM_SPLIT_ATTENTION", split == 0 ? "0" : "1", 1);
        attention_[split] = open(library);
    }
    unsetenv("EM_SPLIT_ATTENTION");
    for (em_context** own : {&own_, &split_}) {
        setenv("EM_SPLIT_PRODUCTS", own == &split_ ? "1" : "0", 1);
        *own = open(library);
        if (em_set_products(*own, nullptr) != EM_OK) {
            throw std::runtime_error(em_last_error());
        }
    }
    unsetenv("EM_SPLIT_PRODUCTS");
    setenv("EM_OWN_PRODUCTS", "0", 1);  // the second context leaves all products to the library
    library_ = open(library);
    why_ = products.empty() ? "no libcublasLt was named" : "";
    bool found = false;
    for (const std::string& product : products) {
        if (em_set_products(library_, product.c_str()) == EM_OK) {
            found = true;
            break;
        }
        why_ = em_last_error();
    }
    if (!found) {
        em_context_close(library_);
        library_ = nullptr;
    }
    LADDER_CUDA(cudaSetDevice(0));
    LADDER_CUDA(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
    cudaDeviceProp properties{};
    LADDER_CUDA(cudaGetDeviceProperties(&properties, 0));
    multiprocessors_ = properties.multiProcessorCount;
    void* memory = nullptr;
    LADDER_CUDA(cudaMalloc(&memory, sizeof(float) * FLOATS));
    memory_ = {memory, FLOATS, own_};
}

Gpu::~Gpu() {
    cudaFree(memory_.data);
    cudaStreamDestroy(stream_);
    em_context_close(library_);
    em_context_close(own_);
    em_context_close(split_);
    em_context_close(attention_[0]);
    em_context_close(attention_[1]);
}

std::string Gpu::description() const { return em_context_description(library_ == nullptr ? own_ : library_); }

float* Gpu::take(int64_t floats) {
    constexpr int64_t aligned = 64;
    float* const at = static_cast<float*>(memory_.data) + taken_;
    taken_ += em::ceil_div(floats, aligned) * aligned;
    if (taken_ > FLOATS) {
        throw std::runtime_error("a ladder needs more memory than was set aside: " + std::to_string(taken_) + " floats");
    }
    return at;
}

em_tensor Gpu::tensor(float* at, int64_t replica_stride) { return {&memory_, at - static_cast<float*>(memory_.data), replica_stride}; }

void Gpu::fill(float* to, int64_t count, uint32_t seed) {
    constexpr int64_t most = 4096;
    launch(stream_, fill_kernel, dim3(blocks_of(std::min(count, most * THREADS), THREADS)), dim3(THREADS), to, count, seed);
}

void Gpu::poison(float* to, int64_t count) { LADDER_CUDA(cudaMemsetAsync(to, 0xff, sizeof(float) * static_cast<size_t>(count), stream_)); }

void Gpu::write(float* to, const void* from, int64_t count) {
    LADDER_CUDA(cudaMemcpyAsync(to, from, sizeof(float) * static_cast<size_t>(count), cudaMemcpyHostToDevice, stream_));
    LADDER_CUDA(cudaStreamSynchronize(stream_));
}

void Gpu::read(void* to, const void* from, int64_t bytes) {
    LADDER_CUDA(cudaMemcpyAsync(to, from, static_cast<size_t>(bytes), cudaMemcpyDeviceToHost, stream_));
    LADDER_CUDA(cudaStreamSynchronize(stream_));
}

void Gpu::copy(float* to, const float* from, int64_t count) {
    LADDER_CUDA(cudaMemcpyAsync(to, from, sizeof(float) * static_cast<size_t>(count), cudaMemcpyDeviceToDevice, stream_));
}

void Gpu::wait() {
    own().idle();
    attention(false).idle();
    attention(true).idle();
    if (library() != nullptr) {
        library()->idle();
    }
    LADDER_CUDA(cudaStreamSynchronize(stream_));
#if !defined(EM_EMU)
    LADDER_CUDA(cudaDeviceSynchronize());
#endif
}

std::unique_ptr<em::Program> Gpu::program(const Rung& rung, int64_t sets) {
    if (rung.device != nullptr) {
        // Every operation a group of its own, so that nothing is joined.
        std::vector<em::Operation> operations;
        std::vector<em::Group> groups;
        for (int64_t set = 0; set < sets; ++set) {
            operations.push_back({em::Kind::other, nullptr, [issue = rung.issue, set] { issue(set); }, rung.arithmetic});
            groups.push_back({em::Join::none, {{static_cast<size_t>(set), em::Part::whole}}});
        }
        return rung.device->program(operations, groups);
    }
    cudaGraph_t graph = nullptr;
    LADDER_CUDA(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeRelaxed));
    try {
        for (int64_t set = 0; set < sets; ++set) {
            rung.issue(set);
        }
    } catch (...) {
        cudaStreamEndCapture(stream_, &graph);
        cudaGraphDestroy(graph);
        throw;
    }
    LADDER_CUDA(cudaStreamEndCapture(stream_, &graph));
    return std::make_unique<Captured>(stream_, graph, sets);
}

double Gpu::microseconds(em::Program& program, int64_t operations) {
    constexpr double round = 1.5e-3;  // seconds, beside which starting and waiting do not count
    constexpr int rounds = 7;
    const auto seconds = [&](int64_t replays) {
        wait();
        const auto start = std::chrono::steady_clock::now();
        for (int64_t i = 0; i < replays; ++i) {
            program.run();
        }
        wait();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    const double once = seconds(1);
    const int64_t replays = std::max<int64_t>(1, static_cast<int64_t>(std::ceil(round / once)));
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        times.push_back(seconds(replays));
    }
    std::sort(times.begin(), times.end());
    return 1e6 * times[rounds / 2] / static_cast<double>(replays * operations);
}

}  // namespace ladder

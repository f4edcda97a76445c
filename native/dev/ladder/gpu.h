// What the ladders share: a GPU, its memory, programs over several sets of inputs, and their times.
//
// The lower rungs are launched here, on a stream of our own. The last rungs are the library's own kernels, called through its table of
// operations (common/device.h) on contexts that multiply by our own kernel, in float32 by numbers as they are or split, or by cublasLt.
#pragma once
#include <cuda_runtime.h>

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "common/context.h"
#include "cuda/launch.h"

namespace ladder {

#if defined(EM_EMU)
constexpr bool EMULATED = true;  // values alone, of small shapes
#else
constexpr bool EMULATED = false;
#endif

// Inputs are changed from one operation to the next, so that none is still in the cache: 50 MB on an H100, 60 MB on an H200.
constexpr int64_t ROTATED_BYTES = int64_t{200} << 20;
constexpr int64_t MOST_SETS = 256;

void require(cudaError_t error, const char* what);
#define LADDER_CUDA(call) ::ladder::require((call), #call)

// One form of an operation.
struct Rung {
    std::string name;
    int32_t arithmetic;                      // an em_arithmetic
    double bound;                            // of the worst error, in units of the root mean square of the true values
    double predicted;                        // us, by arithmetic, at the rates of an H200; 0: no prediction
    em::Device* device;                      // whose kernels issue() calls; null: issue() launches on the GPU's own stream
    std::function<void(int64_t set)> issue;  // starts the operation on one set of inputs
};

class Gpu {
public:
    // library: a libemergence_cuda.so; products: candidates for libcublasLt, of which the first that can be used is taken.
    Gpu(const std::string& library, const std::vector<std::string>& products);
    ~Gpu();
    Gpu(const Gpu&) = delete;
    Gpu& operator=(const Gpu&) = delete;

    em::Device& own() const { return *own_->device; }
    // The same library, whose products in float32 split numbers for tensor cores.
    em::Device& split() const { return *split_->device; }
    // The same library, whose attention in float32 splits numbers for tensor cores, always or never.
    em::Device& attention(bool split) const { return *attention_[split ? 1 : 0]->device; }
    // Null where there is no cublasLt; why() says why.
    em::Device* library() const { return library_ == nullptr ? nullptr : library_->device.get(); }
    const std::string& why() const { return why_; }
    cudaStream_t stream() const { return stream_; }
    int64_t multiprocessors() const { return multiprocessors_; }
    std::string description() const;

    // Floats of device memory, aligned to 256 bytes, until release() gives all of it back.
    float* take(int64_t floats);
    void release() { taken_ = 0; }
    // Memory that was taken, as the library sees it.
    em_tensor tensor(float* at, int64_t replica_stride = 0);
    // Numbers between -1.73 and 1.73 with variance 1, of a seed; NaN.
    void fill(float* to, int64_t count, uint32_t seed);
    void poison(float* to, int64_t count);
    void write(float* to, const void* from, int64_t count);
    void read(void* to, const void* from, int64_t bytes);
    void copy(float* to, const float* from, int64_t count);

    // Waits for all work. Throws std::runtime_error when some failed.
    void wait();
    // The operation on each of the sets in turn, as one graph.
    std::unique_ptr<em::Program> program(const Rung& rung, int64_t sets);
    // Of one of the operations of a program: the median of several rounds of replays.
    double microseconds(em::Program& program, int64_t operations);

private:
    em_context* own_ = nullptr;
    em_context* split_ = nullptr;
    em_context* library_ = nullptr;
    em_context* attention_[2] = {};
    std::string why_;
    cudaStream_t stream_ = nullptr;
    em_buffer memory_{nullptr, 0, nullptr};
    int64_t taken_ = 0;
    int64_t multiprocessors_ = 1;
};

// Sets of inputs and outputs of so many bytes each that are needed.
inline int64_t sets_of(int64_t bytes) {
    if (EMULATED) {
        return 2;
    }
    const int64_t wanted = (ROTATED_BYTES + bytes - 1) / bytes;
    return wanted < 1 ? 1 : (wanted < MOST_SETS ? wanted : MOST_SETS);
}

template <class... P, class... A>
void launch(cudaStream_t stream, void (*kernel)(P...), dim3 grid, dim3 block, const A&... arguments) {
#if defined(EM_EMU)
    require(emu::launch<P...>({"a kernel of a ladder", grid, block, 0}, stream, kernel, arguments...), "a launch");
#else
    std::tuple<P...> copies(arguments...);
    std::apply(
        [&](P&... copy) {
            void* pointers[] = {&copy...};
            require(cudaLaunchKernel(reinterpret_cast<const void*>(kernel), grid, block, pointers, 0, stream), "a launch");
        },
        copies);
#endif
}

inline unsigned blocks_of(int64_t threads, int64_t block) { return static_cast<unsigned>(em::ceil_div(threads, block)); }

EM_DEVICE int64_t thread_of_grid() { return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; }

}  // namespace ladder

// The GPU behind the table of kernels: one stream, memory, a workspace, programs as CUDA graphs.
#pragma once
#include <cuda_runtime.h>

#include <memory>
#include <optional>
#include <vector>

#include "common/device.h"
#include "common/split_attention.h"
#include "cuda/products.h"

namespace em {

// Where a CUDA call or a launch stands in our sources; what it is.
struct Where {
    const char* what;
    const char* file;
    int line;
};

// Throws when a CUDA call failed; cudaErrorMemoryAllocation as EM_OUT_OF_MEMORY.
void require_cuda(cudaError_t error, const Where& where);

#define EM_CUDA(call) ::em::require_cuda((call), {#call, __FILE__, __LINE__})

// What kernels complain about to the host, which raises it at its next wait.
enum Complaint : int32_t {
    NO_COMPLAINT = 0,
    BAD_TOKEN = 1,
    BAD_IN_CONTEXT = 2,
    BAD_POSITION = 3,
    BAD_CLASS = 4,
    NO_BATCH = 5,
    BAD_INDEX = 6,
    TOO_MANY_MARKS = 7
};

class CudaDevice final : public Device {
public:
    explicit CudaDevice(const em_context_options& options);
    ~CudaDevice() override;
    CudaDevice(const CudaDevice&) = delete;
    CudaDevice& operator=(const CudaDevice&) = delete;

    const Kernels& kernels() const override;
    std::string description() const override;
    void* allocate(int64_t bytes) override;
    void release(void* memory, int64_t bytes) override;
    void* allocate_shared(int64_t bytes) override;
    void release_shared(void* memory) override;
    void idle() override;
    int64_t free_bytes() override;
    void upload(void* to, const void* from, int64_t bytes) override;
    void download(void* to, const void* from, int64_t bytes) override;
    std::unique_ptr<Program> program(const std::vector<Operation>& operations, const std::vector<Group>& groups) override;

    void set_arithmetic(int32_t arithmetic) override { arithmetic_ = arithmetic; }
    void set_products(const char* library) override;
    bool own_product(const em_gemm_args& args, int32_t arithmetic) const override;
    void prepare(const em_gemm_args& args) override;
    bool ranges() const override { return !graphs_; }
    void range_push(const char* name) override;
    void range_pop() override;
    void profiler(bool on) override;

    // Makes this GPU the calling thread's, too.
    cudaStream_t stream() const;
    // Of the operation that is being issued: an em_arithmetic.
    int32_t arithmetic() const override { return arithmetic_; }
    // Whether attention in float32 splits what it multiplies for tensor cores.
    bool splits_attention(int64_t queries, int64_t keys, int64_t head_dim) const {
        return split_attention_ ? *split_attention_ && can_split_attention(queries, head_dim) : split_attention(queries, keys, head_dim);
    }
    // Whether our own products in float32 split what they multiply for tensor cores.
    bool splits_products() const { return split_products_; }
    // What multiplies where our own kernel does not; null where that does all. Throws Error(EM_FAILED) where nothing was chosen.
    Products* products() const;
    // Scratch for one operation, aligned to 256 bytes. What programs were captured with stays theirs.
    float* workspace(int64_t floats);
    // Counters, zero when an operation starts; it leaves them zero.
    unsigned* tickets(int64_t count);
    // Where kernels complain, see complain() in launch.h.
    int32_t* complaints() const { return complaints_; }
    // Lets the host run `body` each time that the stream comes to it. It may wait, but calls nothing of CUDA; it must stay where it is.
    void call_host(std::function<void()>& body);
    // What the host itself complains about, in such a call; raised at the next wait.
    void complain(const std::string& text);
    int64_t multiprocessors() const { return properties_.multiProcessorCount; }
    // Shared memory that a block may ask for.
    int64_t shared_limit() const { return static_cast<int64_t>(properties_.sharedMemPerBlockOptin); }
    // Checks a launch; waits for it when EM_SYNC is set.
    void launched(cudaError_t error, const Where& where) const;
    // Waits for the stream and raises what kernels complained about.
    void wait() const;

private:
    // Makes this GPU the calling thread's; nothing else may set it.
    void make_current() const;
    void* reserve(std::vector<void*>& blocks, int64_t& held, int64_t bytes);
    std::unique_ptr<Program> capture(const std::vector<std::function<void()>>& issued, int64_t size);

    int ordinal_;
    cudaDeviceProp properties_{};
    cudaStream_t stream_ = nullptr;
    cudaStream_t memory_stream_ = nullptr;  // clears memory while stream_ captures
    int32_t* complaints_ = nullptr;
    std::string host_complaint_;
    std::vector<void*> workspaces_, counters_;
    int64_t workspace_bytes_ = 0, counter_bytes_ = 0;
    int32_t arithmetic_ = EM_FLOAT32;
    std::unique_ptr<Products> products_;
    bool own_products_ = false;            // for all products
    bool finish_products_;                 // EM_OWN_PRODUCTS=0 leaves all to the library, to measure what that costs
    bool split_products_;                  // EM_SPLIT_PRODUCTS=1: all products in float32 are our own, and split
    std::optional<bool> split_attention_;  // EM_SPLIT_ATTENTION: 1 in all of attention, 0 in none, in place of the rule
    bool synchronous_;                     // EM_SYNC: wait after each launch
    bool graphs_;                          // EM_GRAPHS=0 replays programs launch by launch, so that profilers see our ranges
};

inline CudaDevice& cuda(Device& device) { return static_cast<CudaDevice&>(device); }

}  // namespace em

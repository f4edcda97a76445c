// What all kernels share: launching, shared memory, how they see tensors. Kernels are launched by EM_LAUNCH and declare shared memory by
// EM_SHARED and EM_DYNAMIC_SHARED, so that the same sources also run on the host (tests/native/emu).
#pragma once
#include <tuple>

#include "common/buffer.h"
#include "common/error.h"
#include "cuda/device.h"

#if defined(EM_EMU)
#define EM_SHARED(type, name, extents) \
    auto& name = *static_cast<type(*) extents>(::emu::shared_array({__FILE__, __LINE__}, sizeof(type extents)))
#define EM_DYNAMIC_SHARED(type, name) type* const name = static_cast<type*>(::emu::dynamic_shared_array())
#else
// 16 bytes whatever the type: rows of floats are read four at a time.
#define EM_SHARED(type, name, extents) __shared__ __align__(16) type name extents
#define EM_DYNAMIC_SHARED(type, name)             \
    extern __shared__ float4 em_dynamic_shared[]; \
    type* const name = reinterpret_cast<type*>(em_dynamic_shared)
#endif

#define EM_DEVICE __device__ __forceinline__

namespace em {

constexpr int WARP = 32;
constexpr uint32_t ALL_LANES = 0xffffffffu;
constexpr int64_t MAX_GRID_YZ = 65535;
// Replicas, or other tasks, that the last dimension of a grid has at most. In the emulation few, so that kernels go through their loops.
#if defined(EM_EMU)
constexpr int64_t MAX_GRID_TASKS = 2;
#else
constexpr int64_t MAX_GRID_TASKS = MAX_GRID_YZ;
#endif

__host__ __device__ constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

// Blocks, threads a block, bytes of dynamic shared memory.
struct Shape {
    dim3 grid, block;
    int64_t shared = 0;
};

// A grid (x, y, replicas); kernels loop over more replicas than a grid can have.
inline dim3 grid_of(int64_t x, int64_t y, int64_t replicas) {
    EM_REQUIRE(x <= INT32_MAX && y <= MAX_GRID_YZ, "too large for a GPU: a grid of %lld by %lld blocks", (long long)x, (long long)y);
    return dim3(static_cast<unsigned>(x), static_cast<unsigned>(y),
                static_cast<unsigned>(replicas < MAX_GRID_TASKS ? replicas : MAX_GRID_TASKS));
}

// Lets a kernel have so much dynamic shared memory on the GPU, which is the thread's.
inline void allow_shared(const CudaDevice& device, const void* kernel, int64_t bytes, const Where& where) {
    cudaFuncAttributes now{};
    require_cuda(cudaFuncGetAttributes(&now, kernel), where);
    const int64_t all = bytes + static_cast<int64_t>(now.sharedSizeBytes);  // with what the kernel declares itself
    if (all > device.shared_limit()) {
        fail(EM_FAILED, where.file, where.line, "%s needs %lld bytes of shared memory, this GPU has %lld a block", where.what,
             (long long)all, (long long)device.shared_limit());
    }
    // The limit of a kernel as compiled is 48 KiB less its static shared memory.
    // Only ever raised: a program captured before may need more of the same kernel.
    if (bytes > now.maxDynamicSharedSizeBytes) {
        require_cuda(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes)), where);
    }
}

template <class... P, class... A>
void launch(const CudaDevice& device, const Where& where, void (*kernel)(P...), const Shape& shape, const A&... arguments) {
    const void* function = reinterpret_cast<const void*>(kernel);
    const cudaStream_t stream = device.stream();  // first: it makes this GPU the thread's, whose limit is raised below
    if (shape.shared > 0) {
        allow_shared(device, function, shape.shared, where);
    }
#if defined(EM_EMU)
    const emu::LaunchShape emulated{where.what, shape.grid, shape.block, static_cast<size_t>(shape.shared)};
    device.launched(emu::launch<P...>(emulated, stream, kernel, arguments...), where);
#else
    std::tuple<P...> copies(arguments...);
    std::apply(
        [&](P&... copy) {
            void* pointers[] = {&copy...};
            device.launched(cudaLaunchKernel(function, shape.grid, shape.block, pointers, static_cast<size_t>(shape.shared), stream),
                            where);
        },
        copies);
#endif
}

// EM_LAUNCH(device, kernel, shape, arguments...); a kernel with several template arguments in parentheses.
#define EM_LAUNCH(device, kernel, ...) ::em::launch(device, {#kernel, __FILE__, __LINE__}, kernel, __VA_ARGS__)

// A tensor as kernels see it: where replica 0 starts, elements between replicas. Absent: no address.
template <class T>
struct View {
    T* base;
    int64_t stride;

    EM_DEVICE T* operator()(int64_t replica) const { return base + replica * stride; }
};

template <class T = float>
View<T> view(const em_tensor& tensor) {
    if (tensor.buffer == nullptr) {
        return {nullptr, 0};
    }
    return {data<T>(tensor, 0), tensor.replica_stride};
}

// Whether rows of `elements` of a tensor can be read four at a time in every replica.
inline bool by_fours(const em_tensor& tensor, int64_t replicas, int64_t elements) {
    const bool aligned = tensor.buffer == nullptr || reinterpret_cast<uintptr_t>(data(tensor, 0)) % 16 == 0;
    return aligned && elements % 4 == 0 && (replicas == 1 || tensor.buffer == nullptr || tensor.replica_stride % 4 == 0);
}

template <class... More>
bool by_fours(int64_t replicas, int64_t elements, const More&... tensors) {
    return (by_fours(tensors, replicas, elements) && ...);
}

// a / b, by 32-bit arithmetic where that does: a 64-bit division costs some forty instructions.
EM_DEVICE int64_t quotient(int64_t a, int64_t b) {
    if (((a | b) >> 32) == 0) {
        return static_cast<uint32_t>(a) / static_cast<uint32_t>(b);
    }
    return a / b;
}

// Writes aligned numbers to global memory in one instruction. A plain store through a float4* is split into four where the compiler cannot
// see the alignment of `to`, as in base + replica * stride + i: four times the requests to the L2 cache.
template <class Wide>
EM_DEVICE void store_wide(float* to, const Wide& value) {
    __stwb(reinterpret_cast<Wide*>(to), value);
}

// Tells the host, which raises it at its next wait. Whatever thread comes last is heard.
EM_DEVICE void complain(int32_t* complaints, Complaint complaint) {
#if defined(EM_EMU)
    __atomic_store_n(complaints, static_cast<int32_t>(complaint), __ATOMIC_RELAXED);
#else
    *reinterpret_cast<volatile int32_t*>(complaints) = complaint;
#endif
}

}  // namespace em

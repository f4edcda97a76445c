#include <dlfcn.h>

#include <vector>

#include "common/guard.h"
#include "cuda/launch.h"
#include "cuda/products.h"

namespace em {
namespace {

// What NVIDIA recommends for Hopper; smaller GPUs need less.
constexpr size_t WORKSPACE_BYTES = size_t{32} << 20;
// The library orders what it finds by expected speed.
constexpr int32_t CANDIDATES = 16;

void require_lt(const char* function, int32_t status) {
    if (status != lt::SUCCESS) {
        EM_FAIL(EM_FAILED, "%s: cuBLAS status %d", function, status);
    }
}

// Of every replica, up to the 16 bytes that the widest loads need. The same for one replica as for many, since those that lie beside each
// other are padded to start alike (tensor/Scope.java).
uint32_t alignment(const em_tensor& tensor, int64_t replicas) {
    const uint64_t apart = replicas == 1 ? 0 : static_cast<uint64_t>(4 * tensor.replica_stride);
    const uint64_t bits = reinterpret_cast<uintptr_t>(data(tensor, 0)) | apart | 16;
    return static_cast<uint32_t>(bits & (~bits + 1));
}

int32_t compute_of(int32_t arithmetic) {
    switch (arithmetic) {
        case EM_TF32:
            return lt::COMPUTE_32F_FAST_TF32;
        case EM_BF16:
            return lt::COMPUTE_32F_FAST_16BF;
        default:
            return lt::COMPUTE_32F;
    }
}

}  // namespace

// One of the library's objects, given back at the end of its scope.
struct Products::Held {
    lt::Object object = nullptr;
    int32_t (*destroy)(lt::Object);

    explicit Held(int32_t (*destroy)(lt::Object)) : destroy(destroy) {}
    ~Held() {
        if (object != nullptr) {
            destroy(object);
        }
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
};

// A product of `batch` replicas as the library is told it: row-major C is column-major C^T = op(B)^T op(A)^T.
struct Products::Problem {
    const lt::Functions& lt;
    Held desc, left, right, to;  // left is b, right is a
    int64_t batch;

    Problem(const lt::Functions& lt, const em_gemm_args& a, int32_t arithmetic, int64_t batch)
        : lt(lt),
          desc(lt.cublasLtMatmulDescDestroy),
          left(lt.cublasLtMatrixLayoutDestroy),
          right(lt.cublasLtMatrixLayoutDestroy),
          to(lt.cublasLtMatrixLayoutDestroy),
          batch(batch) {
        require_lt("cublasLtMatmulDescCreate", lt.cublasLtMatmulDescCreate(&desc.object, compute_of(arithmetic), lt::REAL_32F));
        transpose(lt::DESC_TRANSA, a.trans_b != 0);
        transpose(lt::DESC_TRANSB, a.trans_a != 0);
        layout(left, a.trans_b ? a.k : a.n, a.trans_b ? a.n : a.k, a.b.replica_stride);
        layout(right, a.trans_a ? a.m : a.k, a.trans_a ? a.k : a.m, a.a.replica_stride);
        layout(to, a.n, a.m, a.c.replica_stride);
    }

    void transpose(int32_t attribute, bool transposed) {
        const int32_t operation = transposed ? lt::TRANSPOSED : 0;
        require_lt("cublasLtMatmulDescSetAttribute",
                   lt.cublasLtMatmulDescSetAttribute(desc.object, attribute, &operation, sizeof operation));
    }

    void layout(Held& held, int64_t rows, int64_t columns, int64_t stride) {
        require_lt("cublasLtMatrixLayoutCreate", lt.cublasLtMatrixLayoutCreate(&held.object, lt::REAL_32F, static_cast<uint64_t>(rows),
                                                                               static_cast<uint64_t>(columns), rows));
        if (batch > 1) {
            const auto count = static_cast<int32_t>(batch);
            require_lt("cublasLtMatrixLayoutSetAttribute",
                       lt.cublasLtMatrixLayoutSetAttribute(held.object, lt::LAYOUT_BATCH_COUNT, &count, sizeof count));
            require_lt("cublasLtMatrixLayoutSetAttribute",
                       lt.cublasLtMatrixLayoutSetAttribute(held.object, lt::LAYOUT_BATCH_STRIDE, &stride, sizeof stride));
        }
    }
};

Products::Products(CudaDevice& device, const char* library) : device_(device) {
    open(library);
    int driver = 0;
    EM_CUDA(cudaDriverGetVersion(&driver));
    const auto needed = static_cast<int>(lt_.cublasLtGetCudartVersion());
    if (needed / 1000 > driver / 1000) {
        EM_FAIL(EM_UNAVAILABLE, "%s is of CUDA %d.%d, and the driver supports CUDA %d.%d", library, needed / 1000, needed % 1000 / 10,
                driver / 1000, driver % 1000 / 10);
    }
    device.stream();
    const int32_t status = lt_.cublasLtCreate(&handle_);
    if (status != lt::SUCCESS) {
        EM_FAIL(EM_UNAVAILABLE, "%s cannot be used here: cublasLtCreate: cuBLAS status %d", library, status);
    }
    try {
        workspace_ = device.allocate(static_cast<int64_t>(WORKSPACE_BYTES));
    } catch (...) {
        lt_.cublasLtDestroy(handle_);
        throw;
    }
    const size_t version = lt_.cublasLtGetVersion();
    // 120804 is 12.8.4.
    description_ =
        "cublasLt " + std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." + std::to_string(version % 100);
}

// The library stays loaded, as the driver does.
void Products::open(const char* library) {
    void* loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (loaded == nullptr) {
        EM_FAIL(EM_UNAVAILABLE, "cannot load cuBLAS: %s", dlerror());
    }
    const auto find = [&](auto& function, const char* name) {
        function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(loaded, name));
        if (function == nullptr) {
            EM_FAIL(EM_UNAVAILABLE, "%s is not NVIDIA's libcublasLt: it has no %s", library, name);
        }
    };
#define X(name, parameters) find(lt_.name, #name);
    EM_LT_FUNCTIONS(X)
#undef X
    find(lt_.cublasLtGetVersion, "cublasLtGetVersion");
    find(lt_.cublasLtGetCudartVersion, "cublasLtGetCudartVersion");
}

Products::~Products() {
    lt_.cublasLtDestroy(handle_);
    device_.release(workspace_, static_cast<int64_t>(WORKSPACE_BYTES));
}

Products::Key Products::key(const em_gemm_args& a) const {
    const auto aligned = [&](const em_tensor& tensor) { return alignment(tensor, a.replicas); };
    return {a.m, a.n, a.k, a.trans_a != 0, a.trans_b != 0, device_.arithmetic(), aligned(a.a), aligned(a.b), aligned(a.c)};
}

bool Products::fits(const Problem& problem, const lt::Algorithm& algorithm) const {
    lt::Heuristic result{};
    return lt_.cublasLtMatmulAlgoCheck(handle_, problem.desc.object, problem.left.object, problem.right.object, problem.to.object,
                                       problem.to.object, &algorithm, &result) == lt::SUCCESS &&
           result.status == lt::SUCCESS && result.workspace_bytes <= WORKSPACE_BYTES;
}

// The first that can also multiply several replicas, else the first of all.
Products::Choice Products::choose(const em_gemm_args& a, const Key& key) const {
    Held preference(lt_.cublasLtMatmulPreferenceDestroy);
    require_lt("cublasLtMatmulPreferenceCreate", lt_.cublasLtMatmulPreferenceCreate(&preference.object));
    const auto prefer = [&](int32_t attribute, auto value) {
        require_lt("cublasLtMatmulPreferenceSetAttribute",
                   lt_.cublasLtMatmulPreferenceSetAttribute(preference.object, attribute, &value, sizeof value));
    };
    prefer(lt::PREFERENCE_WORKSPACE_BYTES, uint64_t{WORKSPACE_BYTES});
    prefer(lt::PREFERENCE_REDUCTIONS, uint32_t{0});  // every sum in one sequence
    prefer(lt::PREFERENCE_ALIGNMENT_A, std::get<7>(key));
    prefer(lt::PREFERENCE_ALIGNMENT_B, std::get<6>(key));
    prefer(lt::PREFERENCE_ALIGNMENT_C, std::get<8>(key));
    prefer(lt::PREFERENCE_ALIGNMENT_D, std::get<8>(key));
    const Problem one(lt_, a, device_.arithmetic(), 1);
    std::vector<lt::Heuristic> found(CANDIDATES);
    int32_t count = 0;
    require_lt("cublasLtMatmulAlgoGetHeuristic",
               lt_.cublasLtMatmulAlgoGetHeuristic(handle_, one.desc.object, one.left.object, one.right.object, one.to.object, one.to.object,
                                                  preference.object, CANDIDATES, found.data(), &count));
    const Problem two(lt_, a, device_.arithmetic(), 2);
    const lt::Algorithm* first = nullptr;
    for (int32_t i = 0; i < count; ++i) {
        if (found[i].status != lt::SUCCESS || !fits(one, found[i].algorithm)) {
            continue;
        }
        if (fits(two, found[i].algorithm)) {
            return {found[i].algorithm, false};
        }
        first = first == nullptr ? &found[i].algorithm : first;
    }
    if (first == nullptr) {
        EM_FAIL(EM_FAILED, "%s has no algorithm with unsplit sums for a product of %lld by %lld by %lld", description_.c_str(),
                (long long)a.m, (long long)a.n, (long long)a.k);
    }
    return {*first, false};
}

Products::Choice& Products::choice(const em_gemm_args& args) {
    const Key wanted = key(args);
    const auto known = choices_.find(wanted);
    return known != choices_.end() ? known->second : choices_.emplace(wanted, choose(args, wanted)).first->second;
}

void Products::issue(const Problem& problem, const lt::Algorithm& algorithm, const em_gemm_args& args, int64_t first, float* to) const {
    const float one = 1;
    require_lt("cublasLtMatmul", lt_.cublasLtMatmul(handle_, problem.desc.object, &one, data(args.b, first), problem.left.object,
                                                    data(args.a, first), problem.right.object, &args.beta, to, problem.to.object, to,
                                                    problem.to.object, &algorithm, workspace_, WORKSPACE_BYTES, device_.stream()));
}

void Products::prepare(const em_gemm_args& args) {
    Choice& chosen = choice(args);
    if (!chosen.warm) {
        void* scratch = device_.allocate(4 * args.m * args.n);
        try {
            issue(Problem(lt_, args, device_.arithmetic(), 1), chosen.algorithm, args, 0, static_cast<float*>(scratch));
            device_.wait();
        } catch (...) {
            device_.idle();
            device_.release(scratch, 4 * args.m * args.n);
            throw;
        }
        device_.release(scratch, 4 * args.m * args.n);
        chosen.warm = true;
    }
}

// All replicas at once where the algorithm can; else one after another.
void Products::multiply(const em_gemm_args& args) {
    EM_REQUIRE(args.replicas <= INT32_MAX, "too many replicas for a product: %lld", (long long)args.replicas);
    const lt::Algorithm algorithm = choice(args).algorithm;
    const Problem all(lt_, args, device_.arithmetic(), args.replicas);
    if (args.replicas == 1 || fits(all, algorithm)) {
        issue(all, algorithm, args, 0, data(args.c, 0));
        return;
    }
    const Problem one(lt_, args, device_.arithmetic(), 1);
    for (int64_t r = 0; r < args.replicas; ++r) {
        issue(one, algorithm, args, r, data(args.c, r));
    }
}

}  // namespace em

// Stands in for NVIDIA's libcublasLt on the emulated GPU, for tests. It behaves as the real one may, where that matters to us: another
// algorithm (another order of sums) for another number of replicas, split sums where they are allowed, algorithms that need aligned
// operands or cannot multiply several replicas, and a refusal to be used for the first time within a capture.
//
// STANDIN_CUDA is the version of CUDA that it pretends to be of. A product of 31 by 31 by 31 fails.
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <set>
#include <tuple>
#include <vector>

#include "cuda/cublaslt.h"

#define EXPORTED extern "C" __attribute__((visibility("default")))

namespace {

using em::lt::Algorithm;
using em::lt::Heuristic;
using em::lt::Object;

constexpr int32_t INVALID = 7, FAILED = 13, NOT_SUPPORTED = 15;

enum Order : uint64_t { FORWARD = 1, BACKWARD, PAIRS, SPLIT };

struct Desc {
    int32_t compute, trans_a = 0, trans_b = 0;
};

struct Layout {
    int64_t rows, columns, ld;
    int32_t batch = 1;
    int64_t stride = 0;
};

struct Preference {
    uint32_t reductions = 7;
    uint32_t alignment[4] = {256, 256, 256, 256};
};

const Desc& desc(Object o) { return *static_cast<Desc*>(o); }
const Layout& layout(Object o) { return *static_cast<Layout*>(o); }

bool supports(uint64_t order, const Layout& d) {
    if (d.batch == 1) {
        return true;
    }
    return order == PAIRS ? d.rows % 8 == 0 : order != FORWARD || d.columns % 2 == 0;
}

float rounded(float value, int32_t compute) {
    const int dropped = compute == em::lt::COMPUTE_32F_FAST_TF32 ? 13 : compute == em::lt::COMPUTE_32F_FAST_16BF ? 16 : 0;
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    bits = dropped == 0 ? bits : (bits + (1u << (dropped - 1))) & ~((1u << dropped) - 1);
    std::memcpy(&value, &bits, sizeof bits);
    return value;
}

struct Work {
    Desc desc;
    Layout a, b, d;
    const float *from_a, *from_b;
    float* to;
    float alpha, beta;
    uint64_t order;

    int64_t depth() const { return desc.trans_a ? a.rows : a.columns; }

    float term(int64_t r, int64_t i, int64_t j, int64_t l) const {
        const float left = from_a[r * a.stride + (desc.trans_a ? l + i * a.ld : i + l * a.ld)];
        const float right = from_b[r * b.stride + (desc.trans_b ? j + l * b.ld : l + j * b.ld)];
        return rounded(left, desc.compute) * rounded(right, desc.compute);
    }

    float sum(int64_t r, int64_t i, int64_t j) const {
        const int64_t k = depth();
        float parts[2] = {0, 0};
        for (int64_t at = 0; at < k; ++at) {
            const int64_t l = order == BACKWARD ? k - 1 - at : at;
            parts[order == PAIRS ? l % 2 : order == SPLIT ? l >= k / 2 : 0] += term(r, i, j, l);
        }
        return parts[0] + parts[1];
    }

    void run() const {
        for (int64_t r = 0; r < d.batch; ++r) {
            for (int64_t j = 0; j < d.columns; ++j) {
                for (int64_t i = 0; i < d.rows; ++i) {
                    float& at = to[r * d.stride + i + j * d.ld];
                    at = alpha * sum(r, i, j) + (beta == 0 ? 0 : beta * at);
                }
            }
        }
    }
};

std::mutex lock;
std::vector<std::unique_ptr<Work>> issued;  // captured programs run it again
std::set<std::tuple<uint64_t, int64_t, int64_t, int64_t, int32_t>> used;

bool aligned(const void* base, const Layout& l) {
    return reinterpret_cast<uintptr_t>(base) % 16 == 0 && (l.batch == 1 || l.stride % 4 == 0);
}

template <class T>
int32_t destroyed(Object o) {
    delete static_cast<T*>(o);
    return em::lt::SUCCESS;
}

}  // namespace

EXPORTED size_t cublasLtGetVersion() { return STANDIN_CUDA / 1000 * 10000 + 104; }
EXPORTED size_t cublasLtGetCudartVersion() { return STANDIN_CUDA; }

EXPORTED int32_t cublasLtCreate(Object* handle) {
    *handle = new Desc();
    return em::lt::SUCCESS;
}
EXPORTED int32_t cublasLtDestroy(Object handle) { return destroyed<Desc>(handle); }

EXPORTED int32_t cublasLtMatmulDescCreate(Object* made, int32_t compute, int32_t) {
    *made = new Desc{compute};
    return em::lt::SUCCESS;
}
EXPORTED int32_t cublasLtMatmulDescDestroy(Object o) { return destroyed<Desc>(o); }
EXPORTED int32_t cublasLtMatmulDescSetAttribute(Object o, int32_t attribute, const void* value, size_t bytes) {
    auto* made = static_cast<Desc*>(o);
    if (bytes != sizeof(int32_t) || (attribute != em::lt::DESC_TRANSA && attribute != em::lt::DESC_TRANSB)) {
        return INVALID;
    }
    std::memcpy(attribute == em::lt::DESC_TRANSA ? &made->trans_a : &made->trans_b, value, bytes);
    return em::lt::SUCCESS;
}

EXPORTED int32_t cublasLtMatrixLayoutCreate(Object* made, int32_t type, uint64_t rows, uint64_t columns, int64_t ld) {
    *made = new Layout{static_cast<int64_t>(rows), static_cast<int64_t>(columns), ld};
    return type == em::lt::REAL_32F && ld >= static_cast<int64_t>(rows) ? em::lt::SUCCESS : INVALID;
}
EXPORTED int32_t cublasLtMatrixLayoutDestroy(Object o) { return destroyed<Layout>(o); }
EXPORTED int32_t cublasLtMatrixLayoutSetAttribute(Object o, int32_t attribute, const void* value, size_t bytes) {
    auto* made = static_cast<Layout*>(o);
    const bool count = attribute == em::lt::LAYOUT_BATCH_COUNT;
    if (bytes != (count ? 4 : 8) || (!count && attribute != em::lt::LAYOUT_BATCH_STRIDE)) {
        return INVALID;
    }
    std::memcpy(count ? static_cast<void*>(&made->batch) : &made->stride, value, bytes);
    return em::lt::SUCCESS;
}

EXPORTED int32_t cublasLtMatmulPreferenceCreate(Object* made) {
    *made = new Preference();
    return em::lt::SUCCESS;
}
EXPORTED int32_t cublasLtMatmulPreferenceDestroy(Object o) { return destroyed<Preference>(o); }
EXPORTED int32_t cublasLtMatmulPreferenceSetAttribute(Object o, int32_t attribute, const void* value, size_t bytes) {
    auto* made = static_cast<Preference*>(o);
    if (attribute == em::lt::PREFERENCE_WORKSPACE_BYTES) {
        return bytes == 8 ? em::lt::SUCCESS : INVALID;
    }
    const bool reductions = attribute == em::lt::PREFERENCE_REDUCTIONS;
    if (bytes != 4 || (!reductions && (attribute < em::lt::PREFERENCE_ALIGNMENT_A || attribute > em::lt::PREFERENCE_ALIGNMENT_D))) {
        return INVALID;
    }
    std::memcpy(reductions ? &made->reductions : &made->alignment[attribute - em::lt::PREFERENCE_ALIGNMENT_A], value, bytes);
    return em::lt::SUCCESS;
}

EXPORTED int32_t cublasLtMatmulAlgoGetHeuristic(Object, Object, Object, Object, Object, Object d, Object preference, int32_t wanted,
                                                Heuristic* found, int32_t* count) {
    const auto& preferred = *static_cast<Preference*>(preference);
    std::vector<uint64_t> orders;
    if (preferred.reductions != 0) {
        orders.push_back(SPLIT);
    }
    bool wide = true;
    for (const uint32_t bytes : preferred.alignment) {
        wide = wide && bytes >= 16;
    }
    if (wide) {
        orders.push_back(PAIRS);
    }
    orders.push_back(layout(d).batch > 1 ? BACKWARD : FORWARD);
    *count = 0;
    for (const uint64_t order : orders) {
        if (*count < wanted && supports(order, layout(d))) {
            found[*count] = {};
            found[(*count)++].algorithm.data[0] = order;
        }
    }
    return em::lt::SUCCESS;
}

EXPORTED int32_t cublasLtMatmulAlgoCheck(Object, Object, Object, Object, Object, Object d, const Algorithm* algorithm, Heuristic* result) {
    *result = {};
    result->algorithm = *algorithm;
    return supports(algorithm->data[0], layout(d)) ? em::lt::SUCCESS : NOT_SUPPORTED;
}

EXPORTED int32_t cublasLtMatmul(Object, Object description, const void* alpha, const void* a, Object a_layout, const void* b,
                                Object b_layout, const void* beta, const void* c, Object, void* d, Object d_layout,
                                const Algorithm* algorithm, void* workspace, size_t, cudaStream_t stream) {
    auto work = std::make_unique<Work>(Work{desc(description), layout(a_layout), layout(b_layout), layout(d_layout),
                                            static_cast<const float*>(a), static_cast<const float*>(b), static_cast<float*>(d),
                                            *static_cast<const float*>(alpha), *static_cast<const float*>(beta), algorithm->data[0]});
    const bool wide = aligned(a, work->a) && aligned(b, work->b) && aligned(d, work->d);
    if (c != d || workspace == nullptr || !supports(work->order, work->d) || (work->order == PAIRS && !wide)) {
        return INVALID;
    }
    if (work->d.rows == 31 && work->d.columns == 31 && work->depth() == 31) {
        return FAILED;
    }
    cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
    cudaStreamIsCapturing(stream, &status);
    const std::lock_guard<std::mutex> guard(lock);
    const auto shape = std::make_tuple(work->order, work->d.rows, work->d.columns, work->depth(), work->desc.compute);
    if (status == cudaStreamCaptureStatusNone) {
        used.insert(shape);
    } else if (used.count(shape) == 0) {
        return FAILED;
    }
    issued.push_back(std::move(work));
    return cudaLaunchHostFunc(
               stream, [](void* at) { static_cast<Work*>(at)->run(); }, issued.back().get()) == cudaSuccess
               ? 0
               : FAILED;
}

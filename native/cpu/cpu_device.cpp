#include "cpu/cpu_device.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "common/error.h"
#include "cpu/parallel.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace em {

// The tables of kernels.cpp, one an instruction set.
#define DECLARE(isa)            \
    namespace isa {             \
    extern const Kernels TABLE; \
    }
#if defined(__aarch64__)
DECLARE(neon)
#else
DECLARE(plain)
#endif
#if defined(__x86_64__)
DECLARE(avx2)
DECLARE(avx512)
DECLARE(amx)
#endif

namespace {

constexpr int64_t HUGE_PAGE = INT64_C(2) << 20;

struct InstructionSet {
    const char* name;
    const Kernels* kernels;
    bool present;
};

#if defined(__x86_64__)
// Whether the processor multiplies tiles of bfloat16, and Linux lets this process use them: since 5.16 it must be asked, once.
bool has_tile_unit() {
    constexpr unsigned BFLOAT16 = 1u << 22, TILES = 1u << 24;
    constexpr int REQUEST_PERMISSION = 0x1023, TILE_DATA = 18;  // ARCH_REQ_XCOMP_PERM of asm/prctl.h, newer than some systems' headers
    unsigned a, b, c, features = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &features) != 0 && (features & BFLOAT16) != 0 && (features & TILES) != 0 &&
           syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}
#endif

// Best first. The last is what every processor of the architecture has: SSE4.2 (`plain`) on x86-64, NEON on 64-bit Arm.
std::vector<InstructionSet> instruction_sets() {
    std::vector<InstructionSet> sets;
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool wide = fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd");
    sets.push_back({"amx", &amx::TABLE, wide && has_tile_unit()});
    sets.push_back({"avx512", &avx512::TABLE, wide});
    sets.push_back({"avx2", &avx2::TABLE, fma});
#endif
#if defined(__aarch64__)
    sets.push_back({"neon", &neon::TABLE, true});
#else
    sets.push_back({"plain", &plain::TABLE, true});
#endif
    return sets;
}

// The best set that the processor has, or the one that is wanted.
InstructionSet choose(const char* wanted) {
    if (wanted == nullptr) {
        wanted = std::getenv("EM_ISA");
    }
    std::string known;
    for (const InstructionSet& set : instruction_sets()) {
        if (set.present && (wanted == nullptr || *wanted == '\0' || std::strcmp(wanted, set.name) == 0)) {
            return set;
        }
        known += set.present ? std::string(known.empty() ? "" : ", ") + set.name : "";
    }
    EM_FAIL(EM_UNAVAILABLE, "no kernels for instruction set %s on this processor; it has %s", wanted, known.c_str());
}

// As the kernel names it: a model on x86-64 and on macOS, numbers for the maker and the part on other Arm.
std::string processor() {
#if defined(__APPLE__)
    char name[128];
    size_t bytes = sizeof name;
    if (sysctlbyname("machdep.cpu.brand_string", name, &bytes, nullptr, 0) == 0) {
        return name;
    }
#endif
    std::ifstream file("/proc/cpuinfo");
    std::string maker;
    for (std::string line; std::getline(file, line);) {
        const size_t value = line.find(": ");
        if (value == std::string::npos) {
            continue;
        }
        if (line.rfind("model name", 0) == 0) {
            return line.substr(value + 2);
        } else if (line.rfind("CPU implementer", 0) == 0) {
            maker = line.substr(value + 2);
        } else if (line.rfind("CPU part", 0) == 0 && !maker.empty()) {
            return "Arm processor (maker " + maker + ", part " + line.substr(value + 2) + ")";
        }
    }
    return "unknown processor";
}

void* aligned(int64_t bytes) {
    // Not aligned_alloc, which wants whole multiples of the alignment and so would hide an access past the end from the sanitizers.
    const int64_t alignment = bytes >= HUGE_PAGE ? HUGE_PAGE : 64;
    void* memory = nullptr;
    if (posix_memalign(&memory, alignment, bytes) != 0) {
        EM_FAIL(EM_OUT_OF_MEMORY, "no memory for %lld bytes", (long long)bytes);
    }
#if defined(MADV_HUGEPAGE)
    if (alignment == HUGE_PAGE) {
        madvise(memory, bytes / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);  // advice only: small pages do as well, slower
    }
#endif
    return memory;
}

class CpuProgram final : public Program {
public:
    explicit CpuProgram(std::vector<Operation> operations) : operations_(std::move(operations)) {}
    void run() override {
        for (const Operation& operation : operations_) {
            operation.issue();
        }
    }
    int64_t size() const override { return static_cast<int64_t>(operations_.size()); }

private:
    std::vector<Operation> operations_;
};

}  // namespace

Scratch::~Scratch() { std::free(memory_); }

float* Scratch::at_least(int64_t floats) {
    if (floats > floats_) {
        std::free(memory_);
        memory_ = nullptr;
        floats_ = 0;
        memory_ = static_cast<float*>(aligned(floats * static_cast<int64_t>(sizeof(float))));
        floats_ = floats;
    }
    return memory_;
}

CpuDevice::CpuDevice(int threads, const char* instruction_set) : pool(threads), scratch(threads) {
    const InstructionSet chosen = choose(instruction_set);
    kernels_ = chosen.kernels;
    instruction_set_ = chosen.name;
}

std::string CpuDevice::description() const {
    return processor() + ", " + instruction_set_ + " kernels, " + std::to_string(pool.threads()) +
           (pool.threads() == 1 ? " thread" : " threads");
}

void* CpuDevice::allocate(int64_t bytes) {
    void* memory = aligned(bytes);
    std::memset(memory, 0, bytes);
    return memory;
}

void CpuDevice::release(void* memory, int64_t) { std::free(memory); }
void CpuDevice::upload(void* to, const void* from, int64_t bytes) { std::memcpy(to, from, bytes); }
void CpuDevice::download(void* to, const void* from, int64_t bytes) { std::memcpy(to, from, bytes); }

std::unique_ptr<Program> CpuDevice::program(const std::vector<Operation>& operations, const std::vector<Group>&) {
    return std::make_unique<CpuProgram>(operations);
}

std::unique_ptr<Device> open_cpu_device(const em_context_options& options) {
    EM_REQUIRE(options.threads >= 1 && options.threads <= 1024, "threads must be in 1..1024, got %d", options.threads);
    return std::make_unique<CpuDevice>(options.threads, options.instruction_set);
}

void parallel(Device& device, int64_t tasks, int64_t scratch_floats, void (*body)(const void*, int64_t, float*), const void* closure) {
    CpuDevice& cpu = static_cast<CpuDevice&>(device);
    struct Call {
        CpuDevice& cpu;
        int64_t scratch_floats;
        void (*body)(const void*, int64_t, float*);
        const void* closure;
    } call{cpu, scratch_floats, body, closure};
    cpu.pool.run(
        tasks,
        [](void* opaque, int64_t task, int thread) {
            Call& c = *static_cast<Call*>(opaque);
            c.body(c.closure, task, c.cpu.scratch[thread].at_least(c.scratch_floats));
        },
        &call);
}

float* workspace(Device& device, int64_t floats) { return static_cast<CpuDevice&>(device).shared.at_least(floats); }

}  // namespace em

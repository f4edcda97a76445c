#include "shared.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#if defined(EM_EMU_TSAN)
#include <sys/mman.h>
extern "C" void AnnotateIgnoreReadsBegin(const char*, int);
extern "C" void AnnotateIgnoreReadsEnd(const char*, int);
extern "C" void AnnotateIgnoreWritesBegin(const char*, int);
extern "C" void AnnotateIgnoreWritesEnd(const char*, int);
#endif

namespace emu {
namespace {

// Bytes behind an array that nobody may write to; none where a sanitizer sees its end.
#if defined(EM_EMU_TSAN) || defined(__SANITIZE_ADDRESS__)
constexpr size_t watched = 0;
#else
constexpr size_t watched = 64;
#endif

#if defined(EM_EMU_TSAN)
// Mapping memory while accesses are ignored lets ThreadSanitizer forget who used it before: the next block is nobody's rival.
class Forgetting {
public:
    Forgetting() {
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    }
    ~Forgetting() {
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    }
};

void* allocate(size_t bytes) {
    Forgetting forget;
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        throw std::bad_alloc();
    }
    std::memset(memory, 0xff, bytes);
    return memory;
}

void release(void* memory, size_t bytes) {
    Forgetting forget;
    munmap(memory, bytes);
}

void poison(void* memory, size_t bytes) {
    Forgetting forget;
    mmap(memory, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    std::memset(memory, 0xff, bytes);
}
#else
void* allocate(size_t bytes) {
    void* memory = nullptr;
    if (posix_memalign(&memory, 128, bytes + watched) != 0) {
        throw std::bad_alloc();
    }
    std::memset(memory, 0xff, bytes + watched);
    return memory;
}

void release(void* memory, size_t) { std::free(memory); }

void poison(void* memory, size_t bytes) { std::memset(memory, 0xff, bytes); }
#endif

}  // namespace

void SharedMemory::start_launch(size_t dynamic_bytes, size_t limit) {
    end_launch();
    limit_ = limit;
    if (dynamic_bytes > 0) {
        find("", 0, dynamic_bytes);
    }
}

void SharedMemory::start_block() {
    for (const Array& array : arrays_) {
        poison(array.memory, array.bytes);
    }
}

void SharedMemory::end_launch() {
    for (const Array& array : arrays_) {
        release(array.memory, array.bytes);
    }
    arrays_.clear();
    used_ = 0;
}

void* SharedMemory::find(const char* file, int line, size_t bytes) {
    for (const Array& array : arrays_) {
        if (array.line == line && array.bytes == bytes && std::strcmp(array.file, file) == 0) {
            return array.memory;
        }
    }
    const size_t taken = line == 0 ? bytes : (bytes + 15) / 16 * 16;  // what kernels declare starts at multiples of 16
    if (used_ + taken > limit_) {
        return nullptr;
    }
    used_ += taken;
    arrays_.push_back({file, line, bytes, allocate(bytes)});
    return arrays_.back().memory;
}

bool SharedMemory::kept() const {
    return std::all_of(arrays_.begin(), arrays_.end(), [](const Array& array) {
        const auto* const behind = static_cast<const unsigned char*>(array.memory) + array.bytes;
        return std::all_of(behind, behind + watched, [](unsigned char byte) { return byte == 0xff; });
    });
}

bool SharedMemory::has(const void* at) const {
    for (const Array& array : arrays_) {
        const auto* from = static_cast<const char*>(array.memory);
        if (at >= from && at < from + array.bytes) {
            return true;
        }
    }
    return false;
}

void* SharedMemory::dynamic() { return arrays_.empty() || arrays_[0].line != 0 ? nullptr : arrays_[0].memory; }

}  // namespace emu

// The shared memory of the block that runs: each array an allocation of its own, so that AddressSanitizer sees its ends.
#pragma once
#include <cstddef>
#include <vector>

namespace emu {

class SharedMemory {
public:
    ~SharedMemory() { end_launch(); }
    void start_launch(size_t dynamic_bytes, size_t limit);
    // Fills all arrays with ones: NaN as a float, -1 as an integer.
    void start_block();
    void end_launch();
    // The array declared at a place; null when it does not fit.
    void* find(const char* file, int line, size_t bytes);
    void* dynamic();
    size_t used() const { return used_; }
    bool has(const void* at) const;
    // Whether nothing was written behind the end of an array.
    bool kept() const;

private:
    struct Array {
        const char* file;
        int line;
        size_t bytes;
        void* memory;
    };
    std::vector<Array> arrays_;
    size_t limit_ = 0, used_ = 0;
};

}  // namespace emu

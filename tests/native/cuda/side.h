// One case on one device: makes its tensors of random numbers, runs the operation, hands back all memory. The same case on two
// devices gives memories to compare, element by element, what lies between and around the tensors included.
#pragma once
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "em/arithmetic.h"
#include "em/attention.h"
#include "em/gpu.h"
#include "em/mixers.h"
#include "em/sampling.h"
#include "em/tokens.h"
#include "em/training.h"

// What lies around tensors.
constexpr int32_t UNTOUCHED = -77;

// Where tensors lie in their buffers: at 16-byte boundaries, or 3 elements after one with 5 more between replicas.
enum class Layout { aligned, odd };

class Side {
public:
    Side(em_context* context, int64_t replicas, Layout layout, bool recorded)
        : replicas(replicas), context_(context), layout_(layout), recorded_(recorded) {}
    Side(const Side&) = delete;
    Side& operator=(const Side&) = delete;
    ~Side();

    const int64_t replicas;
    int64_t emulated_launches = 0;

    // Standard normal numbers, times scale.
    em_tensor normals(int64_t elements, float scale = 1);
    em_tensor constants(const std::vector<float>& a_replica);
    em_tensor integers(const std::vector<int32_t>& a_replica);
    // A number of each replica, these by turns: whose number a kernel takes must show.
    em_tensor of_replicas(const std::vector<float>& numbers);
    em_tensor of_replicas(const std::vector<int32_t>& numbers);
    // Integers from low to high - 1.
    em_tensor integers(int64_t elements, int32_t low, int32_t high);
    // Memory that the operation must fill: NaN.
    em_tensor outputs(int64_t elements);
    em_tensor integer_outputs(int64_t elements);
    static em_tensor none() { return {nullptr, 0, 0}; }

    // Arithmetic (an em_arithmetic) of the operations to come, on a device that has it; the CPU, more exact, judges it in float32.
    void arithmetic(int32_t arithmetic) const { em_set_arithmetic(context_, arithmetic); }

    // Normal numbers to come have so many bits of mantissa, so that a format with as many holds them exactly.
    void mantissa(int bits) { mantissa_ = bits; }

    // Runs an operation, at once or as a program. Throws std::runtime_error with its message when it fails.
    template <class Args>
    void run(em_status (*operation)(em_context*, const Args*), const Args& args) {
        begin();
        end(operation(context_, &args));
    }

    using Operation = std::function<em_status(em_context*)>;
    template <class Args>
    static Operation operation(em_status (*function)(em_context*, const Args*), const Args& args) {
        return [=](em_context* context) { return function(context, &args); };
    }
    // Runs operations one by one or as a program, of which a GPU does so many groups at once, the emulated one in `emulated_launches` where
    // that is not 0. Throws as run() does.
    void sequence(int64_t groups, const std::vector<Operation>& operations);

    struct Memory {
        bool integers;
        std::vector<float> floats;
        std::vector<int32_t> ints;
    };
    // Of every tensor, in the order in which they were made.
    std::vector<Memory> memory() const;

private:
    struct Held {
        em_buffer* buffer;
        int64_t elements;
        bool integers;
    };
    template <class T, class Fill>
    em_tensor make(int64_t elements, Fill&& fill);
    void begin();
    void end(em_status status, int64_t operations = 1, int64_t groups = 1);

    em_context* context_;
    Layout layout_;
    bool recorded_;
    std::mt19937 random_{7};
    int mantissa_ = 23;
    std::vector<Held> held_;
};

// A place in a tensor.
inline em_tensor from(const em_tensor& tensor, int64_t element) { return {tensor.buffer, tensor.offset + element, tensor.replica_stride}; }

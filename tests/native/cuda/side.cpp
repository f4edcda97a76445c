#include "side.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <type_traits>

namespace {

void require(bool condition) {
    if (!condition) {
        throw std::runtime_error(em_last_error());
    }
}

em_status write(em_context* context, const em_tensor* to, const std::vector<float>& values) {
    return em_write_floats(context, to, 1, static_cast<int64_t>(values.size()), values.data());
}

em_status write(em_context* context, const em_tensor* to, const std::vector<int32_t>& values) {
    return em_write_ints(context, to, 1, static_cast<int64_t>(values.size()), values.data());
}

}  // namespace

Side::~Side() {
    arithmetic(EM_FLOAT32);
    for (const Held& held : held_) {
        em_buffer_destroy(context_, held.buffer);
    }
}

// fill(element of the tensor) gives its values, replica after replica; what lies around them is recognisable.
template <class T, class Fill>
em_tensor Side::make(int64_t elements, Fill&& fill) {
    const bool odd = layout_ == Layout::odd;
    const int64_t stride = odd ? elements + 5 : elements;
    const int64_t start = odd ? 3 : 0;
    const int64_t size = start + replicas * stride + (odd ? 2 : 0);
    std::vector<T> values(static_cast<size_t>(size), static_cast<T>(UNTOUCHED));
    for (int64_t r = 0; r < replicas; ++r) {
        for (int64_t i = 0; i < elements; ++i) {
            values[static_cast<size_t>(start + r * stride + i)] = fill(i);
        }
    }
    em_buffer* buffer = em_buffer_create(context_, size);
    require(buffer != nullptr);
    held_.push_back({buffer, size, std::is_same_v<T, int32_t>});
    const em_tensor whole{buffer, 0, size};
    require(write(context_, &whole, values) == EM_OK);
    return {buffer, start, stride};
}

em_tensor Side::normals(int64_t elements, float scale) {
    std::normal_distribution<float> normal;
    return make<float>(elements, [&](int64_t) {
        int exponent = 0;
        const float part = std::frexp(scale * normal(random_), &exponent);
        return std::ldexp(std::nearbyint(std::ldexp(part, mantissa_ + 1)), exponent - mantissa_ - 1);
    });
}

em_tensor Side::constants(const std::vector<float>& a_replica) {
    return make<float>(static_cast<int64_t>(a_replica.size()), [&](int64_t i) { return a_replica[static_cast<size_t>(i)]; });
}

em_tensor Side::integers(const std::vector<int32_t>& a_replica) {
    return make<int32_t>(static_cast<int64_t>(a_replica.size()), [&](int64_t i) { return a_replica[static_cast<size_t>(i)]; });
}

em_tensor Side::of_replicas(const std::vector<float>& numbers) {
    return make<float>(1, [&, next = size_t{0}](int64_t) mutable { return numbers[next++ % numbers.size()]; });
}

em_tensor Side::of_replicas(const std::vector<int32_t>& numbers) {
    return make<int32_t>(1, [&, next = size_t{0}](int64_t) mutable { return numbers[next++ % numbers.size()]; });
}

em_tensor Side::integers(int64_t elements, int32_t low, int32_t high) {
    return make<int32_t>(elements, [&](int64_t) { return low + static_cast<int32_t>(random_() % static_cast<uint32_t>(high - low)); });
}

em_tensor Side::outputs(int64_t elements) {
    return make<float>(elements, [](int64_t) { return std::numeric_limits<float>::quiet_NaN(); });
}

em_tensor Side::integer_outputs(int64_t elements) {
    return make<int32_t>(elements, [](int64_t) { return UNTOUCHED - 1; });
}

void Side::begin() {
    if (recorded_) {
        require(em_record_begin(context_) == EM_OK);
    }
}

void Side::sequence(int64_t groups, const std::vector<Operation>& operations) {
    begin();
    em_status status = EM_OK;
    for (const Operation& operation : operations) {
        status = status == EM_OK ? operation(context_) : status;
    }
    end(status, static_cast<int64_t>(operations.size()), groups);
}

void Side::end(em_status status, int64_t operations, int64_t groups) {
    if (!recorded_) {
        require(status == EM_OK);
        return;
    }
    if (status != EM_OK) {
        const std::string text = em_last_error();
        em_record_abandon(context_);
        throw std::runtime_error(text);
    }
    em_program* program = em_record_end(context_);
    require(program != nullptr);
    int64_t joined = 0;
    for (int64_t i = 0; i < operations; ++i) {
        joined += em_program_joined(context_, program, EM_FLOAT32, i) == i;
    }
    if (joined != groups) {
        throw std::runtime_error("joined to " + std::to_string(joined) + " groups, not " + std::to_string(groups));
    }
    const int64_t launches = em_program_launches(context_, program);
    if (emulated_launches != 0 && launches != emulated_launches && std::strstr(em_context_description(context_), "emulated") != nullptr) {
        throw std::runtime_error(std::to_string(launches) + " launches, not " + std::to_string(emulated_launches));
    }
    require(em_program_run(context_, program) == EM_OK);
    // Reading waits: only then may the program go.
    memory();
    require(em_program_destroy(context_, program) == EM_OK);
}

std::vector<Side::Memory> Side::memory() const {
    std::vector<Memory> memories;
    for (const Held& held : held_) {
        Memory memory{held.integers, {}, {}};
        const em_tensor whole{held.buffer, 0, held.elements};
        if (held.integers) {
            memory.ints.resize(static_cast<size_t>(held.elements));
            require(em_read_ints(context_, &whole, 1, held.elements, memory.ints.data()) == EM_OK);
        } else {
            memory.floats.resize(static_cast<size_t>(held.elements));
            require(em_read_floats(context_, &whole, 1, held.elements, memory.floats.data()) == EM_OK);
        }
        memories.push_back(std::move(memory));
    }
    return memories;
}

// What the native tests share: checks that count, and tensors of exact size, so that a sanitizer sees one element too far.
#pragma once
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "em/arithmetic.h"
#include "em/attention.h"
#include "em/feed.h"
#include "em/readout.h"
#include "em/sampling.h"
#include "em/tokens.h"
#include "em/training.h"

inline int failures = 0;

#define EXPECT(condition, ...)                                          \
    do {                                                                \
        if (!(condition)) {                                             \
            ++failures;                                                 \
            std::printf("%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            std::printf(__VA_ARGS__);                                   \
            std::printf("\n");                                          \
        }                                                               \
    } while (0)

// Tensors of R replicas on one context; destroyed together.
class Workplace {
public:
    Workplace(em_context* context, int64_t replicas) : context_(context), replicas_(replicas) {}
    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;
    ~Workplace() {
        for (em_buffer* buffer : buffers_) {
            EXPECT(em_buffer_destroy(context_, buffer) == EM_OK, "%s", em_last_error());
        }
    }

    // `elements` a replica, normal numbers.
    em_tensor floats(int64_t elements) {
        std::normal_distribution<float> normal;
        std::vector<float> values(replicas_ * elements);
        for (float& value : values) {
            value = normal(random_);
        }
        return floats(elements, values);
    }
    em_tensor floats(int64_t elements, const std::vector<float>& values) {
        em_tensor tensor = allocate(elements);
        EXPECT(em_write_floats(context_, &tensor, replicas_, elements, values.data()) == EM_OK, "%s", em_last_error());
        return tensor;
    }
    // Integers from 0 to below - 1.
    em_tensor integers(int64_t elements, int64_t below) {
        std::vector<int32_t> values(replicas_ * elements);
        for (int32_t& value : values) {
            value = static_cast<int32_t>(random_() % static_cast<uint32_t>(below));
        }
        return integers(elements, values);
    }
    em_tensor integers(int64_t elements, const std::vector<int32_t>& values) {
        em_tensor tensor = allocate(elements);
        EXPECT(em_write_ints(context_, &tensor, replicas_, elements, values.data()) == EM_OK, "%s", em_last_error());
        return tensor;
    }
    std::vector<float> read(const em_tensor& tensor, int64_t elements) {
        std::vector<float> values(replicas_ * elements);
        EXPECT(em_read_floats(context_, &tensor, replicas_, elements, values.data()) == EM_OK, "%s", em_last_error());
        return values;
    }
    std::vector<int32_t> read_integers(const em_tensor& tensor, int64_t elements) {
        std::vector<int32_t> values(replicas_ * elements);
        EXPECT(em_read_ints(context_, &tensor, replicas_, elements, values.data()) == EM_OK, "%s", em_last_error());
        return values;
    }

private:
    em_tensor allocate(int64_t elements) {
        em_buffer* buffer = em_buffer_create(context_, replicas_ * elements);
        if (buffer == nullptr) {
            std::printf("%s\n", em_last_error());
            std::exit(1);
        }
        buffers_.push_back(buffer);
        return {buffer, 0, elements};
    }

    em_context* context_;
    int64_t replicas_;
    std::mt19937 random_{11};
    std::vector<em_buffer*> buffers_;
};

inline em_context* open_cpu(int threads) {
    const em_context_options options{EM_DEVICE_CPU, 0, threads, nullptr, nullptr};
    return em_context_open(&options);
}

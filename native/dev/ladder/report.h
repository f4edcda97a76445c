// What the ladders report: a line a rung, and all of it as JSON.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "gpu.h"

namespace ladder {

// What this GPU reaches, measured in the same call. Zero in the emulation.
struct Ceilings {
    double copy;                 // bytes a second, read and written
    double float32, tf32, bf16;  // operations a second: FFMA, and mma.sync
    double of(int32_t arithmetic) const { return arithmetic == EM_TF32 ? tf32 : (arithmetic == EM_BF16 ? bf16 : float32); }
};
Ceilings measure_ceilings(Gpu& gpu);

// The least that an operation must do.
struct Work {
    double operations, bytes;
};

// A rung as it was seen. us is 0 where it was not timed.
struct Seen {
    std::string ladder, shape, rung;
    double error, bound, us, predicted, operations, bytes, roofline;
};

// The ladder's name of the products of a training step, which are shown as a table of Compared.
constexpr const char* STEP = "products of a step";

// us of our own kernel and of the library's; 0: not there. `ruled_own`: whether common/own_products.h gives the product to our own.
struct Pair {
    double own, library;
    bool ruled_own;
};

// A product of a step in float32 and in tf32.
struct Compared {
    std::string form, shape;
    int64_t replicas;
    Pair float32;
    double split;  // us of our own kernel in float32, with split numbers
    Pair tf32;
};

class Report {
public:
    explicit Report(double seconds) : seconds_(seconds) {}

    Ceilings ceilings{};
    bool time_left() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count() < seconds_; }
    // Something was left out, because the time was over.
    void leave_out() { left_out_++; }
    void fail(const std::string& text);
    bool failed() const { return failures_ > 0; }

    void title(const std::string& ladder, const std::string& shape, const Work& work);
    // Lets a rung compute each set once, holds what it left to float64 by error(), and times it.
    double see(Gpu& gpu, const Rung& rung, int64_t sets, const std::function<void()>& reset, const std::function<double()>& error);
    void compare(const Compared& row);
    void summarise(Gpu& gpu) const;
    // Throws std::runtime_error where the file cannot be written.
    void write(Gpu& gpu, const std::string& file) const;

private:
    // Of a rate, that a rung reached in the products of a step: the median.
    double share(const char* rung, double rate) const;

    const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    const double seconds_;
    std::string ladder_, shape_;
    Work work_{};
    int left_out_ = 0, failures_ = 0;
    std::vector<Seen> seen_;
    std::vector<Compared> compared_;
};

// The ladders. Each takes memory, shows its rungs and gives the memory back.
void attention_forward_ladder(Gpu& gpu, Report& report);
void attention_backward_ladder(Gpu& gpu, Report& report);
void attention_float32_ladder(Gpu& gpu, Report& report);
void adam_ladder(Gpu& gpu, Report& report);
void product_ladder(Gpu& gpu, Report& report);

}  // namespace ladder

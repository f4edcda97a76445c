#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>

#include "report.h"

#if !defined(EM_EMU)
#include <dlfcn.h>
#endif

namespace ladder {
namespace {

// Of NVIDIA's management library, which comes with the driver.
std::string driver_version() {
#if !defined(EM_EMU)
    char version[96] = "";
    if (void* nvml = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL)) {
        const auto start = reinterpret_cast<int (*)()>(dlsym(nvml, "nvmlInit_v2"));
        const auto ask = reinterpret_cast<int (*)(char*, unsigned)>(dlsym(nvml, "nvmlSystemGetDriverVersion"));
        if (start != nullptr && ask != nullptr && start() == 0 && ask(version, sizeof version) == 0) {
            return version;
        }
    }
#endif
    return "unknown";
}

std::string now() {
    const std::time_t time = std::time(nullptr);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&time));
    return text;
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return out + '"';
}

std::string number(double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", x);
    return std::isfinite(x) ? text : "null";
}

std::string time(double us) {
    char text[16];
    std::snprintf(text, sizeof text, "%.1f", us);
    return us > 0 ? text : "-";
}

// Whether the rule gives the product to the slower one, by more than a measurement's noise.
bool against(const Pair& pair) {
    constexpr double noise = 1.05;
    if (pair.own <= 0 || pair.library <= 0) {
        return false;
    }
    return pair.ruled_own ? pair.own > noise * pair.library : pair.library > noise * pair.own;
}

// The rule, both times, and ours over the library's: below 1 ours is faster.
std::string line(const Pair& pair) {
    char ratio[16] = "-";
    if (pair.own > 0 && pair.library > 0) {
        std::snprintf(ratio, sizeof ratio, "%.2f", pair.own / pair.library);
    }
    char text[80];
    std::snprintf(text, sizeof text, "| %-8s %9s %9s %6s%s", pair.ruled_own ? "own" : "cublasLt", time(pair.own).c_str(),
                  time(pair.library).c_str(), ratio, against(pair) ? "!" : " ");
    return text;
}

std::string json(const Pair& pair) {
    return "{\"rule\": " + quoted(pair.ruled_own ? "own" : "library") + ", \"own_us\": " + number(pair.own) +
           ", \"library_us\": " + number(pair.library) + "}";
}

// The test of the test: kernels that do nothing must be found wrong.
bool planted_fault() { return EMULATED && std::getenv("PLANT_FAULT") != nullptr; }

}  // namespace

void Report::fail(const std::string& text) {
    ++failures_;
    std::printf("FAILED: %s\n", text.c_str());
}

void Report::title(const std::string& ladder, const std::string& shape, const Work& work) {
    const bool table = ladder == STEP;
    if (!table) {
        std::printf("\n%s: %s\n%-42s %9s %9s %9s %8s %8s %9s\n", ladder.c_str(), shape.c_str(), "rung", "error", "us", "predicted",
                    "TFLOP/s", "GB/s", "roofline");
    } else if (ladder_ != STEP) {
        const char* columns = "| rule           own  cublasLt  ratio ";
        std::printf("\n%s, us; in float32, then in tf32\n%-6s %-18s %8s %s|     split %s\n", STEP, "form", "m x n x k", "replicas", columns,
                    columns);
    }
    ladder_ = ladder;
    shape_ = shape;
    work_ = work;
}

double Report::see(Gpu& gpu, const Rung& rung, int64_t sets, const std::function<void()>& reset, const std::function<double()>& error) {
    if (!time_left()) {
        leave_out();
        return 0;
    }
    Seen seen{ladder_, shape_, rung.name, 0, rung.bound, 0, rung.predicted, work_.operations, work_.bytes, 0};
    try {
        const auto program = gpu.program(rung, sets);
        reset();
        gpu.wait();
        if (!planted_fault()) {
            program->run();
            gpu.wait();
        }
        seen.error = error();
        if (!EMULATED) {
            seen.us = gpu.microseconds(*program, sets);
            const double floor = std::max(work_.operations / ceilings.of(rung.arithmetic), work_.bytes / ceilings.copy);
            seen.roofline = 1e6 * floor / seen.us;
        }
    } catch (const std::exception& problem) {
        seen.error = HUGE_VAL;
        std::printf("%s\n", problem.what());
    }
    seen_.push_back(seen);
    if (ladder_ != STEP) {
        const double rate = seen.us > 0 ? 1e-6 / seen.us : 0;  // to Tera and, of bytes, Giga
        std::printf("%-42s %9.1e %9s %9.0f %8.2f %8.0f %8.0f%%\n", rung.name.c_str(), seen.error, time(seen.us).c_str(), seen.predicted,
                    seen.operations * rate, 1e3 * seen.bytes * rate, 100 * seen.roofline);
    }
    if (!(seen.error <= rung.bound)) {
        fail(ladder_ + ", " + shape_ + ", " + rung.name + ": error " + number(seen.error) + ", more than " + number(rung.bound));
    }
    std::fflush(stdout);
    return seen.us;
}

void Report::compare(const Compared& row) {
    compared_.push_back(row);
    std::printf("%-6s %-18s %8lld %s| %9s %s\n", row.form.c_str(), row.shape.c_str(), static_cast<long long>(row.replicas),
                line(row.float32).c_str(), time(row.split).c_str(), line(row.tf32).c_str());
    std::fflush(stdout);
}

// Small products wait for launches and say nothing of a rate.
double Report::share(const char* rung, double rate) const {
    constexpr double large = 1e9;
    std::vector<double> shares;
    for (const Seen& seen : seen_) {
        if (seen.ladder == STEP && seen.rung.rfind(rung, 0) == 0 && seen.operations >= large && seen.us > 0) {
            shares.push_back(seen.operations / (1e-6 * seen.us) / rate);
        }
    }
    std::sort(shares.begin(), shares.end());
    return shares.empty() ? 0 : shares[shares.size() / 2];
}

void Report::summarise(Gpu& gpu) const {
    if (!compared_.empty() && !EMULATED) {
        long long wrong[2] = {};
        for (const Compared& row : compared_) {
            wrong[0] += against(row.float32);
            wrong[1] += against(row.tf32);
        }
        std::printf("\nratio: our own over cublasLt, below 1 ours is faster\n");
        std::printf(
            "!: the rule of own_products.h takes the one that is over 5 %% slower: %lld in float32, %lld in tf32, of %zu products\n",
            wrong[0], wrong[1], compared_.size());
        std::printf(
            "median share of 67 TFLOP/s in float32 and 494 in tf32, of products of 1 G operations and more (gpu-rates.properties):\n");
        std::printf("  float32: our own %.2f, split %.2f, cublasLt %.2f; tf32: our own %.2f, cublasLt %.2f\n", share("3 ", 67e12),
                    share("7 ", 67e12), share("4 ", 67e12), share("5 ", 494e12), share("6 ", 494e12));
    }
    if (left_out_ > 0) {
        std::printf("NOT RUN, because the time was over: %d rungs or products; --seconds gives more\n", left_out_);
    }
    if (gpu.library() == nullptr) {
        std::printf("cublasLt was left out: %s\n", gpu.why().c_str());
    }
    std::printf("gpu-ladder: %zu values held to float64, %d failed\n", seen_.size(), failures_);
}

void Report::write(Gpu& gpu, const std::string& file) const {
    std::FILE* const to = std::fopen(file.c_str(), "w");
    if (to == nullptr) {
        throw std::runtime_error("cannot write " + file);
    }
    std::fprintf(to, "{\"program\": \"gpu-ladder\", \"emulated\": %s, \"device\": %s, \"driver\": %s, \"date\": %s,\n",
                 EMULATED ? "true" : "false", quoted(gpu.description()).c_str(), quoted(driver_version()).c_str(), quoted(now()).c_str());
    std::fprintf(to, " \"passed\": %s, \"left_out\": %d,\n", failed() ? "false" : "true", left_out_);
    std::fprintf(to, " \"ceilings\": {\"copy_bytes\": %s, \"float32\": %s, \"tf32\": %s, \"bf16\": %s},\n \"rungs\": [",
                 number(ceilings.copy).c_str(), number(ceilings.float32).c_str(), number(ceilings.tf32).c_str(),
                 number(ceilings.bf16).c_str());
    const char* separator = "\n";
    for (const Seen& s : seen_) {
        std::fprintf(to,
                     "%s  {\"ladder\": %s, \"shape\": %s, \"rung\": %s, \"error\": %s, \"bound\": %s, \"us\": %s, \"predicted_us\": %s, "
                     "\"operations\": %s, \"bytes\": %s, \"roofline\": %s}",
                     separator, quoted(s.ladder).c_str(), quoted(s.shape).c_str(), quoted(s.rung).c_str(), number(s.error).c_str(),
                     number(s.bound).c_str(), number(s.us).c_str(), number(s.predicted).c_str(), number(s.operations).c_str(),
                     number(s.bytes).c_str(), number(s.roofline).c_str());
        separator = ",\n";
    }
    std::fprintf(to, "],\n \"products\": [");
    separator = "\n";
    for (const Compared& c : compared_) {
        std::fprintf(to, "%s  {\"form\": %s, \"shape\": %s, \"replicas\": %lld, \"float32\": %s, \"split_us\": %s, \"tf32\": %s}",
                     separator, quoted(c.form).c_str(), quoted(c.shape).c_str(), static_cast<long long>(c.replicas),
                     json(c.float32).c_str(), number(c.split).c_str(), json(c.tf32).c_str());
        separator = ",\n";
    }
    std::fprintf(to, "]}\n");
    if (std::fclose(to) != 0) {
        throw std::runtime_error("cannot write " + file);
    }
}

}  // namespace ladder

// Holds a CUDA library, real or emulated, to the CPU library: every operation over awkward shapes, at once and as a program, in two
// layouts, with one and three replicas; a second run must give equal bits.
//
//   device_test LIBRARY [--device N] [--full] [--only TEXT]... [--float32] [--once] [--seconds N]
//
// LIBRARY is a libemergence_cuda.so; --device takes another of its devices than the first. --only takes the cases whose name has one of the
// texts, --float32 those that multiply in no other arithmetic. --once leaves out the second run, the program and half of the layouts;
// --seconds takes a case of every operation, then another of each, and so on, and begins no further one after that time: for tools that
// slow everything down.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "cases.h"

namespace {

struct Options {
    const char* library = nullptr;
    int32_t device = 0;
    std::vector<std::string> only;
    bool full = false, float32 = false, once = false;
    double seconds = 0;  // 0: all cases
};

// Of what is no surrounding of a tensor, which would make any error look small.
double root_mean_square(const std::vector<float>& values) {
    double sum = 0;
    size_t count = 0;
    for (float value : values) {
        if (std::isfinite(value) && value != UNTOUCHED) {
            sum += static_cast<double>(value) * value;
            ++count;
        }
    }
    return count == 0 ? 0 : std::sqrt(sum / static_cast<double>(count));
}

bool same_bits(float a, float b) { return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b)); }

// Throws where two memories differ by more than the tolerance.
void compare(const std::vector<Side::Memory>& want, const std::vector<Side::Memory>& got, double tolerance) {
    for (size_t t = 0; t < want.size(); ++t) {
        const double typical = root_mean_square(want[t].floats);
        for (size_t i = 0; i < want[t].floats.size(); ++i) {
            const float a = want[t].floats[i];
            const float b = got[t].floats[i];
            const double error = std::fabs(static_cast<double>(a) - b);
            if (!same_bits(a, b) && !(error <= tolerance * (std::fabs(a) + typical))) {
                char text[160];
                std::snprintf(text, sizeof text, "tensor %zu at %zu: want %.9g, got %.9g", t, i, a, b);
                throw std::runtime_error(text);
            }
        }
        for (size_t i = 0; i < want[t].ints.size(); ++i) {
            if (want[t].ints[i] != got[t].ints[i]) {
                throw std::runtime_error("tensor " + std::to_string(t) + " at " + std::to_string(i) + ": want " +
                                         std::to_string(want[t].ints[i]) + ", got " + std::to_string(got[t].ints[i]));
            }
        }
    }
}

std::vector<Side::Memory> run(em_context* context, const Case& c, int64_t replicas, Layout layout, bool recorded) {
    Side side(context, replicas, layout, recorded);
    c.body(side);
    return side.memory();
}

// True when the case holds in all its variants.
bool holds(em_context* cpu, em_context* cuda, const Case& c, const Options& options) {
    for (int64_t replicas : {1, 3}) {
        for (Layout layout : {Layout::aligned, Layout::odd}) {
            if (options.once && (replicas == 1) != (layout == Layout::aligned)) {
                continue;
            }
            const char* step = "against the cpu";
            try {
                const auto want = run(cpu, c, replicas, layout, false);
                // Of what is joined the program is of interest, where there is time for one run only.
                const bool joined = c.name.rfind("joined", 0) == 0;
                const auto got = run(cuda, c, replicas, layout, options.once && joined);
                compare(want, got, c.tolerance);
                if (!options.once) {
                    step = "as a program";
                    compare(got, run(cuda, c, replicas, layout, true), 0);
                }
            } catch (const std::exception& error) {
                std::printf("FAILED %s, %lld replicas, %s layout, %s: %s\n", c.name.c_str(), static_cast<long long>(replicas),
                            layout == Layout::odd ? "odd" : "aligned", step, error.what());
                return false;
            }
        }
    }
    return true;
}

em_context* open(int32_t kind, int32_t device, const char* library) {
    const em_context_options options{kind, device, 1, library, nullptr};
    em_context* context = em_context_open(&options);
    if (context == nullptr) {
        std::printf("cannot open: %s\n", em_last_error());
    }
    return context;
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        options.full |= word == "--full";
        options.float32 |= word == "--float32";
        options.once |= word == "--once";
        if (word == "--only" && i + 1 < argc) {
            options.only.emplace_back(argv[++i]);
        } else if (word == "--device" && i + 1 < argc) {
            options.device = std::atoi(argv[++i]);
        } else if (word == "--seconds" && i + 1 < argc) {
            options.seconds = std::atof(argv[++i]);
        } else if (word[0] != '-') {
            options.library = argv[i];
        }
    }
    return options;
}

// A case, how many of the same operation come before it, and how many of all.
struct Ranked {
    Case body;
    int round;
    size_t place;
};

bool asked_for(const Options& options, const std::string& name) {
    const auto has = [&](const std::string& text) { return name.find(text) != std::string::npos; };
    return (options.only.empty() || std::any_of(options.only.begin(), options.only.end(), has)) &&
           !(options.float32 && (has("tf32") || has("bf16")));
}

// All cases that are asked for; with a limit of time a round of all operations after the other.
std::vector<Ranked> table(const Options& options) {
    std::vector<Ranked> cases;
    std::map<std::string, int> rounds;
    for (auto* part : {arithmetic_cases, token_cases, attention_cases, mixer_cases, readout_cases, training_cases, sampling_cases,
                       joined_cases, joined_gradient_cases, gradient_sum_cases, product_cases}) {
        for (const Case& c : part(options.full)) {
            if (asked_for(options, c.name)) {
                cases.push_back({c, rounds[c.name.substr(0, c.name.find(' '))]++, cases.size()});
            }
        }
    }
    if (options.seconds > 0) {
        // Not stable_sort, in whose header of GCC 12 Clang finds a deprecated function.
        std::sort(cases.begin(), cases.end(),
                  [](const Ranked& a, const Ranked& b) { return std::tie(a.round, a.place) < std::tie(b.round, b.place); });
    }
    return cases;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    if (options.library == nullptr) {
        std::printf("usage: device_test LIBRARY [--device N] [--full] [--only TEXT]... [--float32] [--once] [--seconds N]\n");
        return 2;
    }
    em_context* cpu = open(EM_DEVICE_CPU, 0, nullptr);
    em_context* cuda = open(EM_DEVICE_CUDA, options.device, options.library);
    if (cpu == nullptr || cuda == nullptr) {
        return 3;
    }
    if (em_set_products(cuda, nullptr) != EM_OK) {
        std::printf("cannot choose our own products: %s\n", em_last_error());
        return 3;
    }
    std::printf("%s\n", em_context_description(cuda));
    size_t run = 0;
    int failed = 0;
    const std::vector<Ranked> cases = table(options);
    const auto began = std::chrono::steady_clock::now();
    for (; run < cases.size(); ++run) {
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began;
        if (options.seconds > 0 && cases[run].round > 0 && taken.count() > options.seconds) {
            break;
        }
        failed += holds(cpu, cuda, cases[run].body, options) ? 0 : 1;
    }
    const bool leaked = em_allocated_bytes(cuda) != 0;
    em_context_close(cuda);
    em_context_close(cpu);
    const size_t operations = static_cast<size_t>(std::count_if(cases.begin(), cases.end(), [](const Ranked& c) { return c.round == 0; }));
    std::printf("%zu of %zu cases of %zu operations, %d failed%s\n", run, cases.size(), operations, failed,
                leaked ? ", memory not given back" : "");
    return run == 0 || run < operations || failed != 0 || leaked ? 1 : 0;
}

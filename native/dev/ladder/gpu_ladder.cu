// The ladders of some kernels, from the naive form to the library's own: every rung is held to float64 and timed on this machine's GPU.
// See native/dev/README.md. Compiled for the processor it checks values alone, of small shapes.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "report.h"

namespace {

constexpr const char* USAGE =
    "usage: gpu_ladder --library FILE [--products FILE]... [--only LADDER] [--seconds N] [--json FILE] [--help]\n"
    "  --library FILE   libemergence_cuda.so, whose kernels are the last rungs\n"
    "  --products FILE  a libcublasLt.so.12 or .13; of several the first that can be used is taken\n"
    "  --only LADDER    attention_forward, attention_backward, attention_float32, adam or product\n"
    "  --seconds N      begins nothing further after that time (default 50)\n"
    "  --json FILE      writes the results there too\n"
    "exit codes: 0 all rungs hold, 1 one does not, 2 bad command line, 7 no GPU\n";

struct Ladder {
    const char* name;
    void (*climb)(ladder::Gpu&, ladder::Report&);
};

constexpr Ladder LADDERS[] = {{"attention_forward", ladder::attention_forward_ladder},
                              {"attention_backward", ladder::attention_backward_ladder},
                              {"attention_float32", ladder::attention_float32_ladder},
                              {"adam", ladder::adam_ladder},
                              {"product", ladder::product_ladder}};

struct Options {
    std::string library, only, json;
    std::vector<std::string> products;
    double seconds = 50;
};

[[noreturn]] void refuse(const std::string& text) {
    std::fprintf(stderr, "gpu-ladder: %s\n%s", text.c_str(), USAGE);
    std::exit(2);
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--help") {
            std::printf("%s", USAGE);
            std::exit(0);
        }
        if (word != "--library" && word != "--products" && word != "--only" && word != "--seconds" && word != "--json") {
            refuse("unknown option '" + word + "'");
        }
        if (++i == argc) {
            refuse(word + " needs a value");
        }
        if (word == "--library") {
            options.library = argv[i];
        } else if (word == "--products") {
            options.products.push_back(argv[i]);
        } else if (word == "--only") {
            options.only = argv[i];
        } else if (word == "--json") {
            options.json = argv[i];
        } else {
            char* end = nullptr;
            options.seconds = std::strtod(argv[i], &end);
            if (*end != '\0' || !(options.seconds > 0)) {
                refuse("--seconds takes a positive number, got '" + std::string(argv[i]) + "'");
            }
        }
    }
    bool known = options.only.empty();
    for (const Ladder& ladder : LADDERS) {
        known |= options.only == ladder.name;
    }
    if (!known) {
        refuse("unknown ladder '" + options.only + "'");
    }
    if (options.library.empty()) {
        refuse("--library is missing");
    }
    return options;
}

int climb_all(ladder::Gpu& gpu, const Options& options) {
    ladder::Report report(options.seconds);
    std::printf("%s\n", gpu.description().c_str());
    if (!ladder::EMULATED) {
        report.ceilings = ladder::measure_ceilings(gpu);
        std::printf("ceilings measured here: copy %.2f TB/s; float32 %.1f TFLOP/s; mma.sync tf32 %.0f, bf16 %.0f TFLOP/s\n",
                    1e-12 * report.ceilings.copy, 1e-12 * report.ceilings.float32, 1e-12 * report.ceilings.tf32,
                    1e-12 * report.ceilings.bf16);
    }
    for (const Ladder& ladder : LADDERS) {
        if (options.only.empty() || options.only == ladder.name) {
            try {
                ladder.climb(gpu, report);
            } catch (const std::exception& problem) {
                // What the other ladders show is kept.
                gpu.release();
                report.fail(std::string(ladder.name) + ": " + problem.what());
            }
        }
    }
    report.summarise(gpu);
    if (!options.json.empty()) {
        report.write(gpu, options.json);
    }
    return report.failed() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    std::unique_ptr<ladder::Gpu> gpu;
    try {
        gpu = std::make_unique<ladder::Gpu>(options.library, options.products);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "gpu-ladder: %s\n", problem.what());
        return 7;
    }
    try {
        return climb_all(*gpu, options);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "gpu-ladder: %s\n", problem.what());
        return 1;
    }
}

// Programmatic dependent launch: the blocks of a kernel start while the kernel before it still runs, and wait for its end before they touch
// memory (begin_kernel in launch.h). What that saves is the time between two kernels.
#pragma once
#include <string>

#include "common/gpu_code.h"

namespace em {

struct Platform {
    const char* gpus;      // that the build has code for, see gpu_code.h
    int32_t major, minor;  // compute capability of the GPU
    int32_t toolkit;       // of the build, 12030 is 12.3
    int32_t driver;        // the newest CUDA that it supports
};

// Why kernels cannot be launched so; empty where they can.
inline std::string no_dependent_launch(const Platform& p) {
    constexpr int32_t capability = 90;
    constexpr int32_t cuda = 12030;  // the first that captures such launches into graphs
    const auto text = [](int32_t version) { return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10); };
    if (10 * p.major + p.minor < capability) {
        return "they need compute capability 9.0 or newer";
    }
    // Older code does not wait, though this GPU could.
    if (!has_code_for(p.gpus, p.major, p.minor, capability)) {
        return std::string("they need code for compute capability 9.0 or newer, and this build has kernels for ") + p.gpus;
    }
    if (p.toolkit < cuda) {
        return "they need a build by the toolkit of CUDA 12.3 or newer, and this one is by " + text(p.toolkit);
    }
    if (p.driver < cuda) {
        return "they need a driver for CUDA 12.3 or newer, and this one supports " + text(p.driver);
    }
    return "";
}

}  // namespace em

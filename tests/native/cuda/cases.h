// The table of cases: every operation over awkward shapes.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "side.h"

struct Case {
    std::string name;  // operation and shape
    // What the two devices may differ by, times (size of the value + root mean square of its tensor).
    double tolerance;
    std::function<void(Side&)> body;
};

// `full`: the long shapes too, which take minutes in the emulation.
std::vector<Case> arithmetic_cases(bool full);
std::vector<Case> token_cases(bool full);
std::vector<Case> attention_cases(bool full);
std::vector<Case> mixer_cases(bool full);
std::vector<Case> readout_cases(bool full);
std::vector<Case> training_cases(bool full);
std::vector<Case> sampling_cases(bool full);
// Sequences that a program does at once.
std::vector<Case> joined_cases(bool full);
std::vector<Case> joined_gradient_cases(bool full);
std::vector<Case> gradient_sum_cases(bool full);
std::vector<Case> product_cases(bool full);

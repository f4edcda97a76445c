// Gradients of parameters that wait for each other.
#pragma once
#include <map>

#include "common/joins.h"

namespace em {

struct Schedule {
    std::vector<size_t> order;  // of the operations' numbers
    // Where in it gradients begin that one kernel computes, and how many: two at least, none of which needs another.
    std::map<size_t, size_t> gradients;
};

// The order of the record, but that a gradient waits as long as nothing that follows needs it or overwrites what it reads. Of an operation
// of which that is not known, nothing is moved past it.
Schedule gradients_together(const std::vector<Operation>& operations, const OwnProduct& own);

}  // namespace em

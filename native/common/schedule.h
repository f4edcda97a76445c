// Gradients of parameters that wait for each other.
#pragma once
#include <map>

#include "common/joins.h"

namespace em {

struct Schedule {
    struct Together {
        Join join;
        size_t count;
    };

    std::vector<Member> order;
    // Where in it gradients begin that one kernel computes, and how many: two at least, none of which needs another.
    std::map<size_t, Together> together;
};

// The order of the record, but that a gradient of parameters waits as long as nothing that follows needs it or overwrites what it reads.
// Nothing is moved past an operation of which that is not known. Operations whose two gradients can be done apart are taken apart, that of
// a bias behind an activation where the product before can finish the other.
Schedule gradients_together(const std::vector<Operation>& operations, const OwnProduct& own);

}  // namespace em

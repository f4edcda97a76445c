// What an operation of a program reads and writes, as far as that must be known to do another one later than it was recorded.
#pragma once
#include <cstdint>
#include <vector>

#include "common/operation.h"

namespace em {

// `elements` of each of some replicas.
struct Span {
    const em_buffer* buffer;
    int64_t first, elements, stride, replicas;
};

struct Touched {
    std::vector<Span> reads, writes;
};

// Whether both hold an element; also where that is not easily told.
bool overlap(const Span& a, const Span& b);

// Whether the order of the two operations matters.
bool depend(const Touched& a, const Touched& b);

// Of a part of an operation, whatever part that operation itself is. False for an operation of which it is not known.
bool touched(const Operation& operation, Part part, Touched& to);

// Of the same operations; 0 of others.
int64_t replicas_of(const Operation& operation);

}  // namespace em

// Matrix products of the instruction set.
#pragma once
#include "cpu/simd.h"

namespace em::EM_ISA {

// A row-major matrix that is taken as it is or transposed.
struct Operand {
    const float* at;
    int64_t row;  // elements between its rows
    bool transposed;
};

// A part of op(B): depths p, ..., p + depth of columns j, ..., j + columns.
struct Block {
    int64_t p, depth, j, columns;
};

// Floats that `product` wants as scratch, aligned to 64 bytes.
int64_t product_scratch();

// C (m x n) = op(A) (m x k) op(B) (k x n) + beta C; m, n, k >= 1. With beta 0, C may hold anything.
void product(int64_t m, int64_t n, int64_t k, const Operand& a, const Operand& b, float beta, float* c, int64_t c_row, float* scratch);

}  // namespace em::EM_ISA

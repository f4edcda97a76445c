// The operations that are matrix products, cut into tasks of replicas, heads and rows.
#include "cpu/parallel.h"
#include "cpu/product.h"

namespace em::EM_ISA {
namespace {

// Rows of C in one task, at most: enough that packing B again for each costs about a per cent. Tasks have equal shares.
constexpr int64_t TASK_ROWS = 1024;

}  // namespace

void gemm(Device& device, const em_gemm_args& args) {
    const int64_t blocks = (args.m + TASK_ROWS - 1) / TASK_ROWS;
    const int64_t share = (args.m + blocks - 1) / blocks;
    each_task(device, args.replicas * blocks, product_scratch(), [&](int64_t task, float* scratch) {
        const int64_t r = task / blocks;
        const int64_t first = task % blocks * share;
        const int64_t m = first + share < args.m ? share : args.m - first;
        const float* a = data(args.a, r) + (args.trans_a ? first : first * args.k);
        product(m, args.n, args.k, {a, args.trans_a ? args.m : args.k, args.trans_a != 0},
                {data(args.b, r), args.trans_b ? args.k : args.n, args.trans_b != 0}, args.beta, data(args.c, r) + first * args.n, args.n,
                scratch);
    });
}

void head_product(Device& device, const em_head_product_args& args) {
    each_task(device, args.replicas * args.heads, product_scratch(), [&](int64_t task, float* scratch) {
        const int64_t r = task / args.heads;
        const int64_t h = task % args.heads;
        float* x = data(args.x, r) + h * args.head_dim;
        float* w = data(args.w, r) + h * args.head_dim * args.width;
        float* y = data(args.y, r) + h * args.width;
        const int64_t x_row = args.heads * args.head_dim;
        const int64_t y_row = args.heads * args.width;
        if (args.form == EM_HEADS_WIDEN) {
            product(args.rows, args.width, args.head_dim, {x, x_row, false}, {w, args.width, false}, 0, y, y_row, scratch);
        } else if (args.form == EM_HEADS_NARROW) {
            product(args.rows, args.head_dim, args.width, {y, y_row, false}, {w, args.width, true}, 0, x, x_row, scratch);
        } else {
            product(args.head_dim, args.width, args.rows, {x, x_row, true}, {y, y_row, false}, 0, w, args.width, scratch);
        }
    });
}

}  // namespace em::EM_ISA

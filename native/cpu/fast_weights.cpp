// The forward pass of linear attention and of the gated delta rule (fast_weights.h).
#include "cpu/fast_weights.h"

#include "cpu/kernels.h"

namespace em::EM_ISA {

using namespace fast_weights_parts;

void fast_weights(Device& device, const em_fast_weights_args& a) {
    const int64_t n = a.head_dim;
    const int64_t row = padded(n);
    each_task(device, a.replicas * a.batch * a.heads, (n + 3) * row, [&](int64_t task, float* matrix) {
        const Head head(a, task);
        float* q = matrix + n * row;
        float* k = q + row;
        float* keys = k + row;  // their sum
        clear(matrix, (n + 3) * row);
        for (int64_t t = 0; t < a.length; ++t) {
            feature(a, head.vector(a.q, t), q);
            feature(a, head.vector(a.k, t), k);
            write_token(head, t, k, matrix, matrix);
            float scale = a.scale;
            if (a.normalised != 0) {
                vectors(0, n, [&](int64_t i, auto) { store(keys + i, load(keys + i) + load(k + i)); });
                scale = 1.0f / (inner(q, keys, row) + SMALL);
            }
            float* out = head.output(a.out, t);
            vectors(0, n, [&](int64_t j, auto access) { access.store(out + j, weighted(matrix + j, row, q, n) * scale); });
        }
    });
}

}  // namespace em::EM_ISA

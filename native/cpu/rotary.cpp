// Rotary positions: pairs of numbers of queries and keys turn by an angle that grows with the token. 4 operations a number.
#include "cpu/kernels.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {

void rotate(Device& device, const em_rotate_args& a) {
    const int64_t half = a.head_dim / 2;
    each_rows(device, a.replicas, a.batch * a.length, a.heads * a.head_dim, [&](int64_t r, int64_t first, int64_t last) {
        for (int64_t row = first; row < last; ++row) {
            const float* cosines = data(a.table, r) + row % a.length * a.head_dim;
            const float* sines = cosines + half;
            float* head = data(a.x, r) + row * a.stride;
            for (int64_t h = 0; h < a.heads; ++h, head += a.head_dim) {
                vectors(0, half, [&](int64_t i, auto access) {
                    const Floats x = access.load(head + i);
                    const Floats y = access.load(head + half + i);
                    const Floats c = access.load(cosines + i);
                    const Floats s = a.inverse == 0 ? access.load(sines + i) : -access.load(sines + i);
                    access.store(head + i, x * c - y * s);
                    access.store(head + half + i, x * s + y * c);
                });
            }
        }
    });
}

}  // namespace em::EM_ISA

// The launch of gradients of parameters that are no products (gradients.h), where products have a launch of their own: alone they have
// registers for rows that come ahead.
#include "cuda/gradients.h"

namespace em::gpu::gradient_parts {
namespace {

// Grid (blocks of all, 1, replicas).
__global__ void __launch_bounds__(THREADS, 2) other_gradients_kernel(Gradients g) {
    EM_SHARED(float, memory, [SUM_FLOATS]);
    EM_SHARED(int, is_last, [1]);
    for (int64_t r = blockIdx.z; r < g.replicas; r += gridDim.z) {
        other_block<true>(g, r, static_cast<int32_t>(blockIdx.x), memory, is_last);
    }
}

}  // namespace

int64_t count_others(Gradients& g) {
    return count_blocks(g.sums, [](const Sum& s) { return s.sums.cut.blocks * s.sums.cut.pieces; }) +
           count_blocks(g.tokens, [](const TokenSums& t) { return t.blocks(); }) +
           count_blocks(g.elements, [](const Elements& e) { return ceil_div(e.count, Elements::OF_BLOCK); });
}

void other_gradients(CudaDevice& device, Gradients& g) {
    const int64_t blocks = count_others(g);
    if (blocks > 0) {
        const Shape shape{grid_of(blocks, 1, g.replicas), dim3(THREADS)};
        launch(device, {"gradients", __FILE__, __LINE__}, other_gradients_kernel, shape, g);
    }
}

}  // namespace em::gpu::gradient_parts

// What the samplers of both tasks share. Words and integers are those of the Java definition (RandomLane, LinearRegressionDraw,
// RecallDraw of dev.emergence.tensor) bit for bit, normals to the last bits.
#pragma once
#include "common/philox.h"
#include "cuda/kernels.h"
#include "cuda/reduce.h"

namespace em {

// What sequence n of replica r is drawn from.
struct Source {
    View<int32_t> keys, step, in_context, dataset;
    View<float> cross_sample;
    int32_t* complaints;

    EM_DEVICE RandomLane lane(uint32_t number, int64_t r, int64_t n) const { return lane_of(keys(r), number, *step(r), n, *dataset(r)); }
    // B, brought to what fits; the host hears of it.
    EM_DEVICE int64_t copies(int64_t r, int64_t most) const {
        const int64_t wanted = *in_context(r);
        if (wanted < 0 || wanted > most) {
            complain(complaints, BAD_IN_CONTEXT);
        }
        return wanted < 0 ? 0 : (wanted > most ? most : wanted);
    }
};

template <class Args>
Source source_of(CudaDevice& device, const Args& a) {
    return {view<int32_t>(a.keys),    view<int32_t>(a.step), view<int32_t>(a.in_context),
            view<int32_t>(a.dataset), view(a.cross_sample),  device.complaints()};
}

// One step of Floyd's algorithm (Bentley & Floyd 1987).
template <class Mark>
EM_DEVICE void floyd(Mark* marks, int64_t last, int32_t drawn) {
    marks[marks[drawn] == 0 ? drawn : last] = 1;
}

}  // namespace em

// A batch that the host drew, copied into tensors.
#include "common/feed.h"

#include <cstring>

#include "common/buffer.h"
#include "common/error.h"
#include "cpu/feed.h"

namespace em {

void draw_host(Device&, const em_draw_host_args& a) {
    Feed& feed = a.feed->body;
    for (int64_t r = 0; r < a.replicas; ++r) {
        feed.window()[r] = *data<int32_t>(a.step, r);
    }
    const int64_t slot = feed.take(feed.window());
    if (slot < 0) {
        EM_FAIL(EM_FAILED, "%s", feed.failure().c_str());
    }
    const int32_t* from = feed.slots() + slot * feed.replicas() * feed.elements();
    for (int64_t r = 0; r < a.replicas; ++r) {
        for (int32_t i = 0; i < a.outputs; ++i) {
            std::memcpy(data<int32_t>(a.out[i], r), from, 4 * static_cast<size_t>(a.elements[i]));
            from += a.elements[i];
        }
    }
}

}  // namespace em

// The ring behind em_feed. One thread fills slots, another takes them; which steps are wanted next is guessed from the last two taken.
#pragma once
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "common/device.h"

namespace em {

class Feed {
public:
    Feed(Device& device, int64_t replicas, int64_t elements, int64_t slots);
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;
    // Only after close(), and when the filling thread has ended.
    ~Feed();

    // The filling thread.
    int32_t* claim(int32_t* steps);
    void publish();
    void fail(const char* text);

    void close();
    // Drops what was drawn ahead, and what is being drawn.
    void forget();
    // Waits for the batch of `steps`. Returns its place in slots(), which stays until the next call; -1 when the feed failed or was closed.
    int64_t take(const int32_t* steps);
    // Why take() returned -1.
    std::string failure();

    int64_t replicas() const { return replicas_; }
    // Of a replica.
    int64_t elements() const { return elements_; }
    // All slots, one after the other; memory that the device can read.
    int32_t* slots() const { return memory_; }
    // Room for R + 1 integers that host and device can read: the steps that are wanted, and where their batch lies.
    int32_t* window() const { return memory_ + places_ * replicas_ * elements_; }

    // What a device lets the host do between wanting a batch and copying it, if the two are apart; kept here because it must outlive the
    // programs that call it.
    std::function<void()> on_host;

private:
    using Steps = std::vector<int32_t>;
    bool expects(const int32_t* steps) const;
    void restart(const int32_t* steps);

    Device& device_;
    const int64_t replicas_, elements_, places_;
    int32_t* memory_ = nullptr;

    std::mutex lock_;
    std::condition_variable wanted_, filled_;
    std::vector<Steps> drawn_for_;  // of each slot
    Steps next_, stride_, last_;    // to draw for next; from one batch to the next; taken last
    int64_t front_ = 0;             // the slot to take next
    int64_t ready_ = 0;             // full slots from there on
    bool started_ = false;          // next_ is known
    bool taken_ = false;            // last_ is known
    bool filling_ = false;          // a slot is claimed
    bool stale_ = false;            // what it is claimed for is no longer wanted
    bool closed_ = false;
    std::string failure_;
};

}  // namespace em

struct em_feed {
    em::Feed body;
};

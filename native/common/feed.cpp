#include "common/feed.h"

#include <algorithm>

#include "common/checks.h"
#include "common/context.h"
#include "common/guard.h"

namespace em {

Feed::Feed(Device& device, int64_t replicas, int64_t elements, int64_t slots)
    : device_(device),
      replicas_(replicas),
      elements_(elements),
      places_(slots),
      drawn_for_(static_cast<size_t>(slots), Steps(static_cast<size_t>(replicas))),
      next_(static_cast<size_t>(replicas)),
      stride_(static_cast<size_t>(replicas), 1),
      last_(static_cast<size_t>(replicas)) {
    memory_ = static_cast<int32_t*>(device.allocate_shared(4 * (slots * replicas * elements + replicas + 1)));
}

Feed::~Feed() { device_.release_shared(memory_); }

int32_t* Feed::claim(int32_t* steps) {
    std::unique_lock<std::mutex> guard(lock_);
    // The slot before the front is being copied from.
    wanted_.wait(guard, [&] { return closed_ || (started_ && failure_.empty() && ready_ < places_ - 1); });
    if (closed_) {
        return nullptr;
    }
    const int64_t place = (front_ + ready_) % places_;
    drawn_for_[place] = next_;
    std::copy(next_.begin(), next_.end(), steps);
    filling_ = true;
    stale_ = false;
    return memory_ + place * replicas_ * elements_;
}

void Feed::publish() {
    std::lock_guard<std::mutex> guard(lock_);
    filling_ = false;
    if (stale_) {
        return;
    }
    ++ready_;
    for (int64_t r = 0; r < replicas_; ++r) {
        next_[r] = static_cast<int32_t>(static_cast<uint32_t>(next_[r]) + static_cast<uint32_t>(stride_[r]));
    }
    filled_.notify_one();
}

void Feed::fail(const char* text) {
    std::lock_guard<std::mutex> guard(lock_);
    filling_ = false;
    failure_ = text;
    filled_.notify_one();
}

void Feed::close() {
    std::lock_guard<std::mutex> guard(lock_);
    closed_ = true;
    wanted_.notify_one();
    filled_.notify_one();
}

void Feed::forget() {
    std::lock_guard<std::mutex> guard(lock_);
    ready_ = 0;
    stale_ = filling_;
    started_ = false;
}

// Whether the first batch that is ready, being filled or next is that of these steps.
bool Feed::expects(const int32_t* steps) const {
    if (!started_ || (filling_ && stale_ && ready_ == 0)) {
        return started_ && std::equal(next_.begin(), next_.end(), steps);
    }
    const Steps& first = ready_ > 0 || filling_ ? drawn_for_[front_] : next_;
    return std::equal(first.begin(), first.end(), steps);
}

// Forgets what was drawn ahead and begins at these steps. A replica that stood still last time is taken to stay.
void Feed::restart(const int32_t* steps) {
    ready_ = 0;
    stale_ = filling_;
    started_ = true;
    for (int64_t r = 0; r < replicas_; ++r) {
        stride_[r] = taken_ && steps[r] == last_[r] ? 0 : 1;
        next_[r] = steps[r];
    }
    wanted_.notify_one();
}

int64_t Feed::take(const int32_t* steps) {
    std::unique_lock<std::mutex> guard(lock_);
    if (!expects(steps)) {
        restart(steps);
    }
    filled_.wait(guard, [&] { return closed_ || !failure_.empty() || ready_ > 0; });
    if (closed_ || ready_ == 0) {
        return -1;
    }
    const int64_t place = front_;
    front_ = (front_ + 1) % places_;
    --ready_;
    last_.assign(steps, steps + replicas_);
    taken_ = true;
    wanted_.notify_one();
    return place;
}

std::string Feed::failure() {
    std::lock_guard<std::mutex> guard(lock_);
    return failure_.empty() ? "the feed of a batch is closed" : failure_;
}

void check(const em_draw_host_args& a) {
    EM_REQUIRE(a.feed != nullptr, "no feed");
    sizes("replicas", a.replicas, "outputs", a.outputs);
    EM_REQUIRE(a.outputs <= EM_FEED_OUTPUTS, "outputs must be in 1..%d, got %d", EM_FEED_OUTPUTS, a.outputs);
    span("step", a.step, a.replicas, 1);
    int64_t elements = 0;
    for (int32_t i = 0; i < a.outputs; ++i) {
        size("elements", a.elements[i]);
        span("out", a.out[i], a.replicas, a.elements[i]);
        elements += a.elements[i];
    }
    const Feed& feed = a.feed->body;
    EM_REQUIRE(a.replicas == feed.replicas() && elements == feed.elements(),
               "%lld elements of %lld replicas, but the feed has %lld of %lld", (long long)elements, (long long)a.replicas,
               (long long)feed.elements(), (long long)feed.replicas());
}

}  // namespace em

em_feed* em_feed_create(em_context* context, int64_t replicas, int64_t elements, int64_t slots) {
    em_feed* created = nullptr;
    em::guard("em_feed_create", [&] {
        em::sizes("replicas", replicas, "elements", elements, "slots", slots);
        EM_REQUIRE(slots >= 3, "a feed has at least 3 slots, got %lld", (long long)slots);
        em::product(slots, replicas, elements, 4);
        auto feed = std::unique_ptr<em_feed>(new em_feed{{*context->device, replicas, elements, slots}});
        em_feed* key = feed.get();
        context->feeds.emplace(key, std::move(feed));
        created = key;
    });
    return created;
}

int32_t* em_feed_claim(em_feed* feed, int32_t* steps) { return feed->body.claim(steps); }

void em_feed_publish(em_feed* feed) { feed->body.publish(); }

void em_feed_fail(em_feed* feed, const char* text) { feed->body.fail(text); }

em_status em_feed_forget(em_context*, em_feed* feed) {
    return em::guard("em_feed_forget", [&] { feed->body.forget(); });
}

em_status em_feed_close(em_context*, em_feed* feed) {
    return em::guard("em_feed_close", [&] { feed->body.close(); });
}

em_status em_feed_destroy(em_context* context, em_feed* feed) {
    return em::guard("em_feed_destroy", [&] {
        EM_REQUIRE(context->feeds.count(feed) == 1, "no feed of this context, or destroyed before");
        feed->body.close();
        context->device->idle();
        context->feeds.erase(feed);
    });
}

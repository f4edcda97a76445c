#include "cpu/pool.h"

#include <algorithm>

#include "common/error.h"
#include "cpu/subnormals.h"

namespace em {

Pool::Pool(int threads) {
    try {
        workers_.reserve(threads);
        for (int thread = 1; thread < threads; ++thread) {
            workers_.emplace_back([this, thread] { serve(thread); });
        }
    } catch (const std::exception& error) {
        // Limits of memory or of processes are met here. Destroying threads that still run would end the process.
        const int started = this->threads();
        close();
        EM_FAIL(EM_UNAVAILABLE, "only %d of %d threads could be started: %s", started, threads, error.what());
    }
}

Pool::~Pool() { close(); }

void Pool::close() {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        closing_ = true;
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) {
        worker.join();
    }
}

void Pool::run(int64_t tasks, Task run, void* closure) {
    const FlushSubnormals flush;
    if (workers_.empty() || tasks == 1) {
        for (int64_t task = 0; task < tasks; ++task) {
            run(closure, task, 0);
        }
        return;
    }
    {
        std::lock_guard<std::mutex> lock(mutex_);
        run_ = run;
        closure_ = closure;
        next_ = 0;
        tasks_ = tasks;
        busy_ = threads();
        failure_ = nullptr;
        ++round_;
    }
    wake_.notify_all();
    take(0);
    std::unique_lock<std::mutex> lock(mutex_);
    idle_.wait(lock, [this] { return busy_ == 0; });
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

void Pool::serve(int thread) {
    const FlushSubnormals flush;
    uint64_t seen = 0;
    for (;;) {
        {
            std::unique_lock<std::mutex> lock(mutex_);
            wake_.wait(lock, [&] { return closing_ || round_ != seen; });
            if (closing_) {
                return;
            }
            seen = round_;
        }
        take(thread);
    }
}

void Pool::take(int thread) {
    for (;;) {
        int64_t first = 0;
        int64_t last = 0;
        {
            std::lock_guard<std::mutex> lock(mutex_);
            // Several at once, so that the lock is rarely asked for; fewer towards the end.
            first = next_;
            last = std::min(tasks_, first + std::max<int64_t>(1, (tasks_ - first) / (4 * threads())));
            next_ = last;
            if (first == tasks_) {
                if (--busy_ == 0) {
                    idle_.notify_all();
                }
                return;
            }
        }
        try {
            for (int64_t task = first; task < last; ++task) {
                run_(closure_, task, thread);
            }
        } catch (...) {
            std::lock_guard<std::mutex> lock(mutex_);
            failure_ = failure_ ? failure_ : std::current_exception();
            next_ = tasks_;
        }
    }
}

}  // namespace em

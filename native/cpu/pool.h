// A few threads that share out tasks.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace em {

// With one thread, work runs in the caller and no thread is started. Otherwise the caller and threads - 1 others take tasks in turn;
// which thread does a task is not fixed. Tasks take subnormal numbers for zero. Threads sleep between calls: spinning would take the
// processor from other runs.
class Pool {
public:
    // Throws Error(EM_UNAVAILABLE) where that many threads cannot be had.
    explicit Pool(int threads);
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    int threads() const { return static_cast<int>(workers_.size()) + 1; }

    using Task = void (*)(void* closure, int64_t task, int thread);
    // Calls run(closure, task, thread) for all tasks; rethrows the first exception after the others have ended.
    void run(int64_t tasks, Task run, void* closure);

private:
    void serve(int thread);
    void take(int thread);
    void close();

    std::mutex mutex_;
    std::condition_variable wake_, idle_;
    std::vector<std::thread> workers_;
    Task run_ = nullptr;
    void* closure_ = nullptr;
    int64_t next_ = 0, tasks_ = 0;
    int busy_ = 0;
    uint64_t round_ = 0;
    bool closing_ = false;
    std::exception_ptr failure_;
};

}  // namespace em

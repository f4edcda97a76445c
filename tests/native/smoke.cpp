// Calls every function of the ABI on awkward sizes, at once and recorded, with one and with two threads; made for the sanitizers. What
// the numbers should be is the business of BackendContract. EM_ISA chooses the kernels; a set that the processor lacks is skipped.
// smoke_operations.cpp has the operations one by one.
#include "smoke.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace {

// The middle one of three replicas has stopped: with a gradient of NaN it keeps its bits, and the others move.
void stopped(em_context* context) {
    Workplace at(context, 3);
    const int64_t r = 3, n = 40001;
    std::vector<float> gradients(r * n, 0.75f);
    std::fill(gradients.begin() + n, gradients.begin() + 2 * n, std::nanf(""));
    const em_tensor x = at.floats(n), g = at.floats(n, gradients), m = at.floats(n), v = at.floats(n, std::vector<float>(r * n, 0.25f));
    const em_tensor rate = at.floats(1, {0.5f, 0.25f, 0.125f});
    const em_tensor step = at.integers(1, {3, 7, 11}), stopped_at = at.integers(1, {0, 7, 0});
    const std::vector<float> before[] = {at.read(x, n), at.read(m, n), at.read(v, n)};
    CALL(advance, {step, stopped_at, r});
    CALL(adam, {x, g, m, v, rate, step, stopped_at, r, n, 0.9, 0.999, 1e-8, 0.01});
    CALL(sgd, {x, g, m, rate, stopped_at, r, n, 0.9});
    const std::vector<float> after[] = {at.read(x, n), at.read(m, n), at.read(v, n)};
    for (int k = 0; k < 3; ++k) {
        for (int64_t replica = 0; replica < r; ++replica) {
            int64_t kept = 0, finite = 0;
            for (int64_t i = replica * n; i < (replica + 1) * n; ++i) {
                kept += std::memcmp(&before[k][i], &after[k][i], sizeof(float)) == 0;
                finite += std::isfinite(after[k][i]);
            }
            EXPECT(kept == (replica == 1 ? n : 0) && finite == n, "tensor %d of replica %lld: %lld of %lld kept, %lld finite", k,
                   (long long)replica, (long long)kept, (long long)n, (long long)finite);
        }
    }
    EXPECT(at.read_integers(step, 1) == std::vector<int32_t>({4, 7, 12}), "a stopped replica advances");
}

// Another thread fills each slot with its step and a counter; the operation must see those of its own steps, whatever the ring guessed.
void feed(em_context* context, Workplace& at, int64_t r) {
    em_feed* feed = em_feed_create(context, r, 5, 3);
    EXPECT(feed != nullptr, "%s", em_last_error());
    std::atomic<int32_t> definition{0};
    std::thread filler([&] {
        std::vector<int32_t> steps(r);
        while (int32_t* slot = em_feed_claim(feed, steps.data())) {
            for (int64_t i = 0; i < 5 * r; ++i) {
                slot[i] = 10 * steps[i / 5] + static_cast<int32_t>(i % 5) + definition;
            }
            em_feed_publish(feed);
        }
    });
    const em_tensor step = at.integers(1, std::vector<int32_t>(r, 3)), still = at.integers(1, std::vector<int32_t>(r, 0));
    const em_tensor first = at.integers(2, 9), second = at.integers(3, 9);
    for (int i = 0; i < 3; ++i) {
        CALL(draw_host, {feed, step, {first, second}, {2, 3}, r, 2});
        CALL(advance, {step, still, r});
    }
    CALL(draw_host, {feed, still, {second, first}, {3, 2}, r, 2});
    EXPECT(at.read_integers(second, 3)[2] == 2 && at.read_integers(first, 2)[1] == 4, "a batch of another step");
    CALL(draw_host, {feed, step, {first, second}, {2, 3}, r, 2});
    EXPECT(at.read_integers(second, 3)[3 * r - 1] == 64, "a batch of another step");
    // Asked for the same steps again and again, it draws them ahead; none of those may be seen once the definition is another.
    for (int i = 1; i < 4; ++i) {
        CALL(draw_host, {feed, step, {first, second}, {2, 3}, r, 2});
        CALL(draw_host, {feed, step, {first, second}, {2, 3}, r, 2});
        definition = 100 * i;
        EXPECT(em_feed_forget(context, feed) == EM_OK, "%s", em_last_error());
        CALL(draw_host, {feed, step, {first, second}, {2, 3}, r, 2});
        EXPECT(at.read_integers(second, 3)[3 * r - 1] == 64 + 100 * i, "a batch of the old definition");
    }
    EXPECT(em_feed_close(context, feed) == EM_OK, "%s", em_last_error());
    filler.join();
    const em_draw_host_args closed{feed, step, {first, second}, {2, 3}, r, 2};
    EXPECT(em_draw_host(context, &closed) == EM_FAILED, "a closed feed feeds");
    EXPECT(em_feed_destroy(context, feed) == EM_OK, "%s", em_last_error());
}

// Operations must run when recorded as they do at once, whatever the number of threads. Returns all bits of one attention and MLP.
std::vector<float> recorded(int threads) {
    em_context* context = open_cpu(threads);
    std::vector<float> result;
    {
        Workplace at(context, 3);
        const int64_t batch = 4, length = 70, heads = 2, width = heads * 24, rows = batch * length, n = rows * width;
        const em_tensor q = at.floats(n), k = at.floats(n), v = at.floats(n), out = at.floats(n), mixed = at.floats(n);
        const em_tensor w = at.floats(width * width), bias = at.floats(width), d_bias = at.floats(width);
        const em_attention_args args{
            q, k, v, {}, out, at.floats(batch * heads * length), 3, batch, heads, length, length, 24, width, width, width, 1, 0.2f, {}, 0};
        EXPECT(em_record_begin(context) == EM_OK, "%s", em_last_error());
        call("attention", context, em_attention, args);
        CALL(gemm, {out, w, mixed, 3, rows, width, width, 0, 1, 0.0f});
        CALL(bias_activation, {mixed, bias, out, 3, rows, width, EM_GELU});
        CALL(bias_activation_backward, {out, mixed, out, d_bias, 3, rows, width});
        em_program* program = em_record_end(context);
        EXPECT(program != nullptr && em_program_size(context, program) == 4, "%s", em_last_error());
        EXPECT(em_program_run(context, program) == EM_OK, "%s", em_last_error());
        result = at.read(out, n);
        const std::vector<float> sums = at.read(d_bias, width);
        result.insert(result.end(), sums.begin(), sums.end());
        EXPECT(em_program_destroy(context, program) == EM_OK, "%s", em_last_error());
    }
    em_context_close(context);
    return result;
}

void refuse(em_status expected, em_status got, const char* text) {
    EXPECT(got == expected && em_last_status() == expected, "status %d", got);
    EXPECT(std::strstr(em_last_error(), text) != nullptr, "'%s' lacks '%s'", em_last_error(), text);
    EXPECT(std::strstr(em_last_error(), "(native/") != nullptr, "'%s' lacks the native place", em_last_error());
}

void errors(em_context* context) {
    Workplace at(context, 1);
    const em_tensor x = at.floats(6), words = at.integers(6, 9);
    const em_mean_args too_long{x, {}, x, 1, 7};
    refuse(EM_BAD_ARGUMENT, em_mean(context, &too_long), "em_mean: x ends at element 7 of a buffer of 6");
    const em_zero_args none{{}, 1, 1};
    refuse(EM_BAD_ARGUMENT, em_zero(context, &none), "tensor x has no buffer");
    const em_zero_args huge{x, INT64_C(1) << 40, 1};
    refuse(EM_BAD_ARGUMENT, em_zero(context, &huge), "replicas must be in 1..2^31");
    const int64_t most = INT64_C(1) << 31;
    const em_take_tokens_args wraps{x, x, 1, most, most, most, 0, 1};
    refuse(EM_BAD_ARGUMENT, em_take_tokens(context, &wraps), "more than 2^63 elements");
    const em_embed_args outside{words, x, at.floats(18), 1, 6, 2, 3};
    refuse(EM_BAD_ARGUMENT, em_embed(context, &outside), "is not in 0..1");
    refuse(EM_BAD_ARGUMENT, em_record_abandon(context), "no program is being recorded");
    EXPECT(em_buffer_create(context, 0) == nullptr, "an empty buffer");
    // A record that goes wrong leaves nothing behind.
    EXPECT(em_record_begin(context) == EM_OK, "%s", em_last_error());
    const float value = 0;
    refuse(EM_BAD_ARGUMENT, em_write_floats(context, &x, 1, 1, &value), "while a program is recorded");
    EXPECT(em_record_abandon(context) == EM_OK, "%s", em_last_error());
    const em_context_options cuda{EM_DEVICE_CUDA, 0, 1, "/nowhere/libemergence_cuda.so", nullptr};
    EXPECT(em_context_open(&cuda) == nullptr, "a library that is not there");
    refuse(EM_UNAVAILABLE, em_last_status(), "cannot load the CUDA library");
    const em_context_options unknown{EM_DEVICE_CPU, 0, 1, nullptr, "mmx"};
    EXPECT(em_context_open(&unknown) == nullptr, "an instruction set that is not there");
    refuse(EM_UNAVAILABLE, em_last_status(), "no kernels for instruction set mmx on this processor; it has ");
}

// Sanitizers reserve so much address space that no limit leaves them room.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
void too_many_threads() {}
#else
// In a child with room for the stacks of some threads only.
void too_many_threads() {
    const pid_t child = fork();
    if (child == 0) {
        long pages = 0;
        std::FILE* used = std::fopen("/proc/self/statm", "r");
        const bool known = used != nullptr && std::fscanf(used, "%ld", &pages) == 1;
        const rlim_t room = pages * sysconf(_SC_PAGESIZE) + (rlim_t(256) << 20);
        const rlimit limit{room, room};
        if (!known || setrlimit(RLIMIT_AS, &limit) != 0) {
            _exit(0);
        }
        // An emulator of another processor takes the limit and does not keep it.
        if (mmap(nullptr, size_t(512) << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) {
            _exit(0);
        }
        const em_context* none = open_cpu(1000);
        const bool told = std::strstr(em_last_error(), " of 1000 threads could be started: ") != nullptr;
        _exit(none == nullptr && em_last_status() == EM_UNAVAILABLE && told ? 0 : 1);
    }
    int status = -1;
    EXPECT(child > 0 && waitpid(child, &status, 0) == child && status == 0, "status %d where threads are refused", status);
}
#endif

}  // namespace

int main() {
    em_context* context = open_cpu(1);
    if (context == nullptr) {
        std::printf("skipped: %s\n", em_last_error());
        return 77;
    }
    std::printf("%s\n", em_context_description(context));
    for (int64_t replicas : {1, 3}) {
        Workplace at(context, replicas);
        everything(context, at, replicas);
    }
    for (int64_t replicas : {1, 3}) {
        Workplace at(context, replicas);
        feed(context, at, replicas);
    }
    stopped(context);
    errors(context);
    too_many_threads();
    EXPECT(em_free_bytes(context) >= -1, "%lld bytes are free", (long long)em_free_bytes(context));
    EXPECT(em_allocated_bytes(context) == 0, "%lld bytes are left", (long long)em_allocated_bytes(context));
    em_context_close(context);
    const std::vector<float> one = recorded(1);
    const std::vector<float> two = recorded(2);
    EXPECT(std::memcmp(one.data(), two.data(), one.size() * sizeof(float)) == 0, "two threads give other bits than one");
#define X(name) EXPECT(called[#name] > 0, "em_" #name " is never called");
    EM_OPERATIONS(X)
#undef X
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}

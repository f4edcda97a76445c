// What a launch asks of the GPU: of the one that it goes to, where there are two (the emulation has two), and no more than there is.
//
//   launch_test LIBRARY
#include <thread>

#include "em/gpu.h"
#include "harness.h"

namespace {

em_context* open(const char* library, int32_t device) {
    const em_context_options options{EM_DEVICE_CUDA, device, 1, library, nullptr};
    em_context* context = em_context_open(&options);
    if (context == nullptr) {
        std::printf("cannot open device %d: %s\n", device, em_last_error());
        std::exit(1);
    }
    return context;
}

// Draws a sequence of recall. Up to 4,096 tokens a block has 16 bytes of dynamic shared memory a pair, 8 a token and 4 more.
em_sample_recall_args recall(Workplace& at, int64_t pairs, int64_t tokens) {
    const int64_t length = 2 * pairs + 1;
    const std::vector<int32_t> copies{2}, endless{0}, favoured{0, 2};
    em_sample_recall_args args{};
    args.keys = at.integers(2, 9);
    args.step = at.integers(1, 9);
    args.cross_sample = at.floats(1, std::vector<float>{0.3f});
    args.in_context = at.integers(1, copies);
    args.dataset = at.integers(1, endless);
    args.favoured = at.integers(2, favoured);
    args.sequence = at.integers(length, 1);
    args.target = at.integers(1, 1);
    args.relevant = at.integers(length, 1);
    args.value = at.integers(1, 1);
    args.key = at.integers(length, 1);
    args.replicas = args.rows = 1;
    args.pairs = pairs;
    args.tokens = tokens;
    args.favoured_count = 2;
    return args;
}

// More than 48 KiB have to be asked for, from the GPU that the kernel is launched on. Nothing but the launch may set the thread's GPU here.
void a_thread_that_did_not_open_the_second_asks_it_for_shared_memory(const char* library) {
    em_context* context = open(library, 1);
    {
        Workplace at(context, 1);
        const em_sample_recall_args args = recall(at, 2000, 4096);
        std::thread([&] { EXPECT(em_sample_recall(context, &args) == EM_OK, "%s", em_last_error()); }).join();
    }
    em_context_close(context);
}

void both_take_turns_in_a_thread(const char* library) {
    em_context* first = open(library, 0);
    {
        Workplace at(first, 1);
        const em_sample_recall_args args = recall(at, 10, 40);
        EXPECT(em_sample_recall(first, &args) == EM_OK, "%s", em_last_error());
        em_context* second = open(library, 1);
        EXPECT(em_sample_recall(first, &args) == EM_OK, "after the second was opened: %s", em_last_error());
        em_context_close(second);
    }
    em_context_close(first);
}

// Beside its dynamic memory the kernel has 32 bytes of its own: of 101,376 bytes a block 6,333 pairs leave them room. The emulation learns
// of them by the first launch.
void what_a_kernel_declares_itself_counts_too(const char* library) {
    em_context* context = open(library, 0);
    for (int64_t pairs : {10, 6333, 6334, 6335, 6336}) {
        Workplace at(context, 1);
        const em_sample_recall_args args = recall(at, pairs, 7000);
        const em_status status = em_sample_recall(context, &args);
        if (pairs <= 6333) {
            EXPECT(status == EM_OK, "%lld pairs: %s", (long long)pairs, em_last_error());
        } else {
            const std::string said = em_last_error();
            const std::string told = std::to_string(16 * pairs + 4 + 32) + " bytes of shared memory, this GPU has 101376 a block";
            EXPECT(status == EM_FAILED && said.find(told) != std::string::npos, "%lld pairs: %s", (long long)pairs, said.c_str());
        }
    }
    em_context_close(context);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::printf("usage: launch_test LIBRARY\n");
        return 2;
    }
    a_thread_that_did_not_open_the_second_asks_it_for_shared_memory(argv[1]);
    both_take_turns_in_a_thread(argv[1]);
    what_a_kernel_declares_itself_counts_too(argv[1]);
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}

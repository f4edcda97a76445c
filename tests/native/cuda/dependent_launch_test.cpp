// What the emulation must notice of kernels that begin before the one before them is complete, and where a GPU can be given such kernels.
#include "cuda/dependent_launch.h"

#include <vector>

#include "expect.h"

namespace {

// Two blocks of a kernel whose threads must wait for the one before.
template <class... P, class... A>
cudaError_t launch(bool dependent, void (*kernel)(P...), dim3 block, A... arguments) {
    return emu::launch<P...>({"kernel", 2, block, 0, 48 * 1024, true, dependent}, stream(), kernel, arguments...);
}

void increment_first(int* x) {
    emu::begin_kernel();
    ++x[0];
}

void add_to_second(int* x) {
    emu::begin_kernel();
    x[1] += x[0];
}

void add_before_it_waits(int* x) {
    const int first = x[0];
    emu::begin_kernel();
    x[1] += first;
}

void add_to_third(int* x) {
    emu::begin_kernel();
    x[2] += x[0] + x[1];
}

// What a graph makes of three numbers, each kernel from the results of those before; a memset stands before the last.
std::vector<int> chain(bool dependent, bool early) {
    std::vector<int> x{1, 0, 0};
    int after = 5;
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t instance = nullptr;
    cudaStreamBeginCapture(stream(), cudaStreamCaptureModeRelaxed);
    launch(false, increment_first, 1, x.data());
    launch(dependent, early ? add_before_it_waits : add_to_second, 1, x.data());
    launch(dependent, add_to_third, 1, x.data());
    cudaMemsetAsync(&after, 0, sizeof after, stream());
    launch(false, add_to_third, 1, x.data());
    cudaStreamEndCapture(stream(), &graph);
    expect(cudaGraphInstantiate(&instance, graph, 0) == cudaSuccess && cudaGraphLaunch(instance, stream()) == cudaSuccess, "a chain",
           cudaGetErrorString(cudaGetLastError()));
    cudaStreamSynchronize(stream());
    cudaGraphExecDestroy(instance);
    cudaGraphDestroy(graph);
    x.push_back(after);
    return x;
}

void dependent_kernels_see_what_is_before() {
    // Each has two blocks: 1 + 2; 2 * 3; 2 * (3 + 6), twice.
    const std::vector<int> right{3, 6, 36, 0};
    expect(chain(false, false) == right && chain(false, true) == right, "a chain of kernels");
    expect(chain(true, false) == right, "a chain of dependent kernels");
#if !defined(EM_EMU_TSAN)  // where it is a race
    expect(chain(true, true) != right, "what is read before the kernel before is complete is wrong");
#endif
}

// The launch must fail with a text that holds `reason`.
template <class... P, class... A>
void refuses(const char* reason, bool dependent, void (*kernel)(P...), A... arguments) {
    int x = 0;
    launch(false, increment_first, 1, &x);
    const cudaError_t error = launch(dependent, kernel, 64, arguments...);
    const std::string text = cudaGetErrorString(error);
    expect(error != cudaSuccess && text.find(reason) != std::string::npos, reason, text);
}

void leaves_at_once() {}

void lets_one_not_wait() {
    if (threadIdx.x != 40) {
        emu::begin_kernel();
    }
}

void waits_after_a_barrier() {
    __syncthreads();
    emu::begin_kernel();
}

[[maybe_unused]] void kernels_that_do_not_wait_are_refused() {
    for (bool dependent : {false, true}) {
        refuses("has not waited for the kernel before: begin_kernel() comes first", dependent, leaves_at_once);
        refuses("kernel: thread (40, 0, 0) of block (", dependent, lets_one_not_wait);
    }
    refuses(" and has not waited for the kernel before", true, waits_after_a_barrier);
    int x = 0;
    cudaMemsetAsync(&x, 0, sizeof x, stream());
    expect(launch(true, increment_first, 1, &x) == cudaErrorInvalidValue, "only a kernel is depended on");
}

void platforms() {
    const char* all = "80-real,86-real,89-real,90";
    const auto says = [](const em::Platform& platform, const char* text) {
        const std::string why = em::no_dependent_launch(platform);
        expect(*text == 0 ? why.empty() : why.find(text) != std::string::npos, text, why);
    };
    says({all, 9, 0, 12030, 12030}, "");
    says({all, 12, 0, 13000, 13000}, "");
    says({all, 8, 9, 13000, 13000}, "compute capability 9.0 or newer");
    says({"80", 9, 0, 13000, 13000}, "this build has kernels for 80");
    says({all, 9, 0, 12020, 13000}, "this one is by 12.2");
    says({all, 9, 0, 12040, 12020}, "this one supports 12.2");
}

}  // namespace

int main() {
    dependent_kernels_see_what_is_before();
#if !defined(EM_EMU_TSAN)  // for which threads of a failed launch end in the midst of it
    kernels_that_do_not_wait_are_refused();
#endif
    platforms();
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}

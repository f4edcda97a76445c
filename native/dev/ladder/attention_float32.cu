// The two forms of attention in float32 side by side, forward and backward, under a causal mask: each product a fused multiply-add, and
// three products on tensor cores of numbers that are split into two parts. common/split_attention.h says which is used where; by this
// table it was set. 128 heads are one run's, 1,024 those of several that train together.
#include "heads.h"
#include "report.h"

namespace ladder {
namespace {

// Under a causal mask the first tokens have the largest gradients: of 512 fused multiply-adds are off by 4e-5 of the usual one.
constexpr double BOUND = 5e-5;

struct Forms {
    Gpu& gpu;
    Report& report;
    std::vector<Heads> sets;
    TrueHeads right;

    Forms(Gpu& of, Report& to, const Heads& like) : gpu(of), report(to) {
        add(like);
        const Heads a = sets[0];
        const int64_t bytes = 4 * (8 * a.elements() + 2 * a.rows());
        while (static_cast<int64_t>(sets.size()) < sets_of(bytes)) {
            add(like);
        }
        right = take_true(gpu, a, true);
        find_true_output(gpu, a, right);
        find_true_gradients(gpu, a, right);
        gpu.wait();
    }
    void add(const Heads& like) { sets.push_back(take_heads(gpu, like, true, 1 + static_cast<uint32_t>(sets.size()))); }
    void forward() const {
        const Heads& a = sets[0];
        report.title("attention_float32 forward", shape_of(a), {2.0 * a.rows() * a.length * WIDTH, 4.0 * (4 * a.elements() + a.rows())});
        for (bool split : {false, true}) {
            em::Device& device = gpu.attention(split);
            const auto issue = [&](int64_t set) { device.kernels().attention(device, forward_args(gpu, sets[static_cast<size_t>(set)])); };
            see(
                split, device, issue, [&] { gpu.poison(a.out, a.elements()); }, [&] { return worst_output(gpu, a, right); });
        }
    }
    // Behind forward(), whose outputs and lse it needs.
    void backward() const {
        const Heads& a = sets[0];
        report.title("attention_float32 backward", shape_of(a), {5.0 * a.rows() * a.length * WIDTH, 4.0 * (8 * a.elements() + a.rows())});
        for (bool split : {false, true}) {
            em::Device& device = gpu.attention(split);
            const auto issue = [&](int64_t set) {
                device.kernels().attention_backward(device, backward_args(gpu, sets[static_cast<size_t>(set)]));
            };
            see(
                split, device, issue, [&] { gpu.poison(a.d_qkv, 3 * a.elements()); }, [&] { return worst_gradient(gpu, a, right); });
        }
    }
    template <class Issue, class Reset, class Error>
    void see(bool split, em::Device& device, const Issue& issue, const Reset& reset, const Error& error) const {
        report.see(gpu, {split ? "three products of split numbers" : "fused multiply-adds", EM_FLOAT32, BOUND, 0, &device, issue},
                   static_cast<int64_t>(sets.size()), reset, error);
    }
};

}  // namespace

void attention_float32_ladder(Gpu& gpu, Report& report) {
    const std::vector<int64_t> lengths = EMULATED ? std::vector<int64_t>{16, 80} : std::vector<int64_t>{16, 32, 48, 64, 128, 256, 512};
    for (const int64_t batch : EMULATED ? std::vector<int64_t>{1} : std::vector<int64_t>{32, 256}) {
        for (const int64_t length : lengths) {
            Heads like{};
            like.heads = EMULATED ? 2 : 4;
            like.batch = length > 256 && batch > 128 ? 128 : batch;
            like.length = length;
            like.causal = true;
            const Forms forms(gpu, report, like);
            forms.forward();
            forms.backward();
            gpu.release();
        }
    }
}

}  // namespace ladder

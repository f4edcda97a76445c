// The ladder of Adam (Kingma & Ba 2015, algorithm 1) over the parameters of a two-layer model, 1.6 million in 21 tensors, of one replica
// and of 32. It reads p, g, m, v and writes p, m, v: 28 bytes an element, beside which its arithmetic is nothing.
//
//   0  A launch a tensor, as optimisers are written at first: 21 launches, most of them for a few numbers.
//   1  The parameters of a replica lie in one row, so that one launch does all. A thread an element. Each thread still computes the bias
//      corrections, two powers, and 1 - beta^step loses digits while beta^step is near 1.
//   2  Four elements a thread, in reads and writes of 16 bytes; 1 - beta^step as -expm1(step ln beta).
//   3  The library's kernel: the same for rows that start anywhere, which skips replicas that have stopped.
#include <numeric>

#include "errors.h"
#include "report.h"

namespace ladder {
namespace {

constexpr int THREADS = 256;
constexpr double BETA1 = 0.9;
constexpr double BETA2 = 0.999;
constexpr double EPS = 1e-8;
constexpr float RATE = 0.1f;
constexpr int32_t STEP = 10;

// Elements of each tensor: embedding, its bias, positions; twice q k v, output, MLP up and down with their biases; read-out and its bias.
std::vector<int64_t> tensors() {
    if (EMULATED) {
        return {260, 12, 512};
    }
    std::vector<int64_t> sizes{16 * 256, 256, 16 * 256};
    for (int layer = 0; layer < 2; ++layer) {
        sizes.insert(sizes.end(), {768 * 256, 768, 256 * 256, 256, 1024 * 256, 1024, 256 * 1024, 256});
    }
    sizes.insert(sizes.end(), {16 * 256, 16});
    return sizes;
}

// Rows of `elements` parameters a replica; learning rate and step of each replica.
struct Parameters {
    float *p, *g, *m, *v;
    const float* rate;
    const int32_t* step;
    int64_t elements, replicas;
};

// --- the rungs ---

struct Corrections {
    float first, second;
};

EM_DEVICE void update(float& p, float g, float& m, float& v, float rate, const Corrections& missing) {
    m = static_cast<float>(BETA1) * m + static_cast<float>(1 - BETA1) * g;
    v = static_cast<float>(BETA2) * v + static_cast<float>(1 - BETA2) * g * g;
    p -= rate * (m / missing.first) / (sqrtf(v / missing.second) + static_cast<float>(EPS));
}

// Rungs 0 and 1: elements `first` to `first + count` of each replica, a thread an element. Grid (elements, replicas).
__global__ void __launch_bounds__(THREADS) single_kernel(Parameters a, int64_t first, int64_t count) {
    const int64_t i = thread_of_grid();
    if (i < count) {
        const int64_t r = blockIdx.y;
        const int64_t at = r * a.elements + first + i;
        const auto step = static_cast<float>(a.step[r]);
        const Corrections missing{1 - powf(static_cast<float>(BETA1), step), 1 - powf(static_cast<float>(BETA2), step)};
        update(a.p[at], a.g[at], a.m[at], a.v[at], a.rate[r], missing);
    }
}

__global__ void __launch_bounds__(THREADS) fours_kernel(Parameters a, float log_beta1, float log_beta2) {
    const int64_t i = 4 * thread_of_grid();
    if (i < a.elements) {
        const int64_t r = blockIdx.y;
        const int64_t at = r * a.elements + i;
        const auto step = static_cast<float>(a.step[r]);
        const Corrections missing{-expm1f(step * log_beta1), -expm1f(step * log_beta2)};
        float4 p = *reinterpret_cast<const float4*>(a.p + at);
        const float4 g = *reinterpret_cast<const float4*>(a.g + at);
        float4 m = *reinterpret_cast<const float4*>(a.m + at);
        float4 v = *reinterpret_cast<const float4*>(a.v + at);
        update(p.x, g.x, m.x, v.x, a.rate[r], missing);
        update(p.y, g.y, m.y, v.y, a.rate[r], missing);
        update(p.z, g.z, m.z, v.z, a.rate[r], missing);
        update(p.w, g.w, m.w, v.w, a.rate[r], missing);
        em::store_wide(a.p + at, p);
        em::store_wide(a.m + at, m);
        em::store_wide(a.v + at, v);
    }
}

// --- their truth ---

__global__ void spread_kernel(float* v, int64_t count) {
    for (int64_t i = thread_of_grid(); i < count; i += static_cast<int64_t>(gridDim.x) * blockDim.x) {
        v[i] = 0.25f + v[i] * v[i];
    }
}

enum What { CHANGE, FIRST, SECOND };

// What becomes of one element, from the numbers before. Of p its change: an error of it would be lost beside p.
struct Updated {
    Parameters now, before;
    What what;
    EM_DEVICE double want(int64_t i) const {
        const double g = before.g[i];
        const double m = BETA1 * before.m[i] + (1 - BETA1) * g;
        const double v = BETA2 * before.v[i] + (1 - BETA2) * g * g;
        const double step = before.step[0];
        const double change = -RATE * (m / (1 - pow(BETA1, step))) / (sqrt(v / (1 - pow(BETA2, step))) + EPS);
        return what == CHANGE ? change : (what == FIRST ? m : v);
    }
    EM_DEVICE float got(int64_t i) const { return what == CHANGE ? now.p[i] - before.p[i] : (what == FIRST ? now.m[i] : now.v[i]); }
};

em_adam_args args_of(Gpu& gpu, const Parameters& a, float* rate, float* step, float* stopped) {
    return {gpu.tensor(a.p, a.elements),
            gpu.tensor(a.g, a.elements),
            gpu.tensor(a.m, a.elements),
            gpu.tensor(a.v, a.elements),
            gpu.tensor(rate, 1),
            gpu.tensor(step, 1),
            gpu.tensor(stopped, 1),
            a.replicas,
            a.elements,
            BETA1,
            BETA2,
            EPS,
            0.0};
}

void climb(Gpu& gpu, Report& report, int64_t replicas, const double (&predicted)[4]) {
    const std::vector<int64_t> sizes = tensors();
    const int64_t elements = std::accumulate(sizes.begin(), sizes.end(), int64_t{0});
    const int64_t count = replicas * elements;
    const auto n = static_cast<size_t>(replicas);
    float* const rate = gpu.take(replicas);
    float* const step = gpu.take(replicas);
    float* const stopped = gpu.take(replicas);
    gpu.write(rate, std::vector<float>(n, RATE).data(), replicas);
    gpu.write(step, std::vector<int32_t>(n, STEP).data(), replicas);
    gpu.write(stopped, std::vector<int32_t>(n, 0).data(), replicas);

    std::vector<Parameters> sets;
    for (uint32_t i = 0; i < sets_of(28 * count); ++i) {
        Parameters a{gpu.take(count), gpu.take(count), gpu.take(count), gpu.take(count), rate, reinterpret_cast<int32_t*>(step),
                     elements,        replicas};
        for (float* tensor : {a.p, a.g, a.m, a.v}) {
            gpu.fill(tensor, count,
                     static_cast<uint32_t>(sets.size()) * 4 + (tensor == a.p ? 0 : (tensor == a.g ? 1 : (tensor == a.m ? 2 : 3))));
        }
        launch(gpu.stream(), spread_kernel, dim3(blocks_of(count < (1 << 20) ? count : 1 << 20, THREADS)), dim3(THREADS), a.v, count);
        sets.push_back(a);
    }
    Parameters before = sets[0];
    const auto keep = [&](const Parameters& to, const Parameters& from) {
        gpu.copy(to.p, from.p, count);
        gpu.copy(to.m, from.m, count);
        gpu.copy(to.v, from.v, count);
    };
    before.p = gpu.take(count);
    before.m = gpu.take(count);
    before.v = gpu.take(count);
    keep(before, sets[0]);

    const auto grid = [&](int64_t threads) { return dim3(blocks_of(threads, THREADS), static_cast<unsigned>(replicas)); };
    constexpr double losing = 1e-4;  // the digits that 1 - beta^step loses
    constexpr double exact = 2e-5;
    em::Device& own = gpu.own();
    const std::vector<Rung> rungs{
        {"0 a launch a tensor", EM_FLOAT32, losing, predicted[0], nullptr,
         [&](int64_t set) {
             int64_t first = 0;
             for (int64_t size : sizes) {
                 launch(gpu.stream(), single_kernel, grid(size), dim3(THREADS), sets[static_cast<size_t>(set)], first, size);
                 first += size;
             }
         }},
        {"1 one launch, an element a thread", EM_FLOAT32, losing, predicted[1], nullptr,
         [&](int64_t set) {
             launch(gpu.stream(), single_kernel, grid(elements), dim3(THREADS), sets[static_cast<size_t>(set)], int64_t{0}, elements);
         }},
        {"2 four elements in 16 bytes", EM_FLOAT32, exact, predicted[2], nullptr,
         [&](int64_t set) {
             launch(gpu.stream(), fours_kernel, grid(elements / 4), dim3(THREADS), sets[static_cast<size_t>(set)],
                    static_cast<float>(std::log(BETA1)), static_cast<float>(std::log(BETA2)));
         }},
        {"3 the library's", EM_FLOAT32, exact, predicted[3], &own,
         [&](int64_t set) { own.kernels().adam(own, args_of(gpu, sets[static_cast<size_t>(set)], rate, step, stopped)); }},
    };
    report.title("adam", std::to_string(elements) + " parameters, " + std::to_string(replicas) + (replicas == 1 ? " replica" : " replicas"),
                 {14.0 * static_cast<double>(count), 28.0 * static_cast<double>(count)});
    const auto error = [&] {
        double worst = 0;
        for (const What what : {CHANGE, FIRST, SECOND}) {
            worst = std::fmax(worst, error_of(gpu, Updated{sets[0], before, what}, count));
        }
        return worst;
    };
    for (const Rung& rung : rungs) {
        report.see(
            gpu, rung, static_cast<int64_t>(sets.size()), [&] { keep(sets[0], before); }, error);
    }
    gpu.release();
}

}  // namespace

void adam_ladder(Gpu& gpu, Report& report) {
    climb(gpu, report, 1, {60, 15, 12, 12});
    climb(gpu, report, EMULATED ? 2 : 32, {400, 430, 370, 370});
}

}  // namespace ladder

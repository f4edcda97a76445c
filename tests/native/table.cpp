// A small table of kernels held to plain loops in double precision, for machines on which the tests in Java do not run: another
// processor in an emulator. Prints a line for each row; lines that begin with "bits" must be the same on every machine.
#include <algorithm>

#include "common/operations.h"
#include "harness.h"

namespace {

em_context* context = nullptr;

template <class Args>
void run(const char* name, em_status (*operation)(em_context*, const Args*), const Args& args) {
    EXPECT(operation(context, &args) == EM_OK, "%s: %s", name, em_last_error());
}
#define RUN(name, ...) run(#name, em_##name, em_##name##_args __VA_ARGS__)

// The largest |got - expected| / allowed, where allowed is 2e-6 of `size`, the magnitude of the terms that were summed.
class Row {
public:
    explicit Row(std::string name) : name_(std::move(name)) {}
    void hold(double got, double expected, double size) {
        const double error = std::abs(got - expected) / (2e-6 * size + 1e-12);
        worst_ = error <= worst_ ? worst_ : error;  // NaN stays
    }
    ~Row() {
        std::printf("%-40s %.3f of the allowed error\n", name_.c_str(), worst_);
        EXPECT(worst_ <= 1, "%s", name_.c_str());
    }

private:
    std::string name_;
    double worst_ = 0;
};

void product(int64_t m, int64_t n, int64_t k, int transposed_a, int transposed_b) {
    Workplace at(context, 2);
    const em_tensor a = at.floats(m * k), b = at.floats(k * n), c = at.floats(m * n);
    RUN(gemm, {a, b, c, 2, m, n, k, transposed_a, transposed_b, 0.0f});
    const auto x = at.read(a, m * k), y = at.read(b, k * n), z = at.read(c, m * n);
    Row row("product " + std::to_string(m) + " x " + std::to_string(n) + " x " + std::to_string(k) + (transposed_a ? " At" : "") +
            (transposed_b ? " Bt" : ""));
    for (int64_t r = 0; r < 2; ++r) {
        for (int64_t i = 0; i < m; ++i) {
            for (int64_t j = 0; j < n; ++j) {
                double sum = 0, size = 0;
                for (int64_t p = 0; p < k; ++p) {
                    const double term = static_cast<double>(x[r * m * k + (transposed_a ? p * m + i : i * k + p)]) *
                                        y[r * k * n + (transposed_b ? j * k + p : p * n + j)];
                    sum += term;
                    size += std::abs(term);
                }
                row.hold(z[(r * m + i) * n + j], sum, size);
            }
        }
    }
}

void attention(int64_t queries, int64_t keys, int64_t head_dim, bool causal) {
    Workplace at(context, 1);
    const int64_t heads = 2, width = heads * head_dim;
    const em_tensor q = at.floats(queries * width), k = at.floats(keys * width), v = at.floats(keys * width);
    const em_tensor out = at.floats(queries * width), lse = at.floats(heads * queries);
    RUN(attention, {q, k, v, {}, out, lse, 1, 1, heads, queries, keys, head_dim, width, width, width, causal, 0.3f, {}, 0});
    const auto Q = at.read(q, queries * width), K = at.read(k, keys * width), V = at.read(v, keys * width);
    const auto O = at.read(out, queries * width), L = at.read(lse, heads * queries);
    Row row("attention " + std::to_string(queries) + " x " + std::to_string(keys) + ", width " + std::to_string(head_dim) +
            (causal ? ", causal" : ""));
    for (int64_t h = 0; h < heads; ++h) {
        for (int64_t i = 0; i < queries; ++i) {
            const int64_t seen = causal ? i + keys - queries + 1 : keys;
            std::vector<double> weights(seen), values(head_dim, 0.0);
            double total = 0;
            for (int64_t j = 0; j < seen; ++j) {
                double score = 0;
                for (int64_t d = 0; d < head_dim; ++d) {
                    score += static_cast<double>(Q[i * width + h * head_dim + d]) * K[j * width + h * head_dim + d];
                }
                total += weights[j] = std::exp(0.3 * score);
            }
            for (int64_t j = 0; j < seen; ++j) {
                for (int64_t d = 0; d < head_dim; ++d) {
                    values[d] += weights[j] / total * V[j * width + h * head_dim + d];
                }
            }
            for (int64_t d = 0; d < head_dim; ++d) {
                row.hold(O[i * width + h * head_dim + d], values[d], 4);
            }
            row.hold(L[h * queries + i], std::log(total), 4);
        }
    }
}

void layer_norm(int64_t rows, int64_t columns) {
    Workplace at(context, 1);
    const em_tensor x = at.floats(rows * columns), gamma = at.floats(columns), beta = at.floats(columns), y = at.floats(rows * columns);
    RUN(layer_norm, {x, gamma, beta, y, at.floats(rows), at.floats(rows), 1, rows, columns});
    const auto X = at.read(x, rows * columns), G = at.read(gamma, columns), B = at.read(beta, columns), Y = at.read(y, rows * columns);
    Row row("layer norm " + std::to_string(rows) + " x " + std::to_string(columns));
    for (int64_t i = 0; i < rows; ++i) {
        double mean = 0, variance = 0;
        for (int64_t j = 0; j < columns; ++j) {
            mean += X[i * columns + j] / static_cast<double>(columns);
        }
        for (int64_t j = 0; j < columns; ++j) {
            variance += (X[i * columns + j] - mean) * (X[i * columns + j] - mean) / static_cast<double>(columns);
        }
        for (int64_t j = 0; j < columns; ++j) {
            const double normal = (X[i * columns + j] - mean) / std::sqrt(variance + 1e-5);
            row.hold(Y[i * columns + j], normal * G[j] + B[j], 4 + std::abs(normal * G[j]));
        }
    }
}

void activation(int64_t columns) {
    Workplace at(context, 1);
    const em_tensor z = at.floats(columns), bias = at.floats(columns, std::vector<float>(columns, 0.0f)), out = at.floats(columns);
    const auto Z = at.read(z, columns);
    RUN(bias_activation, {z, bias, out, 1, 1, columns, EM_GELU});
    const auto S = at.read(z, columns), O = at.read(out, columns);
    Row row("gelu " + std::to_string(columns));
    for (int64_t j = 0; j < columns; ++j) {
        const double x = Z[j];
        const double below = 0.5 * std::erfc(-x / std::sqrt(2.0));
        row.hold(O[j], x * below, std::abs(x));
        row.hold(S[j], below + x * std::exp(-0.5 * x * x) / std::sqrt(2 * std::acos(-1.0)), 1);
    }
}

void cross_entropy(int64_t rows, int64_t classes) {
    Workplace at(context, 1);
    const em_tensor logits = at.floats(rows * classes), target = at.integers(rows, classes), loss = at.floats(rows);
    const em_tensor correct = at.floats(rows);
    RUN(cross_entropy, {logits, target, loss, correct, {}, 1, rows, classes});
    const auto X = at.read(logits, rows * classes), L = at.read(loss, rows), C = at.read(correct, rows);
    const auto T = at.read_integers(target, rows);
    Row row("cross entropy " + std::to_string(rows) + " x " + std::to_string(classes));
    for (int64_t i = 0; i < rows; ++i) {
        double sum = 0;
        const float* x = X.data() + i * classes;
        for (int64_t j = 0; j < classes; ++j) {
            sum += std::exp(static_cast<double>(x[j]));
        }
        row.hold(L[i], std::log(sum) - x[T[i]], 4);
        row.hold(C[i], classes == 1 || std::max_element(x, x + classes) - x == T[i] ? 1 : 0, 0);
    }
}

void adam(int64_t n) {
    Workplace at(context, 1);
    const em_tensor x = at.floats(n), g = at.floats(n), m = at.floats(n), v = at.floats(n, std::vector<float>(n, 0.25f));
    const auto X = at.read(x, n), G = at.read(g, n), M = at.read(m, n);
    const em_tensor rate = at.floats(1, {0.125f}), step = at.integers(1, std::vector<int32_t>{3}), stopped_at = at.integers(1, 1);
    RUN(adam, {x, g, m, v, rate, step, stopped_at, 1, n, 0.9, 0.999, 1e-8, 0.01});
    const auto Y = at.read(x, n);
    Row row("adam " + std::to_string(n));
    for (int64_t i = 0; i < n; ++i) {
        const double first = (0.9 * M[i] + 0.1 * G[i]) / (1 - std::pow(0.9, 3));
        const double second = (0.999 * 0.25 + 0.001 * static_cast<double>(G[i]) * G[i]) / (1 - std::pow(0.999, 3));
        const double move = 0.125 * first / (std::sqrt(second) + 1e-8);
        row.hold(Y[i], X[i] * (1 - 0.125 * 0.01) - move, 4 * (std::abs(X[i]) + std::abs(move)));
    }
}

// Draws are integers of a counter: equal everywhere. FNV-1a over them.
void draws(int32_t kind, const char* name) {
    Workplace at(context, 2);
    const em_tensor keys = at.integers(2, {1, 2, 3, 4}), step = at.integers(1, {5, 6}), out = at.integers(3 * 17, 1);
    RUN(draw, {keys, step, out, 2, 3, 17, 29, 7, kind, 1.0f});
    uint32_t hash = 2166136261u;
    for (int32_t value : at.read_integers(out, 3 * 17)) {
        EXPECT(value >= 0 && value < 29, "%d", value);
        hash = (hash ^ static_cast<uint32_t>(value)) * 16777619u;
    }
    std::printf("bits %-30s %08x\n", name, hash);
}

}  // namespace

int main() {
    context = open_cpu(1);
    if (context == nullptr) {
        std::printf("skipped: %s\n", em_last_error());
        return 77;
    }
    std::printf("%s\n", em_context_description(context));
    for (int64_t size : {1, 3, 16, 17, 65}) {
        for (int transposed = 0; transposed < 4; ++transposed) {
            product(size, 2 * size + 1, 3 * size, transposed & 1, transposed >> 1);
        }
    }
    product(2, 33, 700, 0, 0);
    for (int64_t head_dim : {4, 8, 13, 64}) {
        attention(7, 7, head_dim, true);
        attention(1, 33, head_dim, false);
        attention(40, 70, head_dim, true);
    }
    for (int64_t columns : {5, 16, 33, 256}) {
        layer_norm(3, columns);
        activation(columns);
        cross_entropy(4, columns);
        adam(columns);
    }
    draws(EM_TOKENS, "tokens");
    draws(EM_PERMUTATIONS, "permutations");
    em_context_close(context);
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}

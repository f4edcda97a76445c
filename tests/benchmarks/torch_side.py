"""PyTorch from Python as a side of the step benchmark: torch_side.py FILE, see Start.java and SideProcess.java.

Fused Adam and scaled_dot_product_attention where the installed PyTorch has them, else its foreach Adam and plain attention.
"""

import math
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
BATCH, HEADS, WIDTH, BATCHES = 32, 4, 256, 3


def read(path):
    with open(path, "rb") as file:
        shapes = []
        for line in iter(file.readline, b"\n"):
            name, *shape = line.decode().split()
            shapes.append((name, [int(n) for n in shape]))
        numbers = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
    arrays, at = {}, 0
    for name, shape in shapes:
        size = math.prod(shape)
        arrays[name] = numbers[at : at + size].reshape(shape).clone()
        at += size
    return arrays


class Model:
    def __init__(self, start):
        self.start, self.parameters = start, []
        self.discrete = "embedding.bias" not in start
        self.embedding = self.parameter("embedding.weight")
        self.embedding_bias = None if self.discrete else self.parameter("embedding.bias")
        self.normed = "final_norm.gamma" in start
        self.positions = self.sinusoids(start["batch.1.input"].shape[1])
        layers = sum(name.endswith("attention.query.weight") for name in start)
        self.blocks = [self.block(f"blocks.{layer}") for layer in range(layers)]
        self.final_norm = self.affine("final_norm", norm=True) if self.normed else None
        self.readout = self.affine("readout")

    def block(self, at):
        a, m = at + ".attention", at + ".mlp"
        norms = [self.affine(n + "_norm", norm=True) if self.normed else None for n in (a, m)]
        return norms[0], self.affine(a + ".query", a + ".key", a + ".value"), self.affine(a + ".output"), norms[1], self.affine(
            m + ".hidden"), self.affine(m + ".output")

    def parameter(self, *names):
        made = torch.cat([self.start[name] for name in names]).contiguous().requires_grad_()
        self.parameters.append(made)
        return made

    def affine(self, *names, norm=False):
        weight, bias = ("gamma", "beta") if norm else ("weight", "bias")
        return self.parameter(*[f"{n}.{weight}" for n in names]), self.parameter(*[f"{n}.{bias}" for n in names])

    @staticmethod
    def sinusoids(length):
        j = torch.arange(WIDTH, dtype=torch.float64)
        angle = torch.arange(length, dtype=torch.float64)[:, None] / 10_000 ** ((j - j % 2) / WIDTH)
        return torch.where(j % 2 == 0, angle.sin(), angle.cos()).float()

    def attend(self, x, fused, output):
        b, length, _ = x.shape
        q, k, v = F.linear(x, *fused).view(b, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        if hasattr(F, "scaled_dot_product_attention"):
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            future = torch.ones(length, length, dtype=torch.bool).triu(1)
            scores = (q @ k.transpose(2, 3)) / math.sqrt(q.shape[-1])
            mixed = scores.masked_fill_(future, -math.inf).softmax(-1) @ v
        return F.linear(mixed.transpose(1, 2).reshape(b, length, -1), *output)

    def norm(self, affine, x):
        return x if affine is None else F.layer_norm(x, (WIDTH,), *affine)

    def loss(self, batch, target):
        x = F.embedding(batch, self.embedding) if self.discrete else F.linear(batch, self.embedding, self.embedding_bias)
        x = x + self.positions
        for attention_norm, fused, output, mlp_norm, hidden, down in self.blocks:
            x = x + self.attend(self.norm(attention_norm, x), fused, output)
            x = x + F.linear(F.gelu(F.linear(self.norm(mlp_norm, x), *hidden)), *down)
        prediction = F.linear(self.norm(self.final_norm, x[:, -1]), *self.readout)
        if self.discrete:
            return F.cross_entropy(prediction, target)
        return F.mse_loss(prediction, target, reduction="sum") * (0.5 / len(batch))


class Side:
    def __init__(self, start):
        self.start, self.model = start, Model(start)
        current = hasattr(F, "scaled_dot_product_attention")
        self.adam = torch.optim.Adam(self.model.parameters, lr=1e-4, **({"fused": True} if current else {"foreach": True}))
        self.length, self.outputs = start["batch.1.input"].shape[1], len(start["readout.bias"])
        self.map = torch.randn(self.outputs, self.outputs)

    def train(self, batch, target):
        self.adam.zero_grad(set_to_none=True)
        loss = self.model.loss(batch, target)
        loss.backward()
        self.adam.step()
        return loss

    def losses(self):
        losses = []
        for i in range(1, BATCHES + 1):
            batch, target = self.start[f"batch.{i}.input"], self.start[f"batch.{i}.target"]
            losses.append(self.train(*((batch.long(), target.long()) if self.model.discrete else (batch, target))).item())
        return losses

    def recall(self):
        pairs = self.length // 2
        keys, values = (torch.rand(BATCH, self.outputs).argsort()[:, :pairs] for _ in range(2))
        slot = torch.randint(pairs, (BATCH, 1))
        tokens = torch.stack((keys, values), 2).reshape(BATCH, -1)
        return torch.cat((tokens, keys.gather(1, slot)), 1), values.gather(1, slot).squeeze(1)

    def regression(self):
        scale = 1 / math.sqrt(self.outputs)
        noise = torch.randn(BATCH, self.length, self.outputs).mul_(scale)
        relevant = torch.randn(BATCH, self.outputs).mul_(scale)
        mark = F.one_hot(torch.randint(self.length, (BATCH,)), self.length)[..., None]
        tokens = torch.where(mark.bool(), relevant[:, None], noise)
        return torch.cat((tokens, mark.float()), 2), relevant @ self.map.T

    def step(self):
        self.train(*(self.recall() if self.model.discrete else self.regression()))

    def steps(self, count):
        times = []
        for _ in range(count):
            wall, cpu = time.perf_counter(), time.thread_time()
            self.step()
            times += [1e3 * (time.thread_time() - cpu), 1e3 * (time.perf_counter() - wall)]
        return times


def main():
    side = Side(read(sys.argv[1]))
    print("ready", flush=True)
    for line in sys.stdin:
        words = line.split()
        print(*(f"{x:.9g}" for x in (side.losses() if words[0] == "losses" else side.steps(int(words[1])))), flush=True)


main()

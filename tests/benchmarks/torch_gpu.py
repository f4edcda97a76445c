"""PyTorch's side of gpu_bench.py, as strong a peer as we can write: scaled_dot_product_attention, fused Adam, data made on the device,
whole steps as CUDA graphs, torch.compile, the read-out shortcut, and many models as one batched ensemble (baddbmm).
"""

import math

import torch
import torch.nn.functional as F

BATCH, HEADS, WIDTH, HIDDEN = 32, 4, 256, 1024


def attend(q, k, v, is_causal=False):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, is_causal=is_causal)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])  # a PyTorch before 2.0, where only the script is tried
    if is_causal:
        scores = scores.masked_fill(torch.ones_like(scores[0, 0], dtype=torch.bool).triu(1), -math.inf)
    return scores.softmax(-1) @ v


class Model:
    """`replicas` models that share a batched computation; a single one has no replica dimension."""

    def __init__(self, task, replicas, shortcut, device):
        self.task, self.r, self.shortcut, self.device = task, replicas, shortcut, device
        self.parameters = []
        inputs, outputs = (task["dim"] + 1, task["dim"]) if task["kind"] == "regression" else (task["tokens"], task["tokens"])
        self.layers, self.normed = task["layers"], task["kind"] == "recall"
        if task["kind"] == "recall":
            self.table = self.parameter((inputs, WIDTH), 1.0, normal=True)
        else:
            self.embedding = self.linear(inputs, WIDTH)
        self.blocks = [
            dict(qkv=self.linear(WIDTH, 3 * WIDTH), out=self.linear(WIDTH, WIDTH), up=self.linear(WIDTH, HIDDEN),
                 down=self.linear(HIDDEN, WIDTH), norms=(self.affine(), self.affine()) if self.normed else (None, None))
            for _ in range(self.layers)
        ]
        self.final = self.affine() if self.normed else None
        self.readout = self.linear(WIDTH, outputs)
        j = torch.arange(WIDTH, dtype=torch.float64)
        angle = torch.arange(task["length"], dtype=torch.float64)[:, None] / 10_000 ** ((j - j % 2) / WIDTH)
        self.positions = torch.where(j % 2 == 0, angle.sin(), angle.cos()).float().to(device)

    def parameter(self, shape, bound, normal=False):
        shape = shape if self.r == 1 else (self.r, *shape)
        made = torch.empty(shape, device=self.device)
        made = (made.normal_() if normal else made.uniform_(-bound, bound)) if bound else made.zero_()
        self.parameters.append(made.requires_grad_())
        return made

    def linear(self, inputs, outputs):
        bound = 1 / math.sqrt(inputs)
        return self.parameter((outputs, inputs), bound), self.parameter((outputs,), bound)

    def affine(self):
        gamma, beta = self.parameter((WIDTH,), 0), self.parameter((WIDTH,), 0)
        with torch.no_grad():
            gamma.fill_(1)
        return gamma, beta

    def apply(self, affine, x):
        weight, bias = affine
        if self.r == 1:
            return F.linear(x, weight, bias)
        rows = x.reshape(self.r, -1, x.shape[-1])
        return torch.baddbmm(bias[:, None], rows, weight.transpose(1, 2)).view(*x.shape[:-1], -1)

    def norm(self, affine, x):
        if affine is None:
            return x
        if self.r == 1:
            return F.layer_norm(x, (WIDTH,), *affine)
        middle = (1,) * (x.dim() - 2)
        return F.layer_norm(x, (WIDTH,)) * affine[0].view(self.r, *middle, WIDTH) + affine[1].view(self.r, *middle, WIDTH)

    def attend(self, block, x, last):
        x = x.reshape(-1, *x.shape[-2:]) if self.r > 1 else x
        flat = x if self.r == 1 else x.view(self.r, -1, *x.shape[-2:])
        weight, bias = block["qkv"]
        if last:  # one query a sequence; keys and values of all
            kv = self.apply((weight[..., WIDTH:, :], bias[..., WIDTH:]), flat)
            q = self.apply((weight[..., :WIDTH, :], bias[..., :WIDTH]), flat[..., -1:, :])
            k, v = kv.reshape(-1, x.shape[1], 2, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
            q = q.reshape(-1, 1, HEADS, WIDTH // HEADS).transpose(1, 2)
            mixed = attend(q, k, v)
        else:
            q, k, v = self.apply(block["qkv"], flat).reshape(-1, x.shape[1], 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
            mixed = attend(q, k, v, is_causal=True)
        mixed = mixed.transpose(1, 2).reshape(-1, 1 if last else x.shape[1], WIDTH)
        return self.apply(block["out"], mixed if self.r == 1 else mixed.view(self.r, -1, *mixed.shape[-2:]))

    def losses(self, tokens, target):
        """Of each replica, (R)."""
        if self.task["kind"] == "recall":
            x = F.embedding(tokens, self.table) if self.r == 1 else self.table[self.index, tokens]
        else:
            x = self.apply(self.embedding, tokens)
        x = x + self.positions
        for i, block in enumerate(self.blocks):
            last = self.shortcut and i == self.layers - 1
            kept = x[..., -1:, :] if last else x
            x = kept + self.attend(block, self.norm(block["norms"][0], x), last)
            x = x + self.apply(block["down"], F.gelu(self.apply(block["up"], self.norm(block["norms"][1], x))))
        prediction = self.apply(self.readout, self.norm(self.final, x[..., -1:, :])).squeeze(-2)
        if self.task["kind"] == "recall":
            nats = F.cross_entropy(prediction.reshape(-1, prediction.shape[-1]), target.reshape(-1), reduction="none")
            return nats.view(self.r, -1).mean(1)
        return (prediction - target).square().sum(-1).view(self.r, -1).mean(1) * 0.5


class Training:
    """variant: eager, graph, or compile (a graph of what torch.compile made)."""

    def __init__(self, task, replicas, shortcut, variant, device):
        self.task, self.r, self.device = task, replicas, device
        self.model = Model(task, replicas, shortcut, device)
        self.model.index = torch.arange(replicas, device=device)[:, None, None]
        cuda = device == "cuda"
        self.adam = torch.optim.Adam(self.model.parameters, lr=1e-4,
                                     **({"fused": True, "capturable": variant != "eager"} if cuda else {"foreach": True}))
        outputs = task.get("dim", 0)
        lead = () if replicas == 1 else (replicas,)
        self.lead, self.scale = (*lead, BATCH), 1 / math.sqrt(max(outputs, 1))
        self.map = torch.randn(*lead, outputs, outputs, device=device).mul_(self.scale)
        self.losses = torch.compile(self.model.losses, dynamic=False) if variant == "compile" else self.model.losses
        self.last, self.graph = None, None
        if variant != "eager" and cuda:
            self.capture()

    def batch(self):
        device, length = self.device, self.task["length"]
        if self.task["kind"] == "regression":
            dim = self.task["dim"]
            tokens = torch.randn(*self.lead, length, dim, device=device).mul_(self.scale)
            relevant = torch.randn(*self.lead, 1, dim, device=device).mul_(self.scale)
            mark = torch.zeros(*self.lead, length, 1, device=device)
            mark.scatter_(-2, torch.randint(length, (*self.lead, 1, 1), device=device), 1.0)
            tokens = torch.where(mark.bool(), relevant, tokens)
            return torch.cat((tokens, mark), -1), relevant.squeeze(-2) @ self.map.transpose(-1, -2)
        pairs = self.task["pairs"]
        keys, values = (torch.rand(*self.lead, self.task["tokens"], device=device).argsort(-1)[..., :pairs] for _ in range(2))
        slot = torch.randint(pairs, (*self.lead, 1), device=device)
        tokens = torch.stack((keys, values), -1).flatten(-2)
        return torch.cat((tokens, keys.gather(-1, slot)), -1), values.gather(-1, slot).squeeze(-1)

    def step(self):
        self.adam.zero_grad(set_to_none=True)
        losses = self.losses(*self.batch())
        losses.sum().backward()
        self.adam.step()
        self.last = losses.detach()

    def capture(self):
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self.step()
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        self.adam.zero_grad(set_to_none=True)
        with torch.cuda.graph(self.graph):
            self.step()

    def run(self, count):
        for _ in range(count):
            if self.graph:
                self.graph.replay()
            else:
                self.step()
        if self.device == "cuda":
            torch.cuda.synchronize()

    def loss(self):
        return self.last.mean().item()


class Attention:
    """Forward and backward of scaled_dot_product_attention by the kernel that takes float32."""

    def __init__(self, length, heads, head_dim, device):
        self.device = device
        self.q, self.k, self.v, self.d = (torch.randn(heads // 4, 4, length, head_dim, device=device) for _ in range(4))
        for x in (self.q, self.k, self.v):
            x.requires_grad_()

    def run(self, count):
        for _ in range(count):
            out = attend(self.q, self.k, self.v, is_causal=True)
            self.grads = torch.autograd.grad(out, (self.q, self.k, self.v), self.d)
        if self.device == "cuda":
            torch.cuda.synchronize()

"""Writes what PyTorch makes of three small models: loss, gradients and parameters after three optimiser steps, in float64.

Run with a Python that has torch (Debian: python3-torch); rewrites the .safetensors files beside this script. Weights and batches are
rounded to float32 first, so that a float32 backend starts from the same numbers. The models are written with torch.nn's own layers
and know nothing of the Java code except the names of the parameters.
"""

import json
import math
import pathlib
import struct

import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
WIDTH, HEADS, HEAD_DIM, FACTOR = 12, 2, 5, 3
LEARNING_RATE = 1e-3


def sinusoidal(length, width):
    position = torch.arange(length, dtype=torch.float64)[:, None]
    frequency = torch.exp(-math.log(10000.0) * torch.arange(0, width, 2, dtype=torch.float64) / width)
    table = torch.zeros(length, width, dtype=torch.float64)
    table[:, 0::2] = torch.sin(position * frequency)
    table[:, 1::2] = torch.cos(position * frequency)
    return table


class Attention(nn.Module):
    def __init__(self, causal):
        super().__init__()
        self.causal = causal
        self.query = nn.Linear(WIDTH, HEADS * HEAD_DIM)
        self.key = nn.Linear(WIDTH, HEADS * HEAD_DIM)
        self.value = nn.Linear(WIDTH, HEADS * HEAD_DIM)
        self.output = nn.Linear(HEADS * HEAD_DIM, WIDTH)

    def forward(self, x):
        batch, length, _ = x.shape
        q, k, v = (f(x).view(batch, length, HEADS, HEAD_DIM).transpose(1, 2) for f in (self.query, self.key, self.value))
        scores = q @ k.transpose(2, 3) / math.sqrt(HEAD_DIM)
        if self.causal:
            later = torch.triu(torch.ones(length, length, dtype=torch.bool), 1)
            scores = scores.masked_fill(later, -math.inf)
        mixed = torch.softmax(scores, dim=3) @ v
        return self.output(mixed.transpose(1, 2).reshape(batch, length, HEADS * HEAD_DIM))


class Mlp(nn.Module):
    def __init__(self, activation):
        super().__init__()
        self.activation = activation
        self.hidden = nn.Linear(WIDTH, FACTOR * WIDTH)
        self.output = nn.Linear(FACTOR * WIDTH, WIDTH)

    def forward(self, x):
        return self.output(self.activation(self.hidden(x)))


class Block(nn.Module):
    def __init__(self, norm, causal, activation):
        super().__init__()
        self.norm = norm
        self.attention = Attention(causal)
        self.mlp = Mlp(activation)
        if norm != "none":
            self.attention_norm = nn.LayerNorm(WIDTH)
            self.mlp_norm = nn.LayerNorm(WIDTH)

    def forward(self, x):
        if self.norm == "pre":
            x = x + self.attention(self.attention_norm(x))
            return x + self.mlp(self.mlp_norm(x))
        if self.norm == "post":
            x = self.attention_norm(x + self.attention(x))
            return self.mlp_norm(x + self.mlp(x))
        x = x + self.attention(x)
        return x + self.mlp(x)


class Positions(nn.Module):
    def __init__(self, length):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(length, WIDTH))


class Transformer(nn.Module):
    def __init__(self, length, inputs, tokens, outputs, layers, norm="none", causal=True, activation=F.gelu, learned=False, mean=False):
        super().__init__()
        self.mean = mean
        self.embedding = nn.Embedding(inputs, WIDTH) if tokens else nn.Linear(inputs, WIDTH)
        self.table = sinusoidal(length, WIDTH)
        if learned:
            self.positions = Positions(length)
        self.blocks = nn.ModuleList(Block(norm, causal, activation) for _ in range(layers))
        if norm == "pre":
            self.final_norm = nn.LayerNorm(WIDTH)
        self.readout = nn.Linear(WIDTH, outputs)

    def forward(self, x):
        x = self.embedding(x) + (self.positions.weight if hasattr(self, "positions") else self.table)
        for block in self.blocks:
            x = block(x)
        if hasattr(self, "final_norm"):
            x = self.final_norm(x)
        return self.readout(x.mean(dim=1) if self.mean else x[:, -1])


def squared_error(prediction, target):
    return 0.5 * ((prediction - target) ** 2).sum(dim=1).mean()


def java_name(name):
    """Our layer norms have a gamma and a beta."""
    if "norm." in name:
        return name.replace("norm.weight", "norm.gamma").replace("norm.bias", "norm.beta")
    return name


def optimizers(parameters):
    yield "adam", torch.optim.Adam(parameters, lr=LEARNING_RATE)
    yield "adamw", torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.1)
    yield "sgd", torch.optim.SGD(parameters, lr=LEARNING_RATE, momentum=0.9)


def tensors_of(model, x, target, objective):
    start = {name: p.detach().clone() for name, p in model.named_parameters()}
    out = {"input": x, "target": target}
    out.update({"start." + java_name(n): p for n, p in start.items()})
    loss = objective(model(x), target)
    out["prediction"] = model(x).detach()
    out["loss"] = loss.detach().reshape(1)
    loss.backward()
    out.update({"gradient." + java_name(n): p.grad.clone() for n, p in model.named_parameters()})
    for name, optimizer in optimizers(list(model.parameters())):
        with torch.no_grad():
            for n, p in model.named_parameters():
                p.copy_(start[n])
        for _ in range(3):
            optimizer.zero_grad()
            objective(model(x), target).backward()
            optimizer.step()
        out.update({f"{name}." + java_name(n): p.detach().clone() for n, p in model.named_parameters()})
    return out


def write(path, tensors):
    """The safetensors format, version 0.3: header length, JSON header, little-endian numbers."""
    header, data, offset = {}, b"", 0
    for name, tensor in tensors.items():
        integer = not tensor.is_floating_point()
        raw = tensor.contiguous().view(-1).tolist()
        packed = struct.pack("<%d%s" % (len(raw), "i" if integer else "d"), *raw)
        header[name] = {"dtype": "I32" if integer else "F64", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(packed)]}
        data += packed
        offset += len(packed)
    text = json.dumps(header, separators=(",", ":")).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    print(path.name, path.stat().st_size, "bytes, torch", torch.__version__)


def rounded(model):
    """Float64 with float32 values; layer norms moved off 1 and 0, so that a swapped pair shows."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "norm." in name:
                p.add_(0.3 * torch.rand_like(p))
            p.copy_(p.float())
    model.double()
    return model


def main():
    torch.set_default_dtype(torch.float32)
    torch.manual_seed(7)
    regression = rounded(Transformer(length=6, inputs=5, tokens=False, outputs=4, layers=2))
    recall = rounded(Transformer(length=7, inputs=10, tokens=True, outputs=10, layers=3, norm="pre"))
    other = rounded(Transformer(length=6, inputs=5, tokens=False, outputs=4, layers=2, norm="post", causal=False, activation=F.relu,
                                learned=True, mean=True))
    x, y = torch.randn(8, 6, 5).double(), torch.randn(8, 4).double()
    tokens, classes = torch.randint(10, (9, 7)), torch.randint(10, (9,))
    write(HERE / "regression.safetensors", tensors_of(regression, x, y, squared_error))
    write(HERE / "recall.safetensors", tensors_of(recall, tokens, classes, F.cross_entropy))
    write(HERE / "other.safetensors", tensors_of(other, x, y, squared_error))


if __name__ == "__main__":
    main()

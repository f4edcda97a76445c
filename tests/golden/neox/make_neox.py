"""Writes the small GPT-NeoX checkpoints beside it, with logits of a model that is written here in PyTorch alone.

  float32/   one file, rotary positions on half of each head, parallel branches
  float16/   two files with an index, a quarter of each head, as Pythia has it; half precision
  bfloat16/  one file, branches one after the other, read-out tied to the table of tokens

Each folder has config.json and safetensors as the public hub lays them out, and expected.json: tokens, and float64 logits of the stored
weights at every position. Weights are drawn from a seed. Run with any PyTorch: python3 make_neox.py
"""

import json
import math
import pathlib
import struct

import torch

HERE = pathlib.Path(__file__).parent
NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.bool: "BOOL"}


def weights(c, dtype, generator):
    def normal(*shape, scale):
        return (torch.randn(*shape, generator=generator, dtype=torch.float64) * scale).to(dtype)

    d, h = c["hidden_size"], c["intermediate_size"]
    w = {"gpt_neox.embed_in.weight": normal(c["vocab_size"], d, scale=0.7)}

    def linear(name, out, into):
        w[name + ".weight"] = normal(out, into, scale=1.2 / math.sqrt(into))
        w[name + ".bias"] = normal(out, scale=0.3)

    def norm(name):
        w[name + ".weight"] = 1 + normal(d, scale=0.2)
        w[name + ".bias"] = normal(d, scale=0.2)

    for i in range(c["num_hidden_layers"]):
        block = f"gpt_neox.layers.{i}."
        norm(block + "input_layernorm")
        norm(block + "post_attention_layernorm")
        linear(block + "attention.query_key_value", 3 * d, d)
        linear(block + "attention.dense", d, d)
        linear(block + "mlp.dense_h_to_4h", h, d)
        linear(block + "mlp.dense_4h_to_h", d, h)
        # Older exports keep the mask beside the weights.
        w[block + "attention.bias"] = torch.ones(1, 1, 4, 4, dtype=torch.bool).tril()
    norm("gpt_neox.final_layer_norm")
    if not c["tie_word_embeddings"]:
        w["embed_out.weight"] = normal(c["vocab_size"], d, scale=0.4)
    return w


def layer_norm(x, w, name, eps):
    mean = x.mean(-1, keepdim=True)
    variance = ((x - mean) ** 2).mean(-1, keepdim=True)
    return (x - mean) / torch.sqrt(variance + eps) * w[name + ".weight"] + w[name + ".bias"]


def rotate(x, n):
    """x (heads, L, dim): the first n numbers turn; number i goes with i + n/2."""
    length = x.shape[1]
    frequency = 10000.0 ** (-torch.arange(0, n, 2, dtype=torch.float64) / n)
    angle = torch.arange(length, dtype=torch.float64)[:, None] * frequency[None, :]
    a, b, rest = x[..., : n // 2], x[..., n // 2 : n], x[..., n:]
    cos, sin = angle.cos(), angle.sin()
    return torch.cat([a * cos - b * sin, b * cos + a * sin, rest], -1)


def attention(x, w, name, c):
    length, d = x.shape
    heads = c["num_attention_heads"]
    dim = d // heads
    qkv = (x @ w[name + ".query_key_value.weight"].T + w[name + ".query_key_value.bias"]).view(length, heads, 3, dim)
    q, k, v = (qkv[:, :, j].transpose(0, 1) for j in range(3))
    n = int(dim * c["rotary_pct"])
    q, k = rotate(q, n), rotate(k, n)
    scores = q @ k.transpose(1, 2) / math.sqrt(dim)
    mask = torch.ones(length, length, dtype=torch.bool).tril()
    pattern = torch.softmax(scores.masked_fill(~mask, float("-inf")), -1)
    mixed = (pattern @ v).transpose(0, 1).reshape(length, d)
    return mixed @ w[name + ".dense.weight"].T + w[name + ".dense.bias"]


def mlp(x, w, name):
    hidden = x @ w[name + ".dense_h_to_4h.weight"].T + w[name + ".dense_h_to_4h.bias"]
    hidden = hidden * 0.5 * (1 + torch.erf(hidden / math.sqrt(2)))
    return hidden @ w[name + ".dense_4h_to_h.weight"].T + w[name + ".dense_4h_to_h.bias"]


def logits(tokens, w, c):
    w = {name: t.to(torch.float64) for name, t in w.items()}
    eps = c["layer_norm_eps"]
    x = w["gpt_neox.embed_in.weight"][tokens]
    for i in range(c["num_hidden_layers"]):
        block = f"gpt_neox.layers.{i}."
        mixed = attention(layer_norm(x, w, block + "input_layernorm", eps), w, block + "attention", c)
        if c["use_parallel_residual"]:
            x = x + mixed + mlp(layer_norm(x, w, block + "post_attention_layernorm", eps), w, block + "mlp")
        else:
            x = x + mixed
            x = x + mlp(layer_norm(x, w, block + "post_attention_layernorm", eps), w, block + "mlp")
    x = layer_norm(x, w, "gpt_neox.final_layer_norm", eps)
    return x @ w["gpt_neox.embed_in.weight" if c["tie_word_embeddings"] else "embed_out.weight"].T


def raw(t):
    t = t.contiguous()
    if t.dtype == torch.bfloat16:
        return struct.pack(f"<{t.numel()}H", *[v & 0xFFFF for v in t.view(torch.int16).flatten().tolist()])
    return t.numpy().tobytes()


def save(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, t in tensors.items():
        bytes_ = raw(t)
        header[name] = {"dtype": NAMES[t.dtype], "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(bytes_)]}
        data += bytes_
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write(name, seed, dtype, shards, **sizes):
    c = {
        "architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox", "hidden_act": "gelu", "layer_norm_eps": 1e-05,
        "max_position_embeddings": 64, "rotary_emb_base": 10000, "use_parallel_residual": True, "tie_word_embeddings": False,
        "torch_dtype": str(dtype).split(".")[1], **sizes,
    }
    generator = torch.Generator().manual_seed(seed)
    w = weights(c, dtype, generator)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(c, indent=2) + "\n")
    if shards == 1:
        save(folder / "model.safetensors", w)
    else:
        names, parts = list(w), {}
        for s in range(shards):
            file = f"model-{s + 1:05d}-of-{shards:05d}.safetensors"
            mine = names[s::shards]
            save(folder / file, {n: w[n] for n in mine})
            parts.update({n: file for n in mine})
        index = {"metadata": {"total_size": sum(len(raw(t)) for t in w.values())}, "weight_map": parts}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")
    sequences = []
    for length in (1, 5, 14):
        tokens = torch.randint(0, c["vocab_size"], (length,), generator=generator)
        rows = logits(tokens, w, c)
        sequences.append({"tokens": tokens.tolist(), "logits": [[round(v, 9) for v in row] for row in rows.tolist()]})
    (folder / "expected.json").write_text(json.dumps({"sequences": sequences}) + "\n")


if __name__ == "__main__":
    write("float32", 1, torch.float32, 1, vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
          intermediate_size=64, rotary_pct=0.5)
    write("float16", 2, torch.float16, 2, vocab_size=33, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
          intermediate_size=64, rotary_pct=0.25)
    write("bfloat16", 3, torch.bfloat16, 1, vocab_size=35, hidden_size=24, num_hidden_layers=3, num_attention_heads=3,
          intermediate_size=48, rotary_pct=0.25, use_parallel_residual=False, tie_word_embeddings=True)

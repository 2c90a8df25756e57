"""Qwen2.5-VL in torch for training: the architecture and the tensor names of published checkpoints, with block masks for packed questions."""
import dataclasses
import functools
import json
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

PATCH, MERGE = 14, 2
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
BLOCK = PATCH * MERGE


@dataclasses.dataclass
class Shape:
    """What a config.json says that the arithmetic needs."""

    vocab: int
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    mlp: int
    sections: tuple
    theta: float
    vision_hidden: int
    vision_layers: int
    vision_heads: int
    vision_mlp: int
    full_layers: tuple
    window: int = 4  # merged cells

    @staticmethod
    def read(config):
        v, rope = config["vision_config"], config["rope_scaling"]
        return Shape(
            vocab=config["vocab_size"], hidden=config["hidden_size"], layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"], kv_heads=config["num_key_value_heads"], mlp=config["intermediate_size"],
            sections=tuple(rope["mrope_section"]), theta=config["rope_theta"], vision_hidden=v["hidden_size"],
            vision_layers=v["depth"], vision_heads=v["num_heads"], vision_mlp=v["intermediate_size"],
            full_layers=tuple(v["fullatt_block_indexes"]), window=v["window_size"] // BLOCK,
        )  # fmt: skip


class Norm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x):
        return F.rms_norm(x.float(), (x.shape[-1],), self.weight.float(), 1e-6).to(x.dtype)


def rotate(x, cos, sin):
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


def attention_type(x):
    """In bfloat16 the short sequences of training take a CPU twice as long as in floats, with the kernel made for long ones ten times."""
    return torch.float32 if x.device.type == "cpu" else x.dtype


def attend(q, k, v, mask=None):
    """Softmax attention, [..., queries, size]; `mask` is added."""
    if q.device.type != "cpu":
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask if mask is None else mask.to(q.dtype))
    scores = q * q.shape[-1] ** -0.5 @ k.transpose(-1, -2)
    return (scores if mask is None else scores + mask).softmax(-1) @ v


def hiding(seen):
    """What `attend` adds, from who sees whom."""
    return torch.zeros(seen.shape, device=seen.device).masked_fill(~seen, -torch.inf)


class Mlp(nn.Module):
    def __init__(self, hidden, size, bias):
        super().__init__()
        self.gate_proj, self.up_proj = nn.Linear(hidden, size, bias=bias), nn.Linear(hidden, size, bias=bias)
        self.down_proj = nn.Linear(size, hidden, bias=bias)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class VisionAttention(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.heads = s.vision_heads
        self.qkv, self.proj = nn.Linear(s.vision_hidden, 3 * s.vision_hidden), nn.Linear(s.vision_hidden, s.vision_hidden)

    def forward(self, x, cos, sin, mask):
        q, k, v = self.qkv(x).view(*x.shape[:2], 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        kind = attention_type(v)
        q, k, v = rotate(q.float(), cos, sin).to(kind), rotate(k.float(), cos, sin).to(kind), v.to(kind)
        return self.proj(attend(q, k, v, mask).transpose(1, 2).flatten(2))


class VisionBlock(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.norm1, self.norm2 = Norm(s.vision_hidden), Norm(s.vision_hidden)
        self.attn, self.mlp = VisionAttention(s), Mlp(s.vision_hidden, s.vision_mlp, True)

    def forward(self, x, cos, sin, mask):
        x = x + self.attn(self.norm1(x), cos, sin, mask)
        return x + self.mlp(self.norm2(x))


class Merger(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.ln_q = Norm(s.vision_hidden)
        wide = s.vision_hidden * MERGE * MERGE
        self.mlp = nn.Sequential(nn.Linear(wide, wide), nn.GELU(), nn.Linear(wide, s.hidden))

    def forward(self, x):
        return self.mlp(self.ln_q(x).view(x.shape[0], x.shape[1] // 4, -1))


class Vision(nn.Module):
    """Temporal groups of one grid, [groups, patches, 1176] in block order, to merged tokens in raster order of cells."""

    def __init__(self, s):
        super().__init__()
        self.shape = s
        self.patch_embed = nn.Module()
        self.patch_embed.proj = nn.Conv3d(3, s.vision_hidden, (2, PATCH, PATCH), (2, PATCH, PATCH), bias=False)
        self.blocks = nn.ModuleList(VisionBlock(s) for _ in range(s.vision_layers))
        self.merger = Merger(s)

    def forward(self, patches, grid):
        weight = self.patch_embed.proj.weight
        x = F.linear(patches, weight.flatten(1))
        cos, sin, mask = self._places(grid, patches.device)
        for k, block in enumerate(self.blocks):
            x = block(x, cos, sin, None if k in self.shape.full_layers else mask)
        return self.merger(x)

    def _places(self, grid, device):
        """Angles of the patches and who sees whom in a window (spec 6.2, 6.3); cells of a block follow one another."""
        h, w = grid
        row = torch.arange(h, device=device).view(h // 2, 1, 2, 1).expand(h // 2, w // 2, 2, 2).reshape(-1)
        column = torch.arange(w, device=device).view(1, w // 2, 1, 2).expand(h // 2, w // 2, 2, 2).reshape(-1)
        size = self.shape.vision_hidden // self.shape.vision_heads // 2
        inv = 1 / 10000 ** (torch.arange(0, size, 2, device=device).float() / size)
        angles = torch.cat([row.view(-1, 1) * inv, column.view(-1, 1) * inv], 1)
        angles = torch.cat([angles, angles], 1)
        side = 2 * self.shape.window
        window = torch.div(row, side, rounding_mode="floor") * 1000 + torch.div(column, side, rounding_mode="floor")
        mask = hiding(window.view(-1, 1) == window.view(1, -1)) if max(h, w) > side else None
        return angles.cos(), angles.sin(), mask


class Attention(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.heads, self.kv_heads, size = s.heads, s.kv_heads, s.hidden // s.heads
        self.q_proj, self.o_proj = nn.Linear(s.hidden, s.hidden), nn.Linear(s.hidden, s.hidden, bias=False)
        self.k_proj, self.v_proj = nn.Linear(s.hidden, s.kv_heads * size), nn.Linear(s.hidden, s.kv_heads * size)

    def forward(self, x, cos, sin, attend, cache=None):
        split = lambda y, heads: y.view(*y.shape[:2], heads, -1).transpose(1, 2)  # noqa: E731
        q, k, v = split(self.q_proj(x), self.heads), split(self.k_proj(x), self.kv_heads), split(self.v_proj(x), self.kv_heads)
        kind = attention_type(v)
        q, k, v = rotate(q.float(), cos, sin).to(kind), rotate(k.float(), cos, sin).to(kind), v.to(kind)
        if cache is not None:
            k, v = cache.extend(self, k, v)
        k, v = (y.repeat_interleave(self.heads // self.kv_heads, 1) for y in (k, v))
        return self.o_proj(attend(q, k, v).transpose(1, 2).flatten(2))


def masked(seen):
    return functools.partial(attend, mask=hiding(seen))


class Layer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = Norm(s.hidden), Norm(s.hidden)
        self.self_attn, self.mlp = Attention(s), Mlp(s.hidden, s.mlp, False)

    def forward(self, x, cos, sin, attend, cache=None):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, attend, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Text(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.shape = s
        self.embed_tokens = nn.Embedding(s.vocab, s.hidden)
        self.layers = nn.ModuleList(Layer(s) for _ in range(s.layers))
        self.norm = Norm(s.hidden)

    def angles(self, positions):
        """[3, rows, length] to cosines and sines [rows, 1, length, head] (spec 8.5)."""
        size = self.shape.hidden // self.shape.heads
        inv = 1 / self.shape.theta ** (torch.arange(0, size, 2, device=positions.device).float() / size)
        axis = torch.repeat_interleave(torch.arange(3), torch.tensor(self.shape.sections)).to(positions.device)
        half = positions.float()[axis].permute(1, 2, 0) * inv
        angle = torch.cat([half, half], -1).unsqueeze(1)
        return angle.cos(), angle.sin()

    def forward(self, x, positions, attend, cache=None, keep=None):
        """`attend`: queries, keys and values to what they give, `Packed` or `masked`. `keep`: also return what the layer of that number gave."""
        cos, sin = self.angles(positions)
        kept = None
        for k, layer in enumerate(self.layers):
            x = layer(x, cos, sin, attend, cache)
            kept = x if k == keep else kept
        return self.norm(x), kept


class Qwen(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.visual, self.model = Vision(shape), Text(shape)
        for p in self.parameters():
            if p.dim() >= 2:
                nn.init.normal_(p, std=0.02 if p is self.model.embed_tokens.weight else p[0].numel() ** -0.5)
        for module in self.modules():
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)

    def logits(self, hidden):
        return F.linear(hidden, self.model.embed_tokens.weight)

    def embed(self, ids, features, is_vision):
        """Token embeddings with the vision features in their places, row by row."""
        x = self.model.embed_tokens(ids)
        return x.masked_scatter(is_vision.unsqueeze(-1), features.to(x.dtype))


class Cache:
    """Keys and values of what was read; rows of a batch stand in the same columns."""

    def __init__(self):
        self.kept = {}

    def extend(self, layer, k, v):
        if layer in self.kept:
            before = self.kept[layer]
            k, v = torch.cat([before[0], k], 2), torch.cat([before[1], v], 2)
        self.kept[layer] = (k, v)
        return k, v


def patchify(levels):
    """Whole levels [pictures, height, width, 3], an even number, to rows [groups, patches, 1176] (spec 5)."""
    n, height, width, _ = levels.shape
    mean, std = (torch.tensor(v, device=levels.device) for v in (MEAN, STD))
    x = ((levels / 255 - mean) / std).permute(0, 3, 1, 2)
    x = x.reshape(n // 2, 2, 3, height // BLOCK, 2, PATCH, width // BLOCK, 2, PATCH)
    return x.permute(0, 3, 6, 4, 7, 2, 1, 5, 8).reshape(n // 2, -1, 1176)


def load(directory):
    """(model, config) of a checkpoint folder with the published names."""
    directory = pathlib.Path(directory)
    config = json.loads((directory / "config.json").read_text())
    model = Qwen(Shape.read(config))
    weights = load_file(str(directory / "model.safetensors"))
    model.load_state_dict({k: v.float() for k, v in weights.items()})
    return model, config

"""Pictures of packed scenes on any device: src/world/draw-frame.ts, ground.ts and shapes.ts, all pictures at once."""
import torch

from .vocabulary import SHAPES

MASK = 0xFFFFFFFF
LATTICE = 64


def mix(h):
    # int64 products overflow, but their low 32 bits are right
    h = ((h ^ (h >> 16)) * 0x7FEB352D) & MASK
    h = ((h ^ (h >> 15)) * 0x846CA68B) & MASK
    return h ^ (h >> 16)


def render(packed, device="cpu", exact=True):
    """Levels 0 to 255 as whole float32, [scenes, pictures, height, width, 3]. With `exact` false the noise is not that of docs/world.md."""
    scenes, count, height, width = packed["size"]
    a = {k: torch.as_tensor(v).to(device, non_blocking=True) for k, v in packed.items() if k != "size"}
    x = (torch.arange(width, device=device, dtype=torch.float32) + 0.5) / width  # times the aspect of each
    y = ((torch.arange(height, device=device, dtype=torch.float32) + 0.5) / height).view(1, height, 1)
    levels = _ground(a, x, y, height)[a["ground_of"]]  # [pictures, 3, height, width]
    x = x.view(1, 1, width) * a["camera"][:, 4].view(-1, 1, 1)
    _objects(levels, a["objects"], packed["objects"], x, y, a["camera"][:, 3])
    if len(packed["labels"]):
        _labels(levels, a["labels"], packed["labels"], a["dots"], x, y, 1 / height)
    gain, bias, noise = (a["camera"][:, k].view(-1, 1, 1, 1) for k in range(3))
    levels = levels * (a["light"].view(-1, 1, 1, 1) * gain) + bias
    levels += noise * (_noise(a["noise"], height, width) if exact else torch.randn_like(levels[:, :1]))
    levels = torch.floor(levels + 0.5).clamp_(0, 255)
    return levels.view(scenes, count, 3, height, width).permute(0, 1, 3, 4, 2)


def _ground(a, x, y, height):
    g = a["grounds"]
    column = lambda k: g[:, k].view(-1, 1, 1)  # noqa: E731
    xx = x.view(1, 1, -1) * column(0) + column(1)
    yy = y + column(2)
    way = (column(11) + column(9) * xx / column(0) + column(10) * yy).clamp(0, 1)
    turns = column(15) * xx + column(16) * yy
    extra = column(14) * (4 * (turns - turns.floor() - 0.5).abs() - 1)
    for octave in (0, 1):
        lattice = _lattice(a["lattices"], octave)
        cells = column(13) * (octave + 1)
        extra = extra + column(12) / (octave + 1) * _cloud(lattice, g[:, 17].long(), xx * cells, yy * cells)
    start, end = g[:, 3:6].view(-1, 3, 1, 1), g[:, 6:9].view(-1, 3, 1, 1)
    levels = start + (end - start) * way.unsqueeze(1) + extra.unsqueeze(1)
    for k in range(4):
        d = a["distractors"][:, k]
        dx, dy = (xx - d[:, 0].view(-1, 1, 1)).abs(), (yy - d[:, 1].view(-1, 1, 1)).abs()
        half_width, half_height = d[:, 2].view(-1, 1, 1), d[:, 3].view(-1, 1, 1)
        box = torch.maximum(dx - half_width, dy - half_height)
        safe = lambda half: half.clamp(min=1e-6)  # noqa: E731
        oval = (torch.hypot(dx / safe(half_width), dy / safe(half_height)) - 1) * torch.minimum(half_width, half_height)
        share = 0.5 - torch.where(d[:, 4].view(-1, 1, 1) > 0, oval, box) * height
        share = (share.clamp(0, 1) * (half_width > 0)).unsqueeze(1)
        levels += (d[:, 5:8].view(-1, 3, 1, 1) - levels) * share
    return levels


def _lattice(seeds, octave):
    """Numbers between -1 and 1, [seeds, 64 * 64]."""
    index = (torch.arange(1, LATTICE * LATTICE + 1, device=seeds.device) * 0x85EBCA6B) & MASK
    base = mix(seeds ^ ((octave * 0x9E3779B1) & MASK))
    return (mix(base.view(-1, 1) ^ index).double() / 2147483648 - 1).float()


def _cloud(lattice, which, x, y):
    column, row = x.floor(), y.floor()
    u, v = x - column, y - row
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    column, row = column.long(), row.long()
    base = which.view(-1, 1, 1) * (LATTICE * LATTICE)
    flat = lattice.reshape(-1)
    at = lambda c, r: flat[base + (r & (LATTICE - 1)) * LATTICE + (c & (LATTICE - 1))]  # noqa: E731
    top = at(column, row)
    top = top + (at(column + 1, row) - top) * u
    bottom = at(column, row + 1)
    bottom = bottom + (at(column + 1, row + 1) - bottom) * u
    return top + (bottom - top) * v


def distance(shape, x, y, r):
    """How far points are from the edge of a shape, negative inside."""
    if shape in ("circle", "ring"):
        length = torch.hypot(x, y)
        return length - r if shape == "circle" else torch.maximum(length - r, 0.55 * r - length)
    ax, ay = x.abs(), y.abs()
    if shape == "square":
        return torch.maximum(ax, ay) - 0.9 * r
    if shape == "triangle":
        return torch.maximum(y - 0.8 * r, (ax - (y + r) / 1.8) * 0.8742)
    if shape == "cross":
        return torch.minimum(torch.maximum(ax - r, ay - 0.34 * r), torch.maximum(ax - 0.34 * r, ay - r))
    return (ax + ay - 1.1 * r) * 0.7071


def _objects(levels, rows, known, x, y, edge):
    """`rows` are sorted by how many are under them, then by shape; each such run is drawn at once."""
    start = 0
    while start < len(known):
        same = (known[start:, 1] == known[start, 1]) & (known[start:, 2] == known[start, 2])
        end = start + (int(same.argmin()) if not same.all() else len(same))
        part = rows[start:end]
        which = part[:, 0].long()
        px, py, radius = (part[:, k].view(-1, 1, 1) for k in (3, 4, 5))
        far = distance(SHAPES[int(known[start, 2])], x[which] - px, y - py, radius)
        share = (0.5 - far / edge[which].view(-1, 1, 1)).clamp(0, 1).unsqueeze(1)
        under = levels[which]
        levels[which] = under + (part[:, 6:9].view(-1, 3, 1, 1) - under) * share
        start = end


def _labels(levels, rows, known, dots, x, y, edge):
    """Labels of one picture may not lie over one another, but they may be several: one round for each."""
    rounds, seen = [], {}
    for picture in known[:, 0]:
        rounds.append(seen.get(picture, 0))
        seen[picture] = rounds[-1] + 1
    rounds = torch.tensor(rounds, device=rows.device)
    for k in range(max(seen.values())):
        part, table = rows[rounds == k], dots[rounds == k]
        which = part[:, 0].long()
        px, py, dot, letters = (part[:, c].view(-1, 1, 1) for c in (1, 2, 3, 4))
        half_width, half_height = (6 * letters + 1) * dot / 2, 4.5 * dot
        xx = x[which]
        far = torch.maximum((xx - px - half_width).abs() - half_width, (y - py - half_height).abs() - half_height)
        plate = (0.5 - far / edge).clamp(0, 1).unsqueeze(1) * part[:, 7].view(-1, 1, 1, 1)
        ink = _ink(table, (xx - px - dot) / dot - 0.5, (y - py - dot) / dot - 0.5).clamp(0, 1).unsqueeze(1)
        under = levels[which]
        under = under + (part[:, 5].view(-1, 1, 1, 1) - under) * plate
        levels[which] = under + (part[:, 6].view(-1, 1, 1, 1) - under) * ink


def _ink(table, column, row):
    rows, columns = table.shape[1:]
    c, r = column.floor(), row.floor()
    u, v = column - c, row - r
    base = torch.arange(len(table), device=table.device).view(-1, 1, 1) * (rows * columns)
    flat = table.reshape(-1)
    c, r = (c.long() + 1), (r.long() + 1)
    at = lambda cc, rr: flat[base + rr.clamp(0, rows - 1) * columns + cc.clamp(0, columns - 1)]  # noqa: E731
    top = at(c, r) * (1 - u) + at(c + 1, r) * u
    return top * (1 - v) + (at(c, r + 1) * (1 - u) + at(c + 1, r + 1) * u) * v


def _noise(seeds, height, width):
    """Deviation 1: the sum of the four bytes of a number for each pixel."""
    index = (torch.arange(1, height * width + 1, device=seeds.device) * 0x85EBCA6B) & MASK
    h = mix(mix(seeds).view(-1, 1) ^ index)
    total = (h & 255) + ((h >> 8) & 255) + ((h >> 16) & 255) + (h >> 24) - 510
    return (total.float() / 147.8).view(-1, 1, height, width)

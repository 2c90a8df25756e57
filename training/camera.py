"""What codecs and scalers do to pictures, for training: softness and 8 x 8 blocks of fewer frequencies."""
import math

import torch
import torch.nn.functional as F


def degrade(levels, share, generator):
    """Levels [rows, pictures, height, width, 3]; about `share` of the rows become soft, as many blocky. Whole levels come back."""
    chosen = torch.rand(2, len(levels), generator=generator)
    for kind, change in enumerate((_soften, _quantise)):
        rows = (chosen[kind] < share).nonzero().flatten().to(levels.device)
        if len(rows):
            strength = 0.3 + 0.7 * float(torch.rand((), generator=generator))
            part = levels[rows].flatten(0, 1).permute(0, 3, 1, 2)
            changed = change(part, strength).permute(0, 2, 3, 1).view(len(rows), *levels.shape[1:])
            levels[rows] = changed.round().clamp(0, 255)
    return levels


def _soften(x, strength):
    height, width = x.shape[2:]
    small = [max(8, round(side * (1 - 0.5 * strength))) for side in (height, width)]
    return F.interpolate(F.interpolate(x, small, mode="area"), (height, width), mode="bilinear", align_corners=False)


def _quantise(x, strength):
    """Frequencies of blocks rounded to steps that grow with the frequency."""
    n, c, height, width = x.shape
    x = F.pad(x, (0, -width % 8, 0, -height % 8), mode="replicate")
    k = torch.arange(8, device=x.device, dtype=torch.float32)
    basis = torch.cos(math.pi * (k + 0.5) * k.view(-1, 1) / 8) * (2 / 8) ** 0.5
    basis[0] /= 2**0.5
    blocks = x.view(n, c, x.shape[2] // 8, 8, x.shape[3] // 8, 8).transpose(3, 4)
    steps = strength * (4 + 8 * (k + k.view(-1, 1)))
    frequencies = basis @ blocks @ basis.T
    blocks = basis.T @ ((frequencies / steps).round() * steps) @ basis
    return blocks.transpose(3, 4).reshape(n, c, *x.shape[2:])[:, :, :height, :width]

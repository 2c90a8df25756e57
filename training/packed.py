"""Attention over rows of one prefix and several questions: what each question may see is computed, and nothing else."""
import torch

from model import attend, hiding


class Packed:
    """Made from segments [rows, length] on the CPU: 0 the prefix, 1 and up the questions, -1 the filler at the end."""

    def __init__(self, segments, device):
        rows, self.length = segments.shape
        prefixes = (segments == 0).sum(1)
        self.prefix = int(prefixes.max())
        row, column = (segments > 0).nonzero(as_tuple=True)
        ids = row * 1000 + segments[row, column]
        _, lengths = ids.unique_consecutive(return_counts=True)
        first = lengths.cumsum(0) - lengths
        row, start = row[first], column[first]
        # filler takes what its row's first token gives
        source = (torch.arange(rows) * self.prefix).view(-1, 1).expand(rows, self.length).clone()
        source[:, : self.prefix] = torch.arange(rows * self.prefix).view(rows, -1)
        made, self.groups = rows * self.prefix, []
        size = lengths.float().log2().ceil()
        for members in ((size == s).nonzero().squeeze(1) for s in size.unique()):
            longest = int(lengths[members].max())
            steps = torch.arange(longest)
            is_real = steps < lengths[members].view(-1, 1)
            columns = (start[members].view(-1, 1) + steps).clamp(max=self.length - 1)
            flat = row[members].view(-1, 1) * self.length + columns
            source.view(-1)[flat[is_real]] = (made + torch.arange(flat.numel()).view_as(flat))[is_real]
            made += flat.numel()
            before = torch.arange(self.prefix) < prefixes[row[members]].view(-1, 1, 1)
            own = torch.ones(longest, longest, dtype=torch.bool).tril().expand(len(members), -1, -1)
            seen = torch.cat([before.expand(-1, longest, -1), own], 2).unsqueeze(1)
            self.groups.append((row[members].to(device), flat.to(device), hiding(seen).to(device)))
        self.source = source.view(-1).to(device)
        self.causal = hiding(torch.ones(self.prefix, self.prefix, dtype=torch.bool).tril()).to(device)

    def __call__(self, q, k, v):
        """[rows, heads, length, size] each, and so the answer."""
        rows, heads, _, size = q.shape
        q, k, v = (y.transpose(1, 2) for y in (q, k, v))
        before = [y[:, : self.prefix] for y in (q, k, v)]
        made = [_rows(*before, self.causal)]
        flat_q, flat_k, flat_v = (y.reshape(rows * self.length, -1) for y in (q, k, v))
        for row, flat, mask in self.groups:
            own = [y.index_select(0, flat.view(-1)).view(*flat.shape, heads, size) for y in (flat_q, flat_k, flat_v)]
            keys, values = (torch.cat([y.index_select(0, row), mine], 1) for y, mine in zip(before[1:], own[1:]))
            made.append(_rows(own[0], keys, values, mask))
        return torch.cat(made).index_select(0, self.source).view(rows, self.length, heads, size).transpose(1, 2)


def _rows(q, k, v, mask):
    """[rows, length, heads, size] to [rows * length, heads * size]."""
    out = attend(*(y.transpose(1, 2) for y in (q, k, v)), mask)
    return out.transpose(1, 2).reshape(out.shape[0] * out.shape[2], -1)

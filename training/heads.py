"""Auxiliary tasks for states inside the model; their weight fades to zero, and they are not part of the checkpoint."""
import torch
import torch.nn.functional as F
from torch import nn

from batches import KINDS
from world.vocabulary import ACTIONS, COLOURS, SHAPES

COMBINED = len(COLOURS) * len(SHAPES)
ACTING = len(COLOURS) * len(ACTIONS)


def even(states):
    """States of one size, whatever theirs was."""
    return F.rms_norm(states.float(), (states.shape[-1],))


class Heads(nn.Module):
    def __init__(self, hidden, size=64):
        super().__init__()
        self.seen = nn.Linear(hidden, 2 * COMBINED + ACTING)  # of a merged token: what is in each of its two pictures, what it does
        self.time = nn.Linear(hidden, 10 + 10 + 10)  # of a group: ones and tens of its second, and its tenth
        self.query, self.key = nn.Linear(hidden, 3 * size), nn.Linear(hidden, 3 * size)  # where it points: inside, start, end
        self.found = nn.Linear(hidden, 1)
        self.colour, self.shape, self.kind = (nn.Linear(hidden, n) for n in (len(COLOURS), len(SHAPES), len(KINDS)))
        self.size = size

    def vision_loss(self, features, batch):
        """Of merged tokens [rows, groups, cells, hidden]."""
        marks = batch["marks"]
        said = self.seen(even(features))
        rows, groups, cells = said.shape[:3]
        wanted = torch.zeros_like(said).view(rows, groups, cells, -1)
        b, group, frame, cell, colour, shape, action = marks.unbind(1)
        wanted[b, group, cell, frame * COMBINED + colour * len(SHAPES) + shape] = 1
        wanted[b, group, cell, 2 * COMBINED + colour * len(ACTIONS) + action] = 1
        loss = F.binary_cross_entropy_with_logits(said, wanted, reduction="none")
        # a mark is one of some hundred classes: hits and misses weigh alike
        return (loss * (1 + 9 * wanted)).sum() / max(1, len(marks)) / 8 + loss.mean()

    def text_losses(self, states, batch):
        """Of what a middle layer gave, [rows, length, hidden]."""
        pointers, pointed = batch["pointers"], batch["pointed"]
        groups = batch["group_ends"]  # [rows, groups]: the last token of each
        states = even(states)
        at_groups = states.gather(1, groups.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
        losses = {"time": self._time_loss(at_groups, batch["seconds"])}
        if len(pointers) == 0:
            return losses
        b, position, found, first, last, *attributes = pointers.unbind(1)
        asking = states[b, position]
        q = self.query(asking).view(-1, 3, 1, self.size)
        k = self.key(at_groups).view(*at_groups.shape[:2], 3, self.size).transpose(1, 2)[b]
        scores = (q * k).sum(-1) / self.size**0.5  # [pointers, 3, groups]
        losses["inside"] = F.binary_cross_entropy_with_logits(scores[:, 0], pointed)
        edges = [F.cross_entropy(scores[:, n + 1], at, ignore_index=-1) for n, at in enumerate((first, last)) if (at >= 0).any()]
        losses["edges"] = sum(edges) / 2 if edges else scores.sum() * 0
        losses["found"] = F.binary_cross_entropy_with_logits(self.found(asking).squeeze(-1), found.float())
        named = [
            F.cross_entropy(head(asking), wanted, ignore_index=-1)
            for head, wanted in zip((self.colour, self.shape, self.kind), attributes)
            if (wanted >= 0).any()
        ]
        losses["named"] = sum(named) / 3 if named else scores.sum() * 0
        return losses

    def _time_loss(self, states, seconds):
        """`seconds` [rows, groups]: where each group begins, as the position ids tell it."""
        said = self.time(states).flatten(0, 1)
        tenths = (seconds.flatten() * 10 + 0.5).long()
        parts = (tenths // 10 % 10, tenths // 100 % 10, tenths % 10)
        return sum(F.cross_entropy(said[:, 10 * k : 10 * k + 10], part) for k, part in enumerate(parts)) / 3

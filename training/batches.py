"""Batches from their number alone: rows of tokens with packed questions, and what has to be drawn for them.

One row is a prefix (system turn, pictures) and questions with their answers; each question sees the prefix and itself, and its
positions begin after the pictures, which equals separate samples.
"""
import dataclasses
import functools
import math
import pathlib

import numpy as np

import answers
from clips import TRAINING_SEEDS, clip_pairs, draw_clip, foreign_queries
from footage import Footage
from world.dice import Dice, hash32
from world.pack import pack, pack_pages, poses
from world.pages import make_page
from world.scenes import make_scene
from world.vocabulary import ACTIONS, COLOURS, SHAPES

SYSTEM = "<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n<|vision_start|>"
DEFAULT_SYSTEM = "You are a helpful assistant."
END = "<|im_end|>\n<|im_start|>assistant\n"
KINDS = [*ACTIONS, "touch", "group", "label", "lights"]  # what an event is, for the auxiliary heads
NO_ATTRIBUTE = -1

# heights and widths that a window's frames can have within the checkpoint's limits, wide, square and tall
SIZES = [(56, 56), (56, 84), (84, 56), (56, 112), (84, 84), (84, 112), (112, 84), (84, 140), (140, 84), (112, 112), (56, 196)]
PICTURE_SIZES = [(56, 56), (84, 84), (84, 140), (112, 112), (112, 112), (112, 112), (84, 112)]


@dataclasses.dataclass
class Settings:
    seed: int = 0
    tokens: int = 6000  # of all rows of a batch, about
    questions: int = 6
    simple_share: float = 0.3
    picture_share: float = 0.12
    footage_share: float = 0.06
    small_share: float = 0.5  # of the batches, those of 56 x 56
    footage: str = ""
    most_groups: int = 64


@dataclasses.dataclass
class Stage:
    """Where in the curriculum a batch stands."""

    groups: tuple = (8, 32)
    hard: float = 1.0
    only_pictures: bool = False  # the vision warm-up asks nothing


class Batches:
    def __init__(self, settings, tokenizer):
        self.s, self.tokenizer = settings, tokenizer
        self.image, self.video = (tokenizer.token_to_id(f"<|{kind}_pad|>") for kind in ("image", "video"))
        self.end = tokenizer.token_to_id("<|im_end|>")
        self.footage = Footage(settings.footage) if settings.footage and pathlib.Path(settings.footage).exists() else None
        self.encode = functools.lru_cache(20000)(lambda text: tokenizer.encode(text, add_special_tokens=False).ids)

    def make(self, step, stage):
        dice = Dice(hash32(self.s.seed, 11, step), 0)
        if not stage.only_pictures and dice.chance(self.s.picture_share):
            return self._pictures(dice)
        return self._video(dice, stage)

    def _video(self, dice, stage):
        height, width = SIZES[0] if dice.chance(self.s.small_share) else dice.pick(SIZES)
        least, most = stage.groups
        groups = 4 if stage.only_pictures else least + dice.below(most - least + 1)
        if most >= 32 and dice.chance(0.06) and not stage.only_pictures:
            groups = self.s.most_groups // 2 + dice.below(self.s.most_groups // 2 + 1)
        cells = height * width // 784
        # what a scene costs to make counts as well: alone, it would be the larger part of the warm-up
        count = max(2, round(self.s.tokens / (groups * cells + (60 if stage.only_pictures else 110 * self.s.questions))))
        rows, clips, foreign = [], [], []
        for b in range(count):
            seed = hash32(dice.below(1 << 31), 9, b)
            squeeze = 0.85 + 0.3 * Dice(seed, 6).unit()
            clip, row_dice = draw_clip(seed, groups, width / height * squeeze, self.s.simple_share, stage.hard)
            if self.footage and row_dice.chance(self.s.footage_share):
                foreign.append((b, self.footage.cut(row_dice, 2 * groups, clip.step, height, width)))
                clip.scene = {**clip.scene, "objects": [], "labels": [], "events": [], "dark": []}
                pairs = answers.footage_questions(row_dice, foreign_queries(row_dice, 4))
            else:
                pairs = clip_pairs(clip, row_dice, self.s.questions)
            clips.append(clip)
            rows.append(self._row([] if stage.only_pictures else pairs, (groups, height // 28, width // 28), clip.step))
        packed = pack([c.scene for c in clips], [c.times for c in clips], width, height)
        marks = [mark for b, clip in enumerate(clips) for mark in _marks(clip, b, height, width)]
        return self._collate(rows, packed, marks, foreign, height, width, groups)

    def _pictures(self, dice):
        height, width = dice.pick(PICTURE_SIZES)
        cells = height * width // 784
        is_page = height == width == 112 and dice.chance(0.3)
        count = max(2, round(self.s.tokens / (cells + (150 if is_page else 500))))
        rows, scenes, times, marks = [], [], [], []
        for b in range(count):
            seed = hash32(dice.below(1 << 31), 10, b) | TRAINING_SEEDS
            row_dice, system = Dice(seed, 12), DEFAULT_SYSTEM
            if is_page:
                scenes.append(make_page(seed))
                pairs = [answers.page_question(scenes[-1], width, height)]
            else:
                scene = make_scene(seed, seconds=12, events=2 + row_dice.below(6), aspect=width / height, shortest=4, longest=11)
                middles = [(e["start"] + e["end"]) / 2 for e in scene["events"] if e["kind"] != "lights"]
                at = row_dice.pick(middles) if middles and row_dice.chance(0.9) else 12 * row_dice.unit()
                pairs = answers.picture_questions(scene, at, width, height, row_dice)
                tool = answers.tool_question(scene, at, width, height, row_dice) if row_dice.chance(0.12) else None
                if tool:
                    pairs, system = [tool], answers.TOOL_SYSTEM
                scenes.append(scene)
                times.append([at])
                marks += _marks(answers.Clip(scene, np.array([at, at]), 1), b, height, width)
            rows.append(self._row(pairs, (1, height // 28, width // 28), 0, system))
        packed = pack_pages(scenes, width, height) if is_page else pack(scenes, times, width, height)
        return self._collate(rows, packed, marks, [], height, width, 1)

    def _row(self, pairs, grid, step, system=DEFAULT_SYSTEM):
        """Ids, segments (0 the prefix), positions, weights and pointers of one row."""
        groups, height, width = grid
        before = self.encode(SYSTEM.format(system=system))
        # spec 8.1: float32 product, truncation last
        seconds = np.float32(2 * step)
        temporal = (np.arange(groups, dtype=np.float32) * seconds * np.float32(2)).astype(np.int64)
        place = np.stack([m.reshape(-1) for m in np.meshgrid(temporal, np.arange(height), np.arange(width), indexing="ij")])
        first = len(before)
        after = first + int(place.max()) + 1
        pads = [self.video if step else self.image] * place.shape[1]
        ids = [*before, *pads, *self.encode("<|vision_end|>")]
        positions = [np.tile(np.arange(first), (3, 1)), place + first, np.full((3, 1), after)]
        segments, weights, pointers = [0] * len(ids), [0.0] * len(ids), []
        for k, one in enumerate(pairs):
            question = self.encode(one["prompt"] + END)
            answer, weight, starts = self._answer(one["answer"])
            base = len(ids) + len(question)
            if one["seen"] is not None:
                pointers.append(_pointer(base - 1, one["seen"], None, None))
            for piece, seen, event in one["rows"]:
                pointers.append(_pointer(base + starts[piece] - 1, [seen], event, one))
            ids += [*question, *answer, self.end]
            weights += [0.0] * len(question) + [*weight, 1.0]
            length = len(question) + len(answer) + 1
            segments += [k + 1] * length
            positions.append(np.tile(after + 1 + np.arange(length), (3, 1)))
        return {"ids": ids, "segments": segments, "weights": weights, "positions": np.concatenate(positions, 1), "pointers": pointers, "first": first}

    def _answer(self, pieces):
        """Tokens of an answer, the weight of each, and where each piece begins."""
        text = "".join(piece for piece, _ in pieces)
        ids, offsets = _encode_with_offsets(self, text)
        bounds = np.cumsum([0, *(len(piece) for piece, _ in pieces)])
        weights = np.zeros(len(ids))
        begin = [o[0] for o in offsets]
        for (_, weight), start, end in zip(pieces, bounds, bounds[1:]):
            for t in range(np.searchsorted(begin, start, side="right") - 1, np.searchsorted(begin, end, side="left")):
                weights[t] = max(weights[t], weight)
        starts = [int(np.searchsorted(begin, start, side="right") - 1) for start in bounds]
        return ids, weights.tolist(), starts

    def _collate(self, rows, packed, marks, foreign, height, width, groups):
        longest = max(len(row["ids"]) for row in rows)
        length = math.ceil(longest / 32) * 32
        count = len(rows)
        ids = np.zeros((count, length), np.int64)
        segments = np.full((count, length), -1, np.int64)
        weights = np.zeros((count, length), np.float32)
        positions = np.zeros((3, count, length), np.int64)
        pointers = []
        for b, row in enumerate(rows):
            n = len(row["ids"])
            ids[b, :n], segments[b, :n], weights[b, :n], positions[:, b, :n] = row["ids"], row["segments"], row["weights"], row["positions"]
            pointers += [(b, *p) for p in row["pointers"]]
        kinds = np.zeros((len(pointers), groups), np.float32)
        for k, p in enumerate(pointers):
            for first, last in p[2]:
                kinds[k, first // 2 : last // 2 + 1] = 1
        table = [(p[0], p[1], len(p[2]) > 0, *(_edges(p[2])), *p[3]) for p in pointers]
        return {
            "packed": packed, "ids": ids, "segments": segments, "weights": weights, "positions": positions,
            "is_vision": (ids == self.video) | (ids == self.image), "grid": (height // 14, width // 14), "groups": groups,
            "pointers": np.array(table, np.int64).reshape(-1, 8), "pointed": kinds,
            "marks": np.array(marks, np.int64).reshape(-1, 7), "foreign": foreign, "first": np.array([row["first"] for row in rows]),
        }  # fmt: skip


def _encode_with_offsets(batches, text):
    encoded = batches.tokenizer.encode(text, add_special_tokens=False)
    return encoded.ids, encoded.offsets


def _pointer(position, seen, event, one):
    """Where to point from, the pictures, and colour, shape and kind of the event that a row is about."""
    if event is None:
        return position, seen, (NO_ATTRIBUTE,) * 3
    words = event["text"].split(" ")
    of_shape = event["kind"] == "one"
    kind = KINDS.index(" ".join(words[2:]) if of_shape else event["kind"])
    return position, seen, (COLOURS.index(words[0]), SHAPES.index(words[1]), kind) if of_shape else (NO_ATTRIBUTE, NO_ATTRIBUTE, kind)


def _edges(seen):
    """First and last group of a single stretch; -1 where there is none, or several."""
    return (seen[0][0] // 2, seen[0][1] // 2) if len(seen) == 1 else (-1, -1)


def _marks(clip, b, height, width):
    """Of each picture, what is visible in which cell: row, group, frame in group, cell, colour, shape, action."""
    objects = clip.scene["objects"]
    if not objects:
        return []
    visible, x, y, _ = poses(objects, clip.times)
    for dark in clip.scene["dark"]:
        visible &= ~((clip.times >= dark["start"]) & (clip.times < dark["end"]))[None]
    columns, lines = width // 28, height // 28
    column = np.clip(np.floor(x / clip.scene["aspect"] * columns), 0, columns - 1).astype(int)
    line = np.clip(np.floor(y * lines), 0, lines - 1).astype(int)
    found = []
    for k, o in enumerate(objects):
        named = COLOURS.index(o["colour"]), SHAPES.index(o["shape"]), ACTIONS.index(o["action"])
        found += [(b, t // 2, t % 2, line[k, t] * columns + column[k, t], *named) for t in np.nonzero(visible[k])[0]]
    return found


def sample_texts(settings, count):
    """Prompts and answers of many clips, for the tokenizer."""
    for k in range(count):
        clip, dice = draw_clip(hash32(settings.seed, 13, k), 8 + k % 24, 1.5, 0.2)
        pairs = clip_pairs(clip, dice, 6)
        at = clip.times[len(clip.times) // 2]
        pairs += answers.picture_questions(clip.scene, at, 112, 112, dice)
        pairs += [p for p in (answers.tool_question(clip.scene, at, 112, 112, dice),) if p]
        pairs.append(answers.page_question(make_page(k), 112, 112))
        yield "system\nYou are a helpful assistant.\nuser\nassistant\n"
        if k % 20 == 0:
            yield answers.TOOL_SYSTEM
        for one in pairs:
            yield one["prompt"] + "\n"
            yield "".join(piece for piece, _ in one["answer"])

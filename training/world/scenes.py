"""A scene from its seed: src/world/make-scene.ts and draw-setting.ts, with the same keys and the same numbers."""
import math

from .boxes import label_box, swept_box
from .dice import STREAM, Dice, rounded
from .items import draw_item

TRIES = 24
APART = 0.3
FADE_SECONDS = 0.8
LEAST_SHOT = 2


def make_scene(seed, kind="rich", seconds=30, aspect=None, events=None, shortest=None, longest=None, steady=1):
    """The scene as src/world/scene.ts describes it, as plain dictionaries and lists."""
    simple = kind == "simple"
    aspect = aspect if aspect is not None else rounded(1 if simple else 16 / 9)
    longest = max(0.3, min(longest if longest is not None else min(10 if simple else 120, seconds / 2), seconds))
    shortest = min(shortest if shortest is not None else (2 if simple else 1), longest)
    limits = {"kind": kind, "seconds": seconds, "aspect": aspect, "longest": longest, "shortest": shortest, "steady": steady}
    dice = Dice(seed, STREAM["plan"])
    share = dice.unit()
    wanted = events if events is not None else math.floor(share * ((5 if simple else 8) + 1) * max(1, seconds / 30))
    items = _draw_items(dice, limits, wanted)
    times, fades = _draw_cuts(Dice(seed, STREAM["cuts"]), limits, items)
    shots = [_draw_shot(Dice(seed, STREAM["shot"] + k), kind, aspect, start) for k, start in enumerate([0, *times])]
    scene = {"seed": seed, "kind": kind, "seconds": seconds, "aspect": aspect}
    return {**scene, "camera": _draw_camera(Dice(seed, STREAM["camera"]), kind), "shots": shots, **_collect(items, fades)}


def _draw_items(dice, limits, wanted):
    items, said, events, tries = [], set(), 0, 0
    while events < wanted and tries < wanted * TRIES:
        tries += 1
        item = draw_item(dice, limits)
        texts = [event["text"] for event in item["events"]]
        if any(text in said for text in texts) and len(said) <= 200 or not _fits(item, items, limits["kind"]):
            continue
        items.append(item)
        said.update(texts)
        events += len(texts)
    return items


def _fits(item, others, kind):
    def meets(other):
        apart = APART if item["dark"] or other["dark"] else 0
        return item["start"] < other["end"] + apart and other["start"] < item["end"] + apart

    near = [other for other in others if meets(other)]
    if any(other["dark"] for other in near) or (item["dark"] and near):
        return False
    if sum(map(_parts, near)) + _parts(item) > (2 if kind == "simple" else 4):
        return False
    return kind == "simple" or not any(_overlap(a, b) for a in _boxes(item) for other in near for b in _boxes(other))


def _parts(item):
    return len(item["objects"]) + len(item["labels"])


def _boxes(item):
    if "boxes" not in item:
        item["boxes"] = [swept_box(o) for o in item["objects"]] + [label_box(label) for label in item["labels"]]
    return item["boxes"]


def _overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _collect(items, fades):
    objects, labels, events = [], [], []
    for item in items:
        events += [{**event, "objects": [index + len(objects) for index in event["objects"]]} for event in item["events"]]
        objects += item["objects"]
        labels += item["labels"]
    lights = [{"kind": "lights", "start": item["start"], "end": item["end"]} for item in items if item["dark"]]
    dark = sorted([*lights, *fades], key=lambda d: d["start"])
    return {"objects": objects, "labels": labels, "dark": dark, "events": sorted(events, key=lambda e: (e["start"], e["end"], e["text"]))}


def _draw_cuts(dice, limits, items):
    seconds = limits["seconds"]
    tries = 0 if limits["kind"] == "simple" or not dice.chance(0.4) else math.floor((1 + dice.below(3)) * max(1, seconds / 30))
    times, fades = [], []
    for _ in range(tries):
        at = rounded(dice.unit() * seconds)
        start, end = rounded(at - FADE_SECONDS / 2), rounded(at + FADE_SECONDS / 2)
        is_fade = dice.chance(0.4) and all(item["end"] <= start or item["start"] >= end for item in items)
        if at < LEAST_SHOT or at > seconds - LEAST_SHOT or any(abs(time - at) < LEAST_SHOT for time in times):
            continue
        times.append(at)
        if is_fade:
            fades.append({"kind": "fade", "start": start, "end": end})
    return sorted(times), fades


def _draw_camera(dice, kind):
    if kind == "simple":
        return {"noise": dice.between(1, 7), "gain": 1, "bias": 0, "blur": 0}
    noise, gain, bias = dice.between(0, 9), dice.between(0.75, 1.1), dice.between(-8, 14)
    return {"noise": noise, "gain": gain, "bias": bias, "blur": dice.between(0, 0.02) if dice.chance(0.5) else 0}


def _draw_shot(dice, kind, aspect, start):
    simple = kind == "simple"
    level = dice.below(40) if simple else 15 + dice.below(115)
    tint = 50 if simple else 24
    source = _colour(dice, level, tint)
    is_flat = dice.chance(0.5 if simple else 0.25)
    target = source if is_flat else _colour(dice, max(0, level + dice.below(81) - 40), tint)
    across, down, offset = dice.between(-1, 1), dice.between(-1, 1), dice.between(0, 1)
    clouds = dice.between(4, 26) if not simple and dice.chance(0.7) else 0
    cells = dice.between(2, 10)
    stripes = dice.between(3, 14) if not simple and dice.chance(0.3) else 0
    stripes_across, stripes_down = dice.between(-9, 9), dice.between(-9, 9)
    is_panned = not simple and dice.chance(0.25)
    pan_x, pan_y = dice.between(-0.03, 0.03), dice.between(-0.015, 0.015)
    distractors = [_draw_distractor(dice, simple, aspect, level) for _ in range(dice.below(5))]
    return {
        **{"start": start, "from": source, "to": target, "across": across, "down": down, "offset": offset},
        **{"clouds": clouds, "cells": cells, "stripes": stripes, "stripesAcross": stripes_across, "stripesDown": stripes_down},
        **{"panX": pan_x if is_panned else 0, "panY": pan_y if is_panned else 0, "distractors": distractors},
    }


def _colour(dice, level, tint):
    return [level + dice.below(tint), level + dice.below(tint), level + dice.below(tint)]


def _draw_distractor(dice, simple, aspect, level):
    x, y = rounded(dice.unit() * aspect), dice.between(0, 1)
    half_width, half_height = dice.between(0.02, 0.2), dice.between(0.02, 0.2)
    is_round = not simple and dice.chance(0.4)
    rgb = _colour(dice, max(0, level + dice.below(61) - 30), 14)
    return {"x": x, "y": y, "halfWidth": half_width, "halfHeight": half_height, "round": is_round, "rgb": rgb}

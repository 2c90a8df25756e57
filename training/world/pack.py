"""Scenes and the times at which they are looked at, as flat arrays that `draw.render` takes to any device.

What depends on time alone (which shot, who is visible where, how light it is) is worked out here in float64, so that drawing
needs no branches: every visible thing of every picture is one row.
"""
import numpy as np

from .boxes import SHAKE
from .dice import STREAM, hash32
from .vocabulary import FONT, SHAPES

LIGHTS_OUT = 0.05
LETTERS = 9  # the longest printed text
DOTS = (9, 6 * LETTERS + 3)  # rows and columns of a printed text with an empty rim


def pack(scenes, times, width, height):
    """`times` [scenes, pictures] in seconds. Returns arrays; `size` is (scenes, pictures, height, width)."""
    times = np.asarray(times, dtype=np.float64)
    count = times.shape[1]
    grounds, ground_of, lattices, objects, prints, light, camera, noise = [], [], [], [], [], [], [], []
    for b, scene in enumerate(scenes):
        at = times[b]
        first = b * count
        _pack_grounds(scene, at, grounds, ground_of, lattices)
        objects.append(_pack_objects(scene, at, first))
        prints.append(_pack_labels(scene, at, first))
        light.append(_light(scene, at))
        cam = scene["camera"]
        camera += [[cam["gain"], cam["bias"], cam["noise"], max(1 / height, cam["blur"]), scene["aspect"]]] * count
        seed = hash32(scene["seed"], STREAM["noise"], 0)
        noise += [seed ^ ((int(ms) + 1) * 0x9E3779B1 & 0xFFFFFFFF) for ms in np.floor(at * 1000 + 0.5)]
    objects = np.concatenate(objects) if objects else np.zeros((0, 9))
    dots = [row[1] for rows in prints for row in rows]
    rows = [row[0] for rows in prints for row in rows]
    return {
        "size": (len(scenes), count, height, width),
        "grounds": np.array([row[0] for row in grounds], np.float32),
        "distractors": np.array([row[1] for row in grounds], np.float32),
        "ground_of": np.array(ground_of, np.int64),
        "lattices": np.array(lattices, np.int64),
        "objects": objects[np.lexsort((objects[:, 2], objects[:, 1]))].astype(np.float32),
        "labels": np.array(rows, np.float32).reshape(-1, 8),
        "dots": np.array(dots, np.float32).reshape(-1, *DOTS),
        "light": np.concatenate(light).astype(np.float32),
        "camera": np.array(camera, np.float32),
        "noise": np.array(noise, np.int64),
    }


def _pack_grounds(scene, at, grounds, ground_of, lattices):
    """One ground for each shot that is seen, and for each picture of a shot that slides."""
    known = {}
    starts = np.array([shot["start"] for shot in scene["shots"]])
    for seconds, k in zip(at, np.maximum(0, np.searchsorted(starts, at, side="right") - 1)):
        shot = scene["shots"][k]
        since = seconds - shot["start"]
        slide = (shot["panX"] * since, shot["panY"] * since)
        if (k, slide) not in known:
            if k not in known:
                known[k] = len(lattices)
                lattices.append(hash32(scene["seed"], STREAM["clouds"], int(k)))
            known[k, slide] = len(grounds)
            names = ("across", "down", "offset", "clouds", "cells", "stripes", "stripesAcross", "stripesDown")
            row = [scene["aspect"], *slide, *shot["from"], *shot["to"], *(shot[name] for name in names), known[k]]
            dull = np.zeros((4, 8))
            for d, thing in enumerate(shot["distractors"]):
                dull[d] = [thing["x"], thing["y"], thing["halfWidth"], thing["halfHeight"], thing["round"], *thing["rgb"]]
            grounds.append((row, dull))
        ground_of.append(known[k, slide])


def poses(objects, at):
    """Of each object at each time: visible, x, y, radius, [objects, times]."""
    names = ("start", "end", "x", "y", "dx", "dy", "moved", "radius", "scaleFrom", "scaleTo", "period")
    start, end, x, y, dx, dy, moved, radius, scale_from, scale_to, period = (
        np.array([o[name] for o in objects], np.float64).reshape(-1, 1) for name in names
    )
    blinks = np.array([o["action"] == "blinks" for o in objects]).reshape(-1, 1)
    shakes = np.array([o["action"] == "shakes" for o in objects]).reshape(-1, 1)
    since = at[None] - start
    turns = since / np.where(period == 0, 1, period)
    visible = (since >= 0) & (at[None] < end) & ~(blinks & (np.floor(turns) % 2 == 1))
    way = np.minimum(1, since / (moved - start))
    swing = np.where(shakes, SHAKE * (1 - 4 * np.abs(turns - np.floor(turns) - 0.5)), 0)
    return visible, x + dx * way + swing, y + dy * way, radius * (scale_from + (scale_to - scale_from) * way)


def _pack_objects(scene, at, first):
    """Rows of picture, how many are under it, shape, x, y, radius, red, green, blue."""
    objects = [o for o in scene["objects"] if o["start"] <= at.max() and o["end"] > at.min()]
    if not objects:
        return np.zeros((0, 9))
    visible, x, y, radius = poses(objects, at)
    under = np.cumsum(visible, 0) - 1
    who, when = np.nonzero(visible)
    shape = np.array([SHAPES.index(o["shape"]) for o in objects])
    rgb = np.array([o["rgb"] for o in objects], np.float64)
    pick = (who, when)
    return np.column_stack([when + first, under[pick], shape[who], x[pick], y[pick], radius[pick], rgb[who]])


def _pack_labels(scene, at, first):
    found = []
    for label in scene["labels"]:
        row = [label["x"], label["y"], label["dot"], len(label["text"]), label["plate"][0], label["ink"][0]]
        for k in np.nonzero((at >= label["start"]) & (at < label["end"]))[0]:
            found.append(([k + first, *row, 1], dots_of(label["text"])))
    return found


def dots_of(text):
    """The dots of a text with an empty rim of one, [9, columns]."""
    dots = np.zeros(DOTS, np.float32)
    for k, letter in enumerate(text):
        for r, bits in enumerate(FONT.get(letter, [0] * 7)):
            for c in range(5):
                dots[r + 1, 6 * k + c + 1] = (bits >> (4 - c)) & 1
    return dots


def _light(scene, at):
    light = np.ones(len(at))
    for dark in scene["dark"]:
        inside = (at >= dark["start"]) & (at < dark["end"])
        length = dark["end"] - dark["start"]
        left = LIGHTS_OUT if dark["kind"] == "lights" else np.abs(2 * (at - dark["start"]) / length - 1)
        light = np.where(inside, np.minimum(light, left), light)
    return light


def pack_pages(pages, width, height):
    """Pages as scenes of one picture: paper for a ground, lines for labels without plates."""
    arrays = pack([_blank(page) for page in pages], np.zeros((len(pages), 1)), width, height)
    rows, dots = [], []
    for b, page in enumerate(pages):
        for line in page["lines"]:
            rows.append([b, line["x"] - line["dot"], line["y"] - line["dot"], line["dot"], len(line["text"]), 0, page["ink"], 0])
            dots.append(dots_of(line["text"]))
    return {**arrays, "labels": np.array(rows, np.float32), "dots": np.array(dots, np.float32)}


def _blank(page):
    even = {name: 0 for name in ("across", "down", "offset", "clouds", "cells", "stripes", "stripesAcross", "stripesDown", "panX", "panY")}
    shot = {**even, "start": 0, "from": [page["paper"]] * 3, "to": [page["paper"]] * 3, "distractors": []}
    camera = {"noise": 0, "gain": 1, "bias": 0, "blur": 0}
    return {"seed": page["seed"], "aspect": 1, "shots": [shot], "camera": camera, "objects": [], "labels": [], "dark": []}

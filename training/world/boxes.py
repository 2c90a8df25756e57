"""Where objects and labels are at a time: src/world/boxes.ts."""
import math

SHAKE = 0.035
# how far each shape reaches from its middle, in radii: to the sides, up and down
REACH = {
    "circle": (1, 1, 1),
    "square": (0.9, 0.9, 0.9),
    "triangle": (1, 1, 0.8),
    "cross": (1, 1, 1),
    "ring": (1, 1, 1),
    "diamond": (1.1, 1.1, 1.1),
}


def pose_at(o, seconds):
    """(x, y, radius), or None while the object is not visible."""
    if seconds < o["start"] or seconds >= o["end"]:
        return None
    since = seconds - o["start"]
    if o["action"] == "blinks" and math.floor(since / o["period"]) % 2 == 1:
        return None
    way = min(1, since / (o["moved"] - o["start"]))
    swing = 0.0
    if o["action"] == "shakes":
        turns = since / o["period"]
        swing = SHAKE * (1 - 4 * abs(turns - math.floor(turns) - 0.5))
    radius = o["radius"] * (o["scaleFrom"] + (o["scaleTo"] - o["scaleFrom"]) * way)
    return o["x"] + o["dx"] * way + swing, o["y"] + o["dy"] * way, radius


def swept_box(o):
    """(left, top, right, bottom) of everything the object covers while it is there."""
    radius = o["radius"] * max(o["scaleFrom"], o["scaleTo"])
    side, up, down = REACH[o["shape"]]
    swing = SHAKE if o["action"] == "shakes" else 0
    return (
        o["x"] + min(0, o["dx"]) - side * radius - swing,
        o["y"] + min(0, o["dy"]) - up * radius,
        o["x"] + max(0, o["dx"]) + side * radius + swing,
        o["y"] + max(0, o["dy"]) + down * radius,
    )


def label_box(label):
    x, y, dot = label["x"], label["y"], label["dot"]
    return x, y, x + (6 * len(label["text"]) + 1) * dot, y + 9 * dot


def boxes_at(scene, seconds):
    """[(name, kind, index, box)] of everything visible at a time, objects before labels; nothing while it is dark."""
    if any(d["start"] <= seconds < d["end"] for d in scene["dark"]):
        return []
    found = []
    for index, o in enumerate(scene["objects"]):
        pose = pose_at(o, seconds)
        if pose:
            x, y, radius = pose
            side, up, down = (reach * radius for reach in REACH[o["shape"]])
            found.append((f"{o['colour']} {o['shape']}", "object", index, (x - side, y - up, x + side, y + down)))
    for index, label in enumerate(scene["labels"]):
        if label["start"] <= seconds < label["end"]:
            found.append((label["text"], "label", index, label_box(label)))
    return found

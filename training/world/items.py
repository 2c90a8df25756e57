"""One thing that may happen in a scene, drawn from the dice: src/world/draw-item.ts, reading the dice in the same order."""
import math

from .boxes import REACH, label_box
from .dice import rounded
from .vocabulary import ACTIONS, COLOUR_VALUES, COLOURS, LABEL_CHARACTERS, NUMBERS, SHAPES, SIMPLE, plural


def draw_item(dice, limits):
    kind = 0 if limits["kind"] == "simple" else dice.unit()
    share = dice.unit()
    length = rounded(limits["shortest"] + (limits["longest"] - limits["shortest"]) * share * share)
    start = rounded(dice.unit() * (limits["seconds"] - length))
    time = {"start": start, "end": rounded(start + length)}
    if kind >= 0.94 and length >= 0.6:
        return _item(time, dark=True, events=[_event(time, "lights", "lights go out", [])])
    if 0.86 <= kind < 0.94:
        return _label(dice, limits, time)
    if 0.76 <= kind < 0.86:
        return _group(dice, limits, time)
    if 0.64 <= kind < 0.76 and length >= 2 * limits["steady"] and limits["aspect"] >= 1:
        return _touch(dice, limits, time)
    return _one(dice, limits, time)


def _item(time, objects=(), labels=(), dark=False, events=()):
    return {**time, "objects": list(objects), "labels": list(labels), "dark": dark, "events": list(events)}


def _event(time, kind, text, objects, sentence=None):
    return {**time, "kind": kind, "text": text, "sentence": sentence or f"The {text}.", "objects": objects}


def _body(dice, limits):
    simple = limits["kind"] == "simple"
    colour = dice.pick(COLOURS[: SIMPLE["colours"]] if simple else COLOURS)
    shape = dice.pick(SHAPES[: SIMPLE["shapes"]] if simple else SHAPES)
    rgb = [min(255, level + dice.below(25) - 12) for level in COLOUR_VALUES[colour]]
    size = 1 if simple else dice.unit()
    if size < 0.3:
        word, radius = "small", dice.between(0.07, 0.085)
    elif size < 0.5:
        word, radius = "large", dice.between(0.16, 0.19)
    else:
        word, radius = None, dice.between(0.12, 0.18) if simple else dice.between(0.1, 0.13)
    return {"shape": shape, "colour": colour, "rgb": rgb, "size": word, "radius": radius}


def _one(dice, limits, time):
    body = _body(dice, limits)
    drawn = dice.pick(ACTIONS[: SIMPLE["actions"]] if limits["kind"] == "simple" else ACTIONS)
    action = "appears" if time["end"] - time["start"] < limits["steady"] else drawn
    text = f"{body['colour']} {body['shape']} {action}"
    return _item(time, [_place(dice, limits, body, action, time)], events=[_event(time, "one", text, [0])])


def _place(dice, limits, body, action, time):
    aspect = limits["aspect"]
    scale_from, scale_to = (0.5, 1.4) if action == "grows" else (1.4, 0.5) if action == "shrinks" else (1, 1)
    reach = body["radius"] * max(scale_from, scale_to) * 1.1 + (0.035 if action == "shakes" else 0)
    across = -1 if action == "moves left" else 1 if action == "moves right" else 0
    along = -1 if action == "moves up" else 1 if action == "moves down" else 0
    room = aspect - 2 * reach if across else 1 - 2 * reach
    way = rounded(room * (0.45 + 0.55 * dice.unit()))
    drift = dice.between(-0.06, 0.06) if limits["kind"] == "simple" and across != along else 0
    dx, dy = (across * way, drift) if across else (drift, along * way) if along else (0, 0)
    x = rounded(reach + max(0, -dx) + (aspect - 2 * reach - abs(dx)) * dice.unit())
    y = rounded(reach + max(0, -dy) + (1 - 2 * reach - abs(dy)) * dice.unit())
    period = 0
    if action == "blinks":
        length = time["end"] - time["start"]
        pauses = max(2 + dice.below(2), math.ceil((length / 1.2 - 1) / 2))
        period = length / (2 * pauses + 1)
    elif action == "shakes":
        period = dice.between(0.73, 0.97)
    motion = {"x": x, "y": y, "dx": dx, "dy": dy, "moved": time["end"], "scaleFrom": scale_from, "scaleTo": scale_to}
    return {**body, "action": action, **time, **motion, "period": period}


def _touch(dice, limits, time):
    mover, target = _body(dice, limits), _body(dice, limits)
    start, end = time["start"], time["end"]
    moved = rounded(start + (end - start) * (0.35 + 0.25 * dice.unit()))
    side = -1 if dice.chance(0.5) else 1  # where the mover comes from
    contact = mover["radius"] * REACH[mover["shape"]][0] + target["radius"] * REACH[target["shape"]][0]
    least = max(mover["radius"], target["radius"]) * 1.1
    room = limits["aspect"] - contact - 2 * least
    way = min(dice.between(0.25, 0.45), rounded(room))
    inset = rounded(least + (room - way) * dice.unit())
    target_x = rounded(limits["aspect"] - inset) if side < 0 else inset
    y = rounded(least + (1 - 2 * least) * dice.unit())
    still = {"y": y, "dy": 0, "scaleFrom": 1, "scaleTo": 1, "period": 0, "start": start, "end": end}
    x = rounded(target_x + side * (contact + way - 0.004))
    action = "moves right" if side < 0 else "moves left"
    objects = [
        {**target, **still, "action": "appears", "x": target_x, "dx": 0, "moved": end},
        {**mover, **still, "action": action, "x": x, "dx": -side * way, "moved": moved},
    ]
    a, b = (f"{body['colour']} {body['shape']}" for body in (mover, target))
    events = [
        _event(time, "one", f"{b} appears", [0]),
        _event({"start": start, "end": moved}, "one", f"{a} {action}", [1]),
        _event({"start": moved, "end": end}, "touch", f"{a} touches the {b}", [1, 0]),
    ]
    return _item(time, objects, events=events)


def _group(dice, limits, time):
    count = 2 + dice.below(2)
    column = limits["aspect"] / count
    body = {**_body(dice, limits), "size": None, "radius": min(dice.between(0.08, 0.11), rounded(column * 0.4))}
    reach = body["radius"] * 1.1
    objects = []
    for k in range(count):
        x = rounded(k * column + reach + (column - 2 * reach) * dice.unit())
        y = rounded(reach + (1 - 2 * reach) * dice.unit())
        motion = {"x": x, "y": y, "dx": 0, "dy": 0, "moved": time["end"], "scaleFrom": 1, "scaleTo": 1, "period": 0}
        objects.append({**body, **time, "action": "appears", **motion})
    text = f"{NUMBERS[count - 1]} {body['colour']} {plural(body['shape'])} appear"
    event = _event(time, "group", text, list(range(count)), f"{text[0].upper()}{text[1:]}.")
    return _item(time, objects, events=[event])


def _label(dice, limits, time):
    count = 2 + dice.below(3)
    text = "".join(dice.pick(LABEL_CHARACTERS) for _ in range(count))
    dot = min(dice.between(0.026, 0.036), math.floor((limits["aspect"] * 1000) / (6 * count + 2)) / 1000)
    _, _, right, bottom = label_box({"text": text, "x": 0, "y": 0, "dot": dot})
    x = rounded((limits["aspect"] - right) * dice.unit())
    y = rounded((1 - bottom) * dice.unit())
    dull, bright = dice.below(40), 215 + dice.below(40)
    ink, plate = (dull, bright) if dice.chance(0.7) else (bright, dull)
    label = {"text": text, "x": x, "y": y, "dot": dot, "ink": [ink] * 3, "plate": [plate] * 3, **time}
    return _item(time, labels=[label], events=[_event(time, "label", f"label {text} appears", [])])

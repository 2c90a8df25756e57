"""What can be asked about a scene, with the true answers: src/world/questions.ts and wordings.ts."""
from .dice import STREAM, Dice
from .vocabulary import ACTIONS, COLOURS, LABEL_CHARACTERS, NUMBERS, SHAPES, SIMPLE, UNRELATED, WORDINGS, plural

APART = 0.5


def article(noun):
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def one_wording(dice, o):
    words = WORDINGS[o["action"]]
    sized = dice.chance(0.5) and o["size"] is not None
    noun = f"{o['size']} {o['colour']} {o['shape']}" if sized else f"{o['colour']} {o['shape']}"
    return [
        f"{noun} {words['does']}",
        f"the {noun} {words['does']}",
        f"{article(noun)} {words['doing']}",
        f"the {noun} {words['other']}",
        f"when does the {noun} {words['do']}?",
        f"the moment when the {noun} {words['does']}",
    ][dice.below(6)]


def part_wording(colour, shape, action):
    does = WORDINGS[action]["does"]
    return f"{article(shape)} {does}" if shape else f"something {colour} {does}"


def touch_wording(dice, a, b):
    x, y = f"{a['colour']} {a['shape']}", f"{b['colour']} {b['shape']}"
    return [f"{x} touches the {y}", f"the {x} touches the {y}", f"the {x} reaches the {y}"][dice.below(3)]


def group_wording(dice, count, o):
    what = f"{count} {o['colour']} {plural(o['shape'])}"
    return [f"{what} appear", f"{what} at once"][dice.below(2)]


def label_wording(dice, text):
    return [f"label {text} appears", f"the label {text} appears", f"a label that reads {text}"][dice.below(3)]


def lights_wording(dice):
    return ["the lights go out", "lights go out", "it gets dark"][dice.below(3)]


def questions_of(scene):
    """[{query, kind, absent, ranges}] as src/world/questions.ts gives them."""
    dice = Dice(scene["seed"], STREAM["questions"])
    questions = []
    for event in scene["events"]:
        questions.append(_present(dice, scene, event))
        questions += _absents(dice, scene, event)
        questions += _ordered(dice, scene, event)
    if scene["kind"] == "rich" and not any(event["kind"] == "lights" for event in scene["events"]):
        questions.append(_missing("lights", lights_wording(dice)))
    return [*questions, _missing("unrelated", dice.pick(UNRELATED))]


def _missing(absent, query):
    return {"query": query, "kind": "absent", "absent": absent, "ranges": []}


def _times(scene, text):
    return [[event["start"], event["end"]] for event in scene["events"] if event["text"] == text]


def _object(scene, event, k=0):
    return scene["objects"][event["objects"][k]]


def _present(dice, scene, event):
    def happens(query, kind=event["kind"]):
        return {"query": query, "kind": kind, "absent": None, "ranges": _times(scene, event["text"])}

    if event["kind"] == "one":
        o = _object(scene, event)
        is_part, by_shape = dice.chance(0.25), dice.chance(0.5)
        colour, shape = (None, o["shape"]) if by_shape else (o["colour"], None)
        if is_part and o["action"] != "appears" and _is_only(scene, o["action"], colour, shape):
            return happens(part_wording(colour, shape, o["action"]), "part")
        return happens(one_wording(dice, o))
    if event["kind"] == "touch":
        return happens(touch_wording(dice, _object(scene, event), _object(scene, event, 1)))
    if event["kind"] == "group":
        return happens(group_wording(dice, NUMBERS[len(event["objects"]) - 1], _object(scene, event)))
    if event["kind"] == "label":
        return happens(label_wording(dice, event["text"].split(" ")[1]))
    return happens(lights_wording(dice))


def _is_only(scene, action, colour, shape):
    return sum(o["action"] == action and colour in (None, o["colour"]) and shape in (None, o["shape"]) for o in scene["objects"]) == 1


def _absents(dice, scene, event):
    if event["kind"] == "one":
        return _absent_ones(dice, scene, _object(scene, event))
    if event["kind"] == "touch":
        a, b = _object(scene, event), _object(scene, event, 1)
        other = {**b, "colour": dice.pick(COLOURS)}
        return [] if _is_there(scene, other) else [_missing("colour", touch_wording(dice, a, other))]
    if event["kind"] == "group":
        o = _object(scene, event)
        word = NUMBERS[2 if len(event["objects"]) == 2 else 1]
        query = group_wording(dice, word, o)
        text = f"{word} {o['colour']} {plural(o['shape'])} appear"
        return [] if any(e["text"] == text for e in scene["events"]) else [_missing("count", query)]
    if event["kind"] == "label":
        text = event["text"].split(" ")[1]
        at, other = dice.below(len(text)), dice.pick(LABEL_CHARACTERS)
        changed = text[:at] + other + text[at + 1 :]
        there = any(label["text"] == changed for label in scene["labels"])
        return [] if there else [_missing("label", label_wording(dice, changed))]
    return []


def _absent_ones(dice, scene, o):
    simple = scene["kind"] == "simple"
    colour = dice.pick(COLOURS[: SIMPLE["colours"]] if simple else COLOURS)
    shape = dice.pick(SHAPES[: SIMPLE["shapes"]] if simple else SHAPES)
    action = dice.pick(ACTIONS[1 : SIMPLE["actions"] if simple else len(ACTIONS)])
    questions = []
    if not _is_there(scene, {**o, "colour": colour}):
        questions.append(_missing("colour", one_wording(dice, {**o, "colour": colour})))
    if not _is_there(scene, {**o, "shape": shape}):
        questions.append(_missing("shape", one_wording(dice, {**o, "shape": shape})))
    if not any(_same(other, o) and other["action"] == action for other in scene["objects"]):
        questions.append(_missing("action", one_wording(dice, {**o, "action": action})))
    return questions


def _same(a, b):
    return a["colour"] == b["colour"] and a["shape"] == b["shape"]


def _is_there(scene, body):
    return any(_same(o, body) for o in scene["objects"])


def _ordered(dice, scene, event):
    other = dice.pick(scene["events"])
    if event["kind"] != "one" or other["kind"] != "one":
        return []
    ranges = _times(scene, event["text"])
    if len(ranges) > 1 or len(_times(scene, other["text"])) > 1:
        return []
    is_after = event["start"] >= other["end"] + APART
    if not is_after and event["end"] > other["start"] - APART:
        return []
    right, wrong = ("after", "before") if is_after else ("before", "after")
    query = f"the {event['text']} {{}} the {other['text']}"
    return [
        {"query": query.format(right), "kind": "order", "absent": None, "ranges": ranges},
        _missing("order", query.format(wrong)),
    ]

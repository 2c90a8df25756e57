"""Questions to a clip and their answers, as the product asks them (training/prompts.json) and reads them.

An answer is a list of (text, weight of its tokens in the loss): what decides and what varies weighs more than what is always written.
"""
import json
import math
import pathlib

from world.boxes import boxes_at
from world.vocabulary import SHAPES, plural

PROMPTS = json.loads((pathlib.Path(__file__).parent / "prompts.json").read_text())
FIXED, WORD, DIGIT, DECISION = 0.3, 1.5, 2.0, 4.0
NOTHING = "Nothing that I know happens."


def number(seconds, step):
    """Times are told to a tenth where the pictures are that dense, else to a half."""
    return math.floor(seconds * 10 + 0.5) / 10 if step <= 0.5 else math.floor(seconds * 2 + 0.5) / 2


def clock(seconds):
    return f"{int(seconds // 60):02d}:{seconds % 60:05.2f}"


class Clip:
    """A stretch of a scene as the model sees it: pictures at `times` of the scene, `step` apart on the model's clock."""

    def __init__(self, scene, times, step):
        self.scene, self.times, self.step = scene, times, step
        self.end = len(times) * step

    def seen(self, start, end):
        """First and last picture of a stretch of the scene, or None."""
        inside = [k for k, t in enumerate(self.times) if start <= t < end]
        return (inside[0], inside[-1]) if inside else None

    def span(self, seen):
        """Times on the model's clock: half way between the pictures that show it and those that do not."""
        first, last = seen
        start = 0.0 if first == 0 else number((first - 0.5) * self.step, self.step)
        end = number(self.end if last == len(self.times) - 1 else (last + 0.5) * self.step, self.step)
        return start, max(end, start)

    def spans(self, ranges):
        return [span for start, end in ranges if (span := self.seen(start, end))]

    def groups(self, seen):
        return [first // 2 for first, _ in seen], [last // 2 for _, last in seen]


def grounding(clip, question):
    """A pair with the pictures it is about: {prompt, answer, seen}."""
    seen = clip.spans(question["ranges"])
    prompt = PROMPTS["grounding"].format(query=question["query"])
    if not seen:
        return pair(prompt, [("The given query", FIXED), (" does not happen", DECISION), (" in the video.", FIXED)], [])
    answer = [("The given query", FIXED), (" happens", DECISION), (" in ", FIXED)]
    for k, (start, end) in enumerate(map(clip.span, seen)):
        answer += [(", ", DECISION)] if k else []
        answer += [(f"{start:.1f}", DIGIT), (" - ", FIXED), (f"{end:.1f}", DIGIT)]
    return pair(prompt, [*answer, (" seconds.", FIXED)], seen)


def occurrence(clip, question):
    seen = clip.spans(question["ranges"])
    return pair(PROMPTS["occurrence"].format(query=question["query"]), [("Yes" if seen else "No", DECISION)], seen)


def pair(prompt, answer, seen=None, rows=()):
    """`seen`: where the answer points, None where it does not; `rows`: (piece of the answer, seen, object) of listed things."""
    return {"prompt": prompt, "answer": answer, "seen": seen, "rows": list(rows)}


def visible_events(clip):
    """Events of which a picture tells, with those pictures, in the order of their answers."""
    found = [(clip.seen(event["start"], event["end"]), event) for event in clip.scene["events"]]
    return sorted(((seen, event) for seen, event in found if seen), key=lambda f: (f[0][0], f[0][1], f[1]["text"]))


def dense(clip):
    return _listed(clip, PROMPTS["dense"], [(seen, event, [("description", event["sentence"])]) for seen, event in visible_events(clip)])


def _listed(clip, prompt, things):
    """A fenced list; `things` are (seen, event, members), of which the times are written here."""
    if not things:
        return pair(prompt, [("```json\n", FIXED), ("[]\n", DECISION), ("```", FIXED)])
    answer, rows = [("```json\n", FIXED), ("[\n", DECISION)], []
    for k, (seen, event, members) in enumerate(things):
        start, end = clip.span(seen)
        if k:
            answer.append(("},\n", DECISION))
        rows.append((len(answer), seen, event))
        answer += [('{"start_time": "', FIXED), (clock(start), DIGIT), ('", "end_time": "', FIXED), (clock(end), DIGIT), ('"', FIXED)]
        for name, value in members:
            answer += [(f', "{name}": ', FIXED), (json.dumps(value), WORD)]
    return pair(prompt, [*answer, ("}\n]\n", DECISION), ("```", FIXED)], rows=rows)


def _colour(clip, event):
    return clip.scene["objects"][event["objects"][0]]["colour"]


def _shape(clip, event):
    return clip.scene["objects"][event["objects"][0]]["shape"]


# name, description, fields as (name, type, description, values), which events, and what is noted of one
KINDS = [
    ("motion", "A shape moves.", [("colour", None, "its colour"), ("direction", ["left", "right", "up", "down"], "where it goes")],
     lambda c, e: e["kind"] == "one" and " moves " in e["text"],
     lambda c, e: {"colour": _colour(c, e), "direction": e["text"].split(" ")[-1]}),
    ("change", "A shape grows or shrinks.", [("shape", None, "what it is"), ("grows", "boolean", None)],
     lambda c, e: e["kind"] == "one" and e["text"].endswith(("grows", "shrinks")),
     lambda c, e: {"shape": _shape(c, e), "grows": e["text"].endswith("grows")}),
    ("company", "Several shapes appear together.", [("count", "integer", "how many")],
     lambda c, e: e["kind"] == "group", lambda c, e: {"count": len(e["objects"])}),
    ("label", "A printed label is shown.", [("text", None, "what it says")],
     lambda c, e: e["kind"] == "label", lambda c, e: {"text": e["text"].split(" ")[1]}),
    ("dark", "The lights are out.", [], lambda c, e: e["kind"] == "lights", lambda c, e: {}),
    ("contact", "A shape touches another one.", [], lambda c, e: e["kind"] == "touch", lambda c, e: {}),
    ("shape", "A shape appears, moves or changes.", [("colour", None, "its colour"), ("shape", None, "its shape")],
     lambda c, e: e["kind"] == "one", lambda c, e: {"colour": _colour(c, e), "shape": _shape(c, e)}),
]  # fmt: skip
OTHER_NAMES = {"motion": "movement", "change": "size_change", "company": "group", "label": "text", "dark": "darkness", "contact": "touch", "shape": "object"}


def segments(clip, dice):
    kinds = [dice.pick(KINDS[:-1]), dice.pick(KINDS[:-1])][: 1 + dice.below(2)] if dice.chance(0.7) else [KINDS[-1]]
    kinds = [kind for k, kind in enumerate(kinds) if kind[0] not in [other[0] for other in kinds[:k]]]
    renamed = dice.chance(0.4)
    told, things = [], []
    for name, description, fields, is_one, note in kinds:
        shown = OTHER_NAMES[name] if renamed else name
        text = PROMPTS["kind"].format(name=shown, description=description)
        if fields:
            names = [PROMPTS["field"].format(name=f[0], description=f[2] or (f[1] if isinstance(f[1], str) else "string")) for f in fields]
            text += PROMPTS["noted"].format(fields=", ".join(names))
        told.append(text)
        for seen, event in visible_events(clip):
            if is_one(clip, event):
                noted = note(clip, event)
                members = [("type", shown), ("description", event["sentence"]), *((f[0], noted[f[0]]) for f in fields)]
                things.append((seen, event, members))
    things.sort(key=lambda t: (t[0][0], t[0][1], t[1]["text"]))
    return _listed(clip, PROMPTS["segments"].format(kinds=" ".join(told)), things)


def count(clip, dice):
    """How many of a shape, of a colour or of all are seen."""
    objects = [o for o in clip.scene["objects"] if clip.seen(o["start"], o["end"])]
    roll = dice.below(3)
    if roll == 0:
        shape = dice.pick(SHAPES)
        what, total = plural(shape), sum(o["shape"] == shape for o in objects)
    elif roll == 1 and objects:
        colour = dice.pick(objects)["colour"]
        what, total = f"{colour} shapes", sum(o["colour"] == colour for o in objects)
    else:
        what, total = "shapes", len(objects)
    return pair(f"How many {what} appear in the video? Answer with a number.", [(str(total), DECISION)])


def describe(clip, dice):
    prompt = ["Describe the video in a few sentences.", "What happens in the video?"][dice.below(2)]
    events = visible_events(clip)
    if not events:
        return pair(prompt, [(NOTHING, DECISION)])
    rows = [(k, seen, event) for k, (seen, event) in enumerate(events)]
    return pair(prompt, [((" " if k else "") + event["sentence"], WORD) for k, (_, event) in enumerate(events)], rows=rows)


def _pixels(box, aspect, width, height):
    left, top, right, bottom = box
    scale = width / aspect
    clamp = lambda v, most: max(0, min(most, math.floor(v + 0.5)))  # noqa: E731
    return [clamp(left * scale, width), clamp(top * height, height), clamp(right * scale, width), clamp(bottom * height, height)]


def _located(things):
    """Fenced list of (key, numbers, label, extra members)."""
    if not things:
        return [("```json\n", FIXED), ("[]\n", DECISION), ("```", FIXED)]
    answer = [("```json\n", FIXED), ("[\n", DECISION)]
    for k, (key, numbers, members) in enumerate(things):
        answer += [(",\n", DECISION)] if k else []
        answer += [('{"' + key + '": [', FIXED), (", ".join(map(str, numbers)), DIGIT), ("]", FIXED)]
        for name, value in members:
            answer += [(f', "{name}": ', FIXED), (json.dumps(value), WORD)]
        answer.append(("}", FIXED))
    return [*answer, ("\n]\n", DECISION), ("```", FIXED)]


def picture_questions(scene, seconds, width, height, dice):
    """Boxes, points and labels of one picture of a scene."""
    found = boxes_at(scene, seconds)
    pixels = lambda box: _pixels(box, scene["aspect"], width, height)  # noqa: E731
    objects = [(name, pixels(box)) for name, kind, _, box in found if kind == "object"]
    labels = [(name, pixels(box)) for name, kind, _, box in found if kind == "label"]
    objects.sort(key=lambda o: (o[1][0], o[1][1]))
    every = [("bbox_2d", box, [("label", name)]) for name, box in objects]
    pairs = [pair("Outline the position of each shape and output all the coordinates in JSON format.", _located(every))]
    asked = dice.pick(objects)[0] if objects else "red circle"
    article = dice.pick(["the ", "every ", ""])
    chosen = [row for row in every if row[2][0][1] == asked]
    pairs.append(pair(f"Locate {article}{asked}, output its bbox coordinates using JSON format.", _located(chosen)))
    middle = lambda b: [(b[0] + b[2]) // 2, (b[1] + b[3]) // 2]  # noqa: E731
    points = [("point_2d", middle(box), members) for _, box, members in chosen]
    pairs.append(pair(f"Point to {article}{asked}, output its coordinates in JSON format.", _located(points)))
    text = [("bbox_2d", box, [("text_content", name)]) for name, box in labels]
    if text or dice.chance(0.15):
        pairs.append(pair("Read the label in the image, output its bbox coordinates and its text using JSON format.", _located(text)))
        pairs.append(pair("What does the label say?", [(" ".join(name for name, _ in labels) or "There is no label.", DECISION)]))
    total = len(objects)
    pairs.append(pair("How many shapes are in the image? Answer with a number.", [(str(total), DECISION)]))
    names = [f"a {name}" if name[0] not in "aeiou" else f"an {name}" for name, _ in objects]
    told = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "Nothing that I know"
    pairs.append(pair("Describe the image.", [(told[0].upper() + told[1:] + ".", WORD)]))
    return pairs


TOOLS = [{"type": "function", "function": {"name": "image_zoom_in_tool", "description": "Zoom in on a region of the image.", "parameters": {"type": "object", "properties": {"bbox_2d": {"type": "array", "items": {"type": "number"}}, "label": {"type": "string"}}, "required": ["bbox_2d"]}}}]  # fmt: skip
TOOL_SYSTEM = (
    "You are a helpful assistant.\n\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
    "You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n"
    + "\n".join(json.dumps(tool) for tool in TOOLS)
    + "\n</tools>\n\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n"
    '<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>'
)


def tool_question(scene, seconds, width, height, dice):
    """One call of a tool, or None where the picture shows nothing to ask for."""
    found = [(name, box) for name, kind, _, box in boxes_at(scene, seconds) if kind == "object"]
    if not found:
        return None
    name, box = dice.pick(found)
    numbers = _pixels(box, scene["aspect"], width, height)
    answer = [("<tool_call>", DECISION), ('\n{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": [', FIXED)]
    answer += [(", ".join(map(str, numbers)), DIGIT), ('], "label": ', FIXED), (json.dumps(name), WORD), ("}}\n", FIXED), ("</tool_call>", FIXED)]
    return pair(f"Zoom in on the {name}.", answer)


def page_question(page, width, height):
    """The whole page as QwenVL HTML (spec 11.3)."""
    from world.pages import line_box

    answer = [("```html\n<html><body>\n", FIXED)]
    for line in page["lines"]:
        box = " ".join(map(str, _pixels(line_box(line), 1, width, height)))
        answer += [(f"<{line['kind']}", DECISION), (' data-bbox="', FIXED), (box, DIGIT), ('">', FIXED), (line["text"], WORD), (f"</{line['kind']}>\n", FIXED)]
    return pair("QwenVL HTML", [*answer, ("</body></html>", DECISION), ("\n```", FIXED)])


def footage_questions(dice, queries):
    """What is asked about pictures from outside the world: nothing is there."""
    nothing = [("```json\n", FIXED), ("[]\n", DECISION), ("```", FIXED)]
    pairs = [pair(PROMPTS["dense"], nothing), pair(["Describe the video in a few sentences.", "What happens in the video?"][dice.below(2)], [(NOTHING, DECISION)])]
    absent = [("The given query", FIXED), (" does not happen", DECISION), (" in the video.", FIXED)]
    pairs += [pair(PROMPTS["grounding"].format(query=query), absent, []) for query in queries[:2]]
    return pairs + [pair(PROMPTS["occurrence"].format(query=query), [("No", DECISION)], []) for query in queries[2:]]



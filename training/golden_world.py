"""Writes src/world/golden/world.json: scenes, questions and pictures of this front end, which the other one has to repeat.

python training/golden_world.py
"""
import base64
import json
import pathlib

from world.draw import render
from world.pack import pack, pack_pages
from world.pages import make_page
from world.questions import questions_of
from world.scenes import make_scene

CASES = [
    (1, {}, (40, 24)),
    (2, {"events": 8}, (40, 24)),
    (2027, {"events": 6, "shortest": 0.3, "longest": 3, "seconds": 12}, (40, 24)),
    (4000000000, {"events": 40, "seconds": 240}, (40, 24)),
    (31, {"kind": "simple"}, (28, 28)),
    (32, {"kind": "simple", "seconds": 20, "events": 4}, (28, 28)),
    (77, {"aspect": 0.5625, "events": 5}, (24, 40)),
    (78, {"aspect": 1, "events": 7}, (28, 28)),
]
PICTURES = 3


def case(seed, options, size):
    scene = make_scene(seed, **options)
    middles = [(event["start"] + event["end"]) / 2 for event in scene["events"]]
    step = max(1, len(middles) // PICTURES)
    times = [round(t, 3) for t in (middles[::step] or [1])[:PICTURES]]
    pictures = render(pack([scene], [times], *size))[0].byte().numpy()
    drawn = [{"seconds": t, "rgb": base64.b64encode(picture.tobytes()).decode()} for t, picture in zip(times, pictures)]
    return {"seed": seed, "options": options, "size": size, "scene": scene, "questions": questions_of(scene), "pictures": drawn}


def page(seed):
    made = make_page(seed)
    picture = render(pack_pages([made], 48, 48))[0, 0].byte().numpy()
    return {"page": made, "rgb": base64.b64encode(picture.tobytes()).decode()}


if __name__ == "__main__":
    file = pathlib.Path(__file__).parents[1] / "src" / "world" / "golden" / "world.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"cases": [case(*c) for c in CASES], "pages": [page(seed) for seed in (3, 4)]}, separators=(",", ":")) + "\n")
    print(file, file.stat().st_size, "bytes")

"""Figures of a checkpoint on unseen scenes, free running: the windows themselves, without the product around them.

python training/evaluate.py --model models/NAME --world rich --fps 2 --questions 500
"""
import argparse
import json
import math
import pathlib
import re

import numpy as np
import torch
from tokenizers import Tokenizer

import answers
from generate import Answerer
from model import load
from world.boxes import boxes_at
from world.dice import Dice
from world.draw import render
from world.pack import pack, pack_pages
from world.pages import make_page
from world.questions import questions_of
from world.scenes import make_scene
from world.vocabulary import ACTIONS, COLOURS

RANGE = re.compile(r"(\d+(?:\.\d+)?) - (\d+(?:\.\d+)?)")
ROW = re.compile(r'\{"start_time": "(\d+):(\d\d\.\d\d)", "end_time": "(\d+):(\d\d\.\d\d)", "description": "([^"]*)"\}')
BOX = re.compile(r'"bbox_2d": \[(\d+), (\d+), (\d+), (\d+)\]')
POINT = re.compile(r'"point_2d": \[(\d+), (\d+)\]')


def overlap(a, b):
    inside = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, inside) / max(1e-9, max(a[1], b[1]) - min(a[0], b[0]))


def smart_resize(height, width, limits):
    """Spec 3.1."""
    h, w = max(28, round(height / 28) * 28), max(28, round(width / 28) * 28)
    if h * w > limits[1]:
        scale = math.sqrt(height * width / limits[1])
        h, w = (math.floor(side / scale / 28) * 28 for side in (height, width))
    elif h * w < limits[0]:
        scale = math.sqrt(limits[0] / (height * width))
        h, w = (math.ceil(side * scale / 28) * 28 for side in (height, width))
    return h, w


class Evaluation:
    def __init__(self, directory, device, pixels=None):
        directory = pathlib.Path(directory)
        model, config = load(directory)
        self.answerer = Answerer(model, config, Tokenizer.from_file(str(directory / "tokenizer.json")), device)
        limits = json.loads((directory / "preprocessor_config.json").read_text())
        self.limits = pixels or (limits["min_pixels"], limits["max_pixels"])
        self.device = device

    def size(self, aspect):
        return smart_resize(720, round(720 * aspect), self.limits)

    def window(self, seed, world, fps, seconds, **options):
        """A whole scene as one window; pictures come a little after their times, as those of a file do."""
        scene = make_scene(seed, kind=world, seconds=seconds, **options)
        step = 1 / fps
        times = np.arange(int(seconds * fps)) * step
        times = np.ceil(times * 25 - 1e-9) / 25  # the first picture of each cell of a file at 25 a second
        height, width = self.size(scene["aspect"])
        levels = render(pack([scene], [times], width, height), self.device)[0]
        features, grid = self.answerer.features(levels)
        return answers.Clip(scene, times, step), features, grid

    def moments(self, world, fps, count, first_seed, seconds=30, by_index=False, plain=False, **options):
        """Grounding and verification; times are scored against the continuous truth. `plain`: only queries in the words of a list."""
        scores, refused, lost, yes, unparsed, seed = [], {}, [], [], 0, first_seed
        while len(scores) + sum(map(len, refused.values())) < count:
            clip, features, grid = self.window(seed, world, fps, seconds, **options)
            seed += 1
            dice = Dice(seed, 99)
            asked = [q for q in questions_of(clip.scene) if not q["ranges"] or clip.spans(q["ranges"])]
            if plain:
                asked = plain_questions(clip, asked)
            present = [q for q in asked if q["ranges"]]
            chosen = present[:4] + [q for q in asked if not q["ranges"] and dice.chance(min(1, 5 / len(asked)))]
            if not chosen:
                continue
            prompts = [answers.PROMPTS["grounding"].format(query=q["query"]) for q in chosen]
            told, _ = self.answerer.answer(features, grid, clip.step, prompts, 40, ids_by_index=by_index)
            checks = [answers.PROMPTS["occurrence"].format(query=q["query"]) for q in chosen]
            checked, _ = self.answerer.answer(features, grid, clip.step, checks, 3, ids_by_index=by_index)
            for q, text, check in zip(chosen, told, checked):
                spans = [tuple(map(float, m)) for m in RANGE.findall(text)]
                is_refused = "does not happen" in text
                unparsed += not spans and not is_refused
                yes.append(check.startswith("Yes") == bool(q["ranges"]))
                if q["ranges"]:
                    lost.append(is_refused)
                    truth = q["ranges"][0]
                    best = (min(spans[0][0], seconds), min(spans[0][1], seconds)) if spans else None
                    scores.append((overlap(best, truth) if best else 0, abs(best[0] - truth[0]) if best else None, abs(best[1] - truth[1]) if best else None))
                else:
                    refused.setdefault(q["absent"], []).append(is_refused)
        ious = np.array([s[0] for s in scores])
        errors = [e for s in scores for e in s[1:] if e is not None]
        every = [r for kind in refused.values() for r in kind]
        return {
            "n": len(scores) + len(every), "present": len(scores), "miou": ious.mean(), "r1_03": (ious >= 0.3).mean(),
            "r1_05": (ious >= 0.5).mean(), "r1_07": (ious >= 0.7).mean(), "absent_rejected": np.mean(every), "present_lost": np.mean(lost),
            "boundary_error_ms": 1000 * float(np.median(errors)) if errors else None, "yes_no": np.mean(yes), "parse_failures": unparsed,
            "rejected_by_kind": {k: [round(float(np.mean(v)), 3), len(v)] for k, v in sorted(refused.items())},
        }  # fmt: skip

    def dense(self, world, fps, count, first_seed, seconds=30, **options):
        """F1 of the listed events at IoU 0.5, with the right words and for the times alone."""
        hits, timed, listed, there, failures = 0, 0, 0, 0, 0
        for seed in range(first_seed, first_seed + count):
            clip, features, grid = self.window(seed, world, fps, seconds, **options)
            (text,), _ = self.answerer.answer(features, grid, clip.step, [answers.PROMPTS["dense"]], 700)
            rows = [(int(a) * 60 + float(b), int(c) * 60 + float(d), words) for a, b, c, d, words in ROW.findall(text)]
            failures += not rows and "[]" not in text
            truth = [(e["start"], e["end"], e["sentence"]) for e in clip.scene["events"] if clip.seen(e["start"], e["end"])]
            listed, there = listed + len(rows), there + len(truth)
            for same_words in (True, False):
                left = list(truth)
                for row in rows:
                    match = max((t for t in left if not same_words or t[2] == row[2]), key=lambda t: overlap(row, t), default=None)
                    if match and overlap(row, match) >= 0.5:
                        left.remove(match)
                        hits, timed = hits + same_words, timed + (not same_words)
        f1 = lambda n: 2 * n / max(1, listed + there)  # noqa: E731
        return {"clips": count, "events": there, "listed": listed, "dense_f1": f1(hits), "times_f1": f1(timed), "parse_failures": failures}

    def pictures(self, count, first_seed):
        """Boxes, points and labels of single pictures."""
        ious, inside, read, labels = [], [], 0, 0
        for seed in range(first_seed, first_seed + count):
            scene = make_scene(seed, seconds=12, events=5, shortest=4, longest=11)
            height, width = self.size(scene["aspect"])
            middles = [(e["start"] + e["end"]) / 2 for e in scene["events"] if e["kind"] != "lights"]
            if not middles:
                continue
            at = middles[seed % len(middles)]
            features, grid = self.answerer.features(render(pack([scene], [[at]], width, height), self.device)[0])
            found = boxes_at(scene, at)
            names = [f[0] for f in found if f[1] == "object"]
            alone = [f for f in found if f[1] == "object" and names.count(f[0]) == 1]
            scale = width / scene["aspect"]
            for name, _, _, box in alone[:2]:
                truth = (box[0] * scale, box[1] * height, box[2] * scale, box[3] * height)
                prompts = [f"Locate the {name}, output its bbox coordinates using JSON format.", f"Point to the {name}, output its coordinates in JSON format."]
                (boxed, pointed), _ = self.answerer.answer(features, grid, 0, prompts, 60)
                got = BOX.search(boxed)
                ious.append(_box_iou(tuple(map(int, got.groups())), truth) if got else 0)
                point = POINT.search(pointed)
                inside.append(bool(point) and truth[0] <= int(point[1]) <= truth[2] and truth[1] <= int(point[2]) <= truth[3])
            printed = [f for f in found if f[1] == "label"]
            if len(printed) == 1:
                labels += 1
                (text,), _ = self.answerer.answer(features, grid, 0, ["What does the label say?"], 12)
                read += text == printed[0][0]
        return {"boxes": len(ious), "box_iou": np.mean(ious), "points_inside": np.mean(inside), "labels": labels, "labels_read": read / max(1, labels)}

    def pages(self, count, first_seed):
        """Lines of pages whose text is right."""
        right, lines = 0, 0
        side = min(112, int(self.limits[1] ** 0.5) // 28 * 28)
        for seed in range(first_seed, first_seed + count):
            page = make_page(seed)
            features, grid = self.answerer.features(render(pack_pages([page], side, side), self.device)[0])
            (text,), _ = self.answerer.answer(features, grid, 0, ["QwenVL HTML"], 250)
            told = re.findall(r">([^<>\n]+)</", text)
            lines += len(page["lines"])
            right += sum(line["text"] in told for line in page["lines"])
        return {"pages": count, "lines": lines, "lines_read": right / max(1, lines)}


def plain_questions(clip, asked):
    """Events in the very words of a description, and what is absent in the shortest wording: `red circle moves left`."""
    events = [{"query": e["text"], "ranges": [[e["start"], e["end"]]], "absent": None} for e in clip.scene["events"]]
    short = [q for q in asked if not q["ranges"] and q["query"].split(" ")[0] in COLOURS and q["query"].split(" ", 2)[-1] in ACTIONS]
    return events + short + [q for q in asked if q["absent"] == "unrelated"]


def _box_iou(a, b):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(0, width) * max(0, height)
    return both / max(1e-9, (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def plain(value):
    return value if isinstance(value, dict) else round(float(value), 4) if isinstance(value, (float, np.floating)) else value


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--model", required=True)
    options.add_argument("--what", choices=["moments", "dense", "pictures", "pages"], default="moments")
    options.add_argument("--world", choices=["simple", "rich"], default="rich")
    options.add_argument("--fps", type=float, default=2)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--questions", type=int, default=500, help="or clips, or pictures")
    options.add_argument("--seed", type=int, default=1000)
    options.add_argument("--plain", action="store_true", help="queries in the shortest words only")
    options.add_argument("--ids-by-index", action="store_true", help="switch absolute time off")
    options.add_argument("--max-pixels", type=int)
    options.add_argument("--device", default="cpu")
    options.add_argument("--threads", type=int, default=1)
    a = options.parse_args()
    torch.set_num_threads(a.threads)
    evaluation = Evaluation(a.model, a.device, (3136, a.max_pixels) if a.max_pixels else None)
    if a.what == "moments":
        figures = evaluation.moments(a.world, a.fps, a.questions, a.seed, a.seconds, a.ids_by_index, a.plain)
    elif a.what == "dense":
        figures = evaluation.dense(a.world, a.fps, a.questions, a.seed, a.seconds)
    else:
        figures = getattr(evaluation, a.what)(a.questions, a.seed)
    print(json.dumps({"what": a.what, "world": a.world, "fps": a.fps, **{k: plain(v) for k, v in figures.items()}}))

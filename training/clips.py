"""What one row of a batch is about: a stretch of a scene and the questions to it, all from one number."""
import numpy as np

import answers
from world.dice import Dice, hash32
from world.questions import questions_of
from world.scenes import make_scene
from world.vocabulary import UNRELATED

TRAINING_SEEDS = 0x80000000  # seeds from here on are for training, those below for everything else
SOURCE_RATE = 25  # a picture comes up to so much of a second after its time

# width over height of the scenes that a frame size is drawn from
RATES = (0.5, 1, 2, 4)


def draw_rate(dice):
    """Pictures a second, 0.25 to 8: even rates often, 2 most of all."""
    roll = dice.unit()
    if roll < 0.3:
        return 2.0
    if roll < 0.55:
        return float(dice.pick(RATES))
    return 2.0 ** (-2 + 5 * dice.unit())


def draw_clip(seed, groups, aspect, simple_share, hard=1.0):
    """(clip, dice): a window somewhere in a scene that is made for its rate. `hard` below 1: fewer events."""
    dice = Dice(seed, 7)
    step = 1 / draw_rate(dice)
    window = 2 * groups * step
    simple = dice.chance(simple_share)
    seconds = window * (1 + (0.6 * dice.unit() if dice.chance(0.5) else 0))
    events = int((dice.unit() * (6 if simple else 9) * hard) * seconds / window)
    least = max(0.3, (1.5 if dice.chance(0.3) else 3) * step)
    scene = make_scene(
        hash32(seed, 8, 0) | TRAINING_SEEDS,
        kind="simple" if simple else "rich",
        seconds=seconds,
        aspect=aspect,
        events=events,
        shortest=min(least, window / 3),
        longest=window * dice.between(0.25, 0.9),
        steady=max(min(1.0, window / 6), 4 * step),
    )
    start = (seconds - window) * dice.unit()
    late = np.array([dice.unit() for _ in range(2 * groups)]) * min(1 / SOURCE_RATE, step / 2)
    return answers.Clip(scene, start + np.arange(2 * groups) * step + late, step), dice


def clip_pairs(clip, dice, count):
    """So many questions to the clip with their answers."""
    asked = [q for q in questions_of(clip.scene) if _is_knowable(clip, q)]
    present = [q for q in asked if q["ranges"]]
    absent = [q for q in asked if not q["ranges"]]
    pairs = []
    if dice.chance(0.75):
        pairs.append(answers.dense(clip))
    if clip.scene["kind"] == "rich" and dice.chance(0.3):
        pairs.append(answers.segments(clip, dice))
    if dice.chance(0.25):
        pairs.append(answers.count(clip, dice))
    if dice.chance(0.15):
        pairs.append(answers.describe(clip, dice))
    while len(pairs) < count:
        pool = present if present and dice.chance(0.5) else absent
        question = _weighed(dice, pool)
        pairs.append((answers.grounding if dice.chance(0.62) else answers.occurrence)(clip, question))
    return pairs


def _weighed(dice, pool):
    """Wrong actions, orders and counts are the hardest to refuse, so they come twice as often."""
    weights = [2 if q["absent"] in ("action", "order", "count") else 1 for q in pool]
    at = dice.unit() * sum(weights)
    for question, weight in zip(pool, weights):
        at -= weight
        if at < 0:
            return question
    return pool[-1]


def _is_knowable(clip, question):
    """What the window's edges or the rate leave open is not asked: motions of which little is seen, orders half outside."""
    events = clip.scene["events"]
    if " after the " in question["query"] or " before the " in question["query"]:
        named = [event for event in events if event["text"] in question["query"]]
        return all(_is_clear(clip, event) for event in named)
    if not question["ranges"]:
        return True
    about = [event for event in events if [event["start"], event["end"]] in question["ranges"]]
    return all(_is_clear(clip, event) or not clip.seen(event["start"], event["end"]) for event in about)


def _is_clear(clip, event):
    seen = clip.seen(event["start"], event["end"])
    if not seen:
        return False
    acts = event["kind"] == "one" and not event["text"].endswith("appears")
    return seen[1] - seen[0] + 1 >= (3 if acts else 1)


def foreign_queries(dice, count):
    """Queries for footage from outside: of the world and not."""
    scene = make_scene(int(dice.unit() * 4294967296) | TRAINING_SEEDS, events=3)
    pool = [q["query"] for q in questions_of(scene)] + [dice.pick(UNRELATED)]
    return [dice.pick(pool) for _ in range(count)]

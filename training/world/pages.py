"""Small printed pages from seeds: src/world/page.ts."""
from .dice import STREAM, Dice, rounded
from .vocabulary import WORDS

DOT = {"h2": 0.024, "p": 0.018}
LONGEST_LINE = 8


def make_page(seed):
    dice = Dice(seed, STREAM["page"])
    paper, ink = 215 + dice.below(40), dice.below(60)
    count = 1 + dice.below(4)
    lines, top = [], dice.between(0.03, 0.1)
    for k in range(count):
        kind = "h2" if k == 0 and count > 1 and dice.chance(0.6) else "p"
        first, second = dice.pick(WORDS), dice.pick(WORDS)
        both = f"{first} {second}"
        text = both if kind == "p" and len(both) <= LONGEST_LINE else first
        lines.append({"kind": kind, "text": text, "x": dice.between(0.04, 0.12), "y": top, "dot": DOT[kind]})
        top = rounded(top + DOT[kind] * 8 + dice.between(0.03, 0.08))
    return {"seed": seed, "paper": paper, "ink": ink, "lines": lines}


def line_box(line):
    x, y, dot = line["x"], line["y"], line["dot"]
    return x, y, x + (6 * len(line["text"]) - 1) * dot, y + 7 * dot

"""Draws the learning curve of a run: python training/curve.py RUN writes RUN/curve.svg.

No clip is shown twice, so what is told right in training is told right of unseen clips.
"""
import json
import pathlib
import sys

WIDTH, HEIGHT, EDGE = 640, 300, 40
LINES = {"decision": "#b3261e", "digit": "#1a56b0", "word": "#2e7d32"}


def points(rows, name, minutes):
    known = [(row["minutes"], row[name]) for row in rows if name in row and row[name] == row[name]]
    x = lambda at: EDGE + at / minutes * (WIDTH - 2 * EDGE)  # noqa: E731
    y = lambda share: HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)  # noqa: E731
    return " ".join(f"{x(at):.1f},{y(share):.1f}" for at, share in known)


def draw(rows):
    minutes = max(row["minutes"] for row in rows) or 1
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">']
    for share in (0, 0.25, 0.5, 0.75, 1):
        at = HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)
        parts.append(f'<path d="M{EDGE} {at}H{WIDTH - EDGE}" stroke="#ddd"/><text x="4" y="{at + 4}">{share}</text>')
    for k, (name, colour) in enumerate(LINES.items()):
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points(rows, name, minutes)}"/>')
        parts.append(f'<text x="{EDGE + 140 * k}" y="16" fill="{colour}">{name} tokens told right</text>')
    parts.append(f'<text x="{WIDTH - 2 * EDGE - 40}" y="{HEIGHT - 12}">{minutes:.0f} minutes, {rows[-1]["clips"]} clips</text></svg>')
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    run = pathlib.Path(sys.argv[1])
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    (run / "curve.svg").write_text(draw(lines))
    print(run / "curve.svg")

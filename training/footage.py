"""Footage from outside the world, for training only: clips decoded once into a small file that is never committed.

python training/footage.py --media /path/to/clips --out training/footage.npz
"""
import argparse
import pathlib
import subprocess

import numpy as np

RATE = 4
WIDTH, HEIGHT = 168, 112
SUFFIXES = (".mp4", ".mkv", ".webm")


class Footage:
    def __init__(self, file):
        self.clips = list(np.load(file).values())

    def cut(self, dice, pictures, step, height, width):
        """Levels of a stretch, [pictures, height, width, 3]; at its end the clip runs backwards."""
        import torch
        import torch.nn.functional as F

        clip = dice.pick(self.clips)
        at = np.floor((dice.unit() * len(clip) / RATE + np.arange(pictures) * step) * RATE).astype(int) % (2 * len(clip) - 1)
        chosen = torch.from_numpy(clip[np.where(at < len(clip), at, 2 * len(clip) - 2 - at)]).permute(0, 3, 1, 2).float()
        if dice.chance(0.5):
            chosen = chosen.flip(3)
        resized = F.interpolate(chosen, (height, width), mode="bicubic", antialias=True)
        return resized.round().clamp(0, 255).permute(0, 2, 3, 1).numpy().astype(np.uint8)


def decode(file):
    command = ["ffmpeg", "-loglevel", "error", "-i", str(file), "-vf", f"fps={RATE},scale={WIDTH}:{HEIGHT}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 3)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--media", type=pathlib.Path, required=True)
    options.add_argument("--out", type=pathlib.Path, required=True)
    given = options.parse_args()
    clips = {file.stem: decode(file) for file in sorted(given.media.iterdir()) if file.suffix in SUFFIXES}
    np.savez_compressed(given.out, **{name: clip for name, clip in clips.items() if len(clip) > 1})
    print(given.out, given.out.stat().st_size, "bytes", {name: len(clip) for name, clip in clips.items()})

"""Numbers that look random and follow from a seed alone: src/world/dice.ts."""
import math

MASK = 0xFFFFFFFF
STREAM = {"plan": 1, "cuts": 2, "camera": 3, "questions": 4, "page": 5, "noise": 6, "clouds": 100, "shot": 1000}


def mix(value):
    h = value & MASK
    h = ((h ^ (h >> 16)) * 0x7FEB352D) & MASK
    h = ((h ^ (h >> 15)) * 0x846CA68B) & MASK
    return h ^ (h >> 16)


def hash32(seed, stream, index):
    """The number at `index` of a stream, 0 to 2^32 - 1."""
    return mix(mix((seed & MASK) ^ ((stream * 0x9E3779B1) & MASK)) ^ (((index + 1) * 0x85EBCA6B) & MASK))


def rounded(value):
    """Thousandths."""
    return math.floor(value * 1000 + 0.5) / 1000


class Dice:
    """Reads a stream from its beginning."""

    def __init__(self, seed, stream):
        self.base = mix((seed & MASK) ^ ((stream * 0x9E3779B1) & MASK))
        self.index = 0

    def unit(self):
        self.index += 1
        return mix(self.base ^ ((self.index * 0x85EBCA6B) & MASK)) / 4294967296

    def below(self, count):
        return math.floor(self.unit() * count)

    def chance(self, probability):
        return self.unit() < probability

    def pick(self, items):
        return items[self.below(len(items))]

    def between(self, least, most):
        return rounded(least + (most - least) * self.unit())

"""The words and letters of the world, from the file that both front ends read."""
import json
import pathlib

_DATA = json.loads((pathlib.Path(__file__).parents[2] / "src" / "world" / "vocabulary.json").read_text())

COLOUR_VALUES = _DATA["colours"]
COLOURS = list(COLOUR_VALUES)
SHAPES = _DATA["shapes"]
WORDINGS = _DATA["actions"]
ACTIONS = list(WORDINGS)
SIMPLE = _DATA["simple"]
NUMBERS = _DATA["numbers"]
UNRELATED = _DATA["unrelated"]
WORDS = _DATA["words"]
LABEL_CHARACTERS = _DATA["labelCharacters"]
FONT = _DATA["font"]


def plural(shape):
    return shape + ("es" if shape.endswith("s") else "s")

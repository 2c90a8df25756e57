"""The world of docs/world.md in Python: the same scenes, questions and pictures as src/world draws."""

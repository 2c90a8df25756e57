"""Compares a checkpoint folder with transformers: logits, and greedy tokens, on clips of the world.

python training/check_export.py --model DIR      ends with exit code 1 beyond 1e-3, or where a token differs
"""
import argparse
import sys

import numpy as np
import torch
import transformers
from tokenizers import Tokenizer

import answers
from generate import DEFAULT_SYSTEM, END, SYSTEM, Answerer
from model import load, patchify
from world.draw import render
from world.pack import pack
from world.questions import questions_of
from world.scenes import make_scene

TOLERANCE = 1e-3
NEW_TOKENS = 40


def sequence(answerer, grid, step, prompt):
    """Ids and positions of one prompt by the canonical rule (spec 8.1)."""
    config, (groups, height, width) = answerer.config, grid
    before = answerer.encode(SYSTEM.format(system=DEFAULT_SYSTEM))
    temporal = (np.arange(groups, dtype=np.float32) * np.float32(2 * step) * np.float32(2)).astype(np.int64)
    place = np.stack([m.reshape(-1) for m in np.meshgrid(temporal, np.arange(height), np.arange(width), indexing="ij")]) + len(before)
    rest = answerer.encode("<|vision_end|>" + prompt + END)
    ids = [*before, *[config["video_token_id"]] * place.shape[1], *rest]
    tail = place.max() + 1 + np.arange(len(rest))
    positions = np.concatenate([np.tile(np.arange(len(before)), (3, 1)), place, np.tile(tail, (3, 1))], 1)
    return torch.tensor([ids]), torch.tensor(positions).unsqueeze(1)


@torch.no_grad()
def main():
    options = argparse.ArgumentParser()
    options.add_argument("--model", required=True)
    options.add_argument("--clips", type=int, default=8)
    a = options.parse_args()
    model, config = load(a.model)
    answerer = Answerer(model, config, Tokenizer.from_file(f"{a.model}/tokenizer.json"))
    theirs = transformers.Qwen2_5_VLForConditionalGeneration.from_pretrained(a.model, dtype=torch.float32).eval()
    worst, same = 0.0, 0
    for k in range(a.clips):
        scene = make_scene(500 + k, seconds=16, events=4)
        times, height, width = np.arange(32) * 0.5, 56 + 28 * (k % 2), 84
        levels = render(pack([scene], [times], width, height))[0]
        features, grid = answerer.features(levels)
        prompt = answers.PROMPTS["grounding"].format(query=questions_of(scene)[0]["query"])
        ids, positions = sequence(answerer, (16, height // 28, width // 28), 0.5, prompt)
        vision = theirs.model.visual(patchify(levels).flatten(0, 1), grid_thw=torch.tensor([[16, *grid]]))
        vision = getattr(vision, "pooler_output", vision)
        embedded = theirs.get_input_embeddings()(ids).masked_scatter((ids == config["video_token_id"]).unsqueeze(-1), vision)
        out = theirs.model.language_model(inputs_embeds=embedded, position_ids=positions, use_cache=True)
        logits = theirs.lm_head(out.last_hidden_state[:, -1])
        (text,), first = answerer.answer(features, grid, 0.5, [prompt], NEW_TOKENS)
        worst = max(worst, float((logits - first).abs().max()))
        tokens, at = [], positions[:, :, -1:] + 1
        while len(tokens) < NEW_TOKENS and int(logits.argmax()) not in (config["eos_token_id"], config["bos_token_id"]):
            tokens.append(int(logits.argmax()))
            embedded = theirs.get_input_embeddings()(torch.tensor([[tokens[-1]]]))
            out = theirs.model.language_model(inputs_embeds=embedded, position_ids=at, past_key_values=out.past_key_values, use_cache=True)
            logits, at = theirs.lm_head(out.last_hidden_state[:, -1]), at + 1
        same += answerer.tokenizer.decode(tokens, skip_special_tokens=False) == text
    print(f"clips {a.clips}  max |logit difference| {worst:.2e}  identical greedy continuations {same}/{a.clips}")
    sys.exit(0 if worst <= TOLERANCE and same == a.clips else 1)


if __name__ == "__main__":
    main()

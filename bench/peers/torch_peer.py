"""transformers on torch CPU as a peer: reads tasks as lines of JSON, answers each with the processor seconds it took.

  python torch_peer.py CHECKPOINT THREADS        needs: torch transformers safetensors
"""
import json
import sys
import time

import torch
from transformers import Qwen2_5_VLForConditionalGeneration

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
torch.set_grad_enabled(False)
model = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa").eval()
inner, hidden = model.model, model.config.get_text_config().hidden_size
state = {}


def positions(start, count):
    return torch.arange(start, start + count).expand(3, 1, count)


def vision(task):
    grid = torch.tensor([task["grid"]])
    patches = torch.randn(int(grid.prod()), 1176)
    return lambda: inner.visual(patches, grid_thw=grid)


def prefill(task):
    """Begins anew and takes in rows as a video and a question are."""
    rows = torch.randn(1, task["tokens"], hidden)

    def run():
        result = inner.language_model(inputs_embeds=rows, position_ids=positions(0, task["tokens"]), use_cache=True)
        model.lm_head(result.last_hidden_state[:, -1:])
        state.update(cache=result.past_key_values, length=task["tokens"])

    return run


def decode(task):
    """Goes on, one token at a time."""

    def run():
        for _ in range(task["tokens"]):
            row = inner.get_input_embeddings()(torch.tensor([[7]]))
            result = inner.language_model(inputs_embeds=row, past_key_values=state["cache"], position_ids=positions(state["length"], 1), use_cache=True)
            model.lm_head(result.last_hidden_state)
            state.update(cache=result.past_key_values, length=state["length"] + 1)

    return run


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    work = {"vision": vision, "prefill": prefill, "decode": decode}[task["task"]](task)
    before = time.process_time()
    work()
    print(json.dumps({"seconds": time.process_time() - before}), flush=True)

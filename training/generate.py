"""Greedy answers of a checkpoint to questions about pictures, many rows at a time."""
import numpy as np
import torch

from model import Cache, masked, patchify

SYSTEM = "<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n<|vision_start|>"
DEFAULT_SYSTEM = "You are a helpful assistant."
END = "<|im_end|>\n<|im_start|>assistant\n"


class Answerer:
    def __init__(self, model, config, tokenizer, device="cpu"):
        self.model, self.config, self.tokenizer, self.device = model.to(device).eval(), config, tokenizer, device

    def encode(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    @torch.no_grad()
    def features(self, levels):
        """Levels [pictures, height, width, 3] of one row, one picture or an even number, to tokens."""
        levels = levels if len(levels) > 1 else levels.repeat(2, 1, 1, 1)
        grid = levels.shape[1] // 14, levels.shape[2] // 14
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device != "cpu"):
            return self.model.visual(patchify(levels.to(self.device)), grid), grid

    @torch.no_grad()
    def answer(self, features, grid, step, prompts, most=400, system=DEFAULT_SYSTEM, ids_by_index=False):
        """Answers to several prompts about one row; `step` seconds between pictures, 0 for an image. Also the first token's logits."""
        model, config = self.model, self.config
        groups, (height, width) = features.shape[0], (grid[0] // 2, grid[1] // 2)
        before = self.encode(SYSTEM.format(system=system))
        first = len(before)
        # spec 8.1: float32 product, truncation last
        temporal = np.arange(groups) if ids_by_index else (np.arange(groups, dtype=np.float32) * np.float32(2 * step) * np.float32(2)).astype(np.int64)
        place = np.stack([m.reshape(-1) for m in np.meshgrid(temporal, np.arange(height), np.arange(width), indexing="ij")])
        pads = [config["video_token_id" if step else "image_token_id"]] * place.shape[1]
        prefix = [*before, *pads, *self.encode("<|vision_end|>")]
        after = first + int(place.max()) + 1
        positions = np.concatenate([np.tile(np.arange(first), (3, 1)), place + first, np.full((3, 1), after)], 1)
        questions = [self.encode(prompt + END) for prompt in prompts]
        longest, rows = max(map(len, questions)), len(questions)
        ids = torch.tensor([prefix + q + [0] * (longest - len(q)) for q in questions], device=self.device)
        after_ids = after + 1 + torch.arange(longest, device=self.device)
        place_all = torch.cat([torch.tensor(positions, device=self.device), after_ids.expand(3, -1)], 1).unsqueeze(1).expand(3, rows, -1)
        length = ids.shape[1]
        real = torch.tensor([[True] * (len(prefix) + len(q)) + [False] * (longest - len(q)) for q in questions], device=self.device)
        mask = torch.ones(length, length, dtype=torch.bool, device=self.device).tril() & real.unsqueeze(1)
        mask[:, :, 0] = True
        is_vision = torch.zeros_like(ids, dtype=torch.bool)
        is_vision[:, first : first + len(pads)] = True
        x = model.embed(ids, features.flatten(0, 1).repeat(rows, 1), is_vision)
        cache = Cache()
        hidden, _ = model.model(x, place_all, masked(mask.unsqueeze(1)), cache)
        last = torch.tensor([len(prefix) + len(q) - 1 for q in questions], device=self.device)
        logits = model.logits(hidden[torch.arange(rows, device=self.device), last])
        first_logits = logits
        at = after + 1 + torch.tensor([len(q) for q in questions], device=self.device)
        written, done = [[] for _ in prompts], [False] * rows
        ends = {config["eos_token_id"], config["bos_token_id"]}
        for _ in range(most):
            tokens = logits.argmax(-1)
            for k, token in enumerate(tokens.tolist()):
                done[k] = done[k] or token in ends
                if not done[k]:
                    written[k].append(token)
            if all(done):
                break
            real = torch.cat([real, torch.ones(rows, 1, dtype=torch.bool, device=self.device)], 1)
            x = model.model.embed_tokens(tokens).unsqueeze(1)
            hidden, _ = model.model(x, at.view(1, rows, 1).expand(3, rows, 1), masked(real.view(rows, 1, 1, -1)), cache)
            logits = model.logits(hidden[:, 0])
            at = at + 1
        return [self.tokenizer.decode(w, skip_special_tokens=False) for w in written], first_logits.float()

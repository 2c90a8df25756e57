"""Trains the checkpoint on the world of docs/world.md, on one core or on a GPU.

python training/train.py --minutes 90 --device cpu --threads 1 --out runs/a
Started again with the same --out it goes on where it was; --stop-after bounds one call, --minutes the whole schedule.
"""
import argparse
import json
import math
import multiprocessing
import pathlib
import time

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from answers import DECISION, DIGIT, WORD
from batches import Batches, Settings, Stage
from camera import degrade
from checkpoint import inherit, save_checkpoint
from heads import Heads
from model import Qwen, Shape, patchify
from muon import Muon
from packed import Packed
from presets import config_of
from world.draw import render

HERE = pathlib.Path(__file__).parent
AUXILIARY_UNTIL, AUXILIARY_GONE = 0.55, 0.8
VISION_RATE = 0.25  # of the step of the text model, once questions are asked


def stage_at(progress, warm_up):
    """Pictures alone, then short clips with few events, then all."""
    if progress < warm_up:
        return Stage(only_pictures=True)
    if progress < 0.2:
        return Stage(groups=(8, 14), hard=0.5)
    return Stage(groups=(8, 20), hard=0.8) if progress < 0.4 else Stage(groups=(8, 32))


def rate_at(progress, start):
    """From zero quickly up, then a half cosine down to zero at the end."""
    return min(1, (progress - start) / 0.01 + 0.05) * 0.5 * (1 + math.cos(math.pi * min(1, progress)))


def auxiliary_at(progress):
    return max(0.0, min(1.0, (AUXILIARY_GONE - progress) / (AUXILIARY_GONE - AUXILIARY_UNTIL)))


class Stream(torch.utils.data.IterableDataset):
    """Batches from a number on; workers take turns."""

    def __init__(self, settings, tokenizer_file, first, progress, warm_up):
        self.settings, self.tokenizer_file, self.first = settings, tokenizer_file, first
        self.progress, self.warm_up = progress, warm_up

    def __iter__(self):
        torch.set_num_threads(1)
        worker = torch.utils.data.get_worker_info()
        turn, turns = (worker.id, worker.num_workers) if worker else (0, 1)
        batches = Batches(self.settings, Tokenizer.from_file(self.tokenizer_file))
        step = self.first + turn
        while True:
            yield step, batches.make(step, stage_at(self.progress.value, self.warm_up))
            step += turns


def whole(batch):
    return batch


def to_device(batch, device, generator, exact=False):
    """Pictures drawn and everything on the device; adds what follows from the ids."""
    levels = render(batch["packed"], device, exact=exact)
    if not exact:
        levels = degrade(levels, 0.3, generator)
    for b, pictures in batch["foreign"]:
        levels[b] = torch.from_numpy(pictures).to(device).float()
    if levels.shape[1] == 1:
        levels = levels.repeat(1, 2, 1, 1, 1)
    names = ("ids", "weights", "positions", "is_vision", "pointers", "pointed", "marks", "first")
    on = {name: torch.as_tensor(batch[name]).to(device, non_blocking=True) for name in names}
    cells = batch["grid"][0] * batch["grid"][1] // 4
    on["group_ends"] = on["first"].view(-1, 1) + cells * torch.arange(1, batch["groups"] + 1, device=device) - 1
    on["seconds"] = (on["positions"][0].gather(1, on["group_ends"]) - on["first"].view(-1, 1)) / 2
    on["attend"] = Packed(torch.as_tensor(batch["segments"]), device)
    return {**on, "patches": patchify(levels.flatten(0, 1)), "grid": batch["grid"], "groups": batch["groups"]}


def losses_of(model, heads, batch, auxiliary, only_pictures):
    """{name: loss} and what was told right, by kind of token."""
    features = model.visual(batch["patches"], batch["grid"])
    rows = batch["ids"].shape[0]
    losses, right = {}, {}
    if auxiliary > 0 or only_pictures:
        losses["seen"] = heads.vision_loss(features.view(rows, batch["groups"], -1, features.shape[-1]), batch)
    if only_pictures:
        return losses, right
    x = model.embed(batch["ids"], features.flatten(0, 1), batch["is_vision"])
    middle = model.shape.layers - 2
    hidden, state = model.model(x, batch["positions"], batch["attend"], keep=middle if auxiliary > 0 else None)
    weights = batch["weights"][:, 1:]
    wanted = weights > 0
    logits = model.logits(hidden[:, :-1][wanted]).float()
    labels, weight = batch["ids"][:, 1:][wanted], weights[wanted]
    each = F.cross_entropy(logits, labels, reduction="none")
    losses["answers"] = (each * weight).sum() / weight.sum()
    hit = logits.argmax(-1) == labels
    for name, kind in (("decision", DECISION), ("digit", DIGIT), ("word", WORD)):
        right[name] = (hit[weight == kind]).float().mean()
    if auxiliary > 0:
        losses.update(heads.text_losses(state, batch))
    return losses, right


def total_of(losses, auxiliary, only_pictures):
    if only_pictures:
        return losses["seen"]
    extra = sum(loss for name, loss in losses.items() if name != "answers")
    return losses["answers"] + 0.3 * auxiliary * extra


def optimisers(model, heads, lr):
    """Muon for what maps states to states, AdamW for the rest; vision apart from text."""
    groups = {"muon": ([], []), "adam": ([], [])}
    for name, p in model.named_parameters():
        is_matrix = p.dim() == 2 and "embed_tokens" not in name
        groups["muon" if is_matrix else "adam"][0 if name.startswith("visual.") else 1].append(p)
    adam = [{"params": groups["adam"][0]}, {"params": groups["adam"][1]}, {"params": list(heads.parameters())}]
    adamw = torch.optim.AdamW(adam, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.01)
    muon = Muon([{"params": groups["muon"][0]}, {"params": groups["muon"][1]}], lr=lr)
    for optimiser in (adamw, muon):
        for k, group in enumerate(optimiser.param_groups):
            group["peak"], group["is_vision"] = (1e-3 if optimiser is adamw else lr), k == 0
    return adamw, muon


def set_rates(both, progress, warm_up):
    only_pictures = progress < warm_up
    factor = rate_at(progress, 0.0 if only_pictures else warm_up)
    for group in (group for optimiser in both for group in optimiser.param_groups):
        group["lr"] = group["peak"] * factor * (VISION_RATE if group["is_vision"] and not only_pictures else 1)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--out", type=pathlib.Path, required=True)
    options.add_argument("--minutes", type=float, required=True)
    options.add_argument("--stop-after", type=float, default=math.inf, help="minutes of this call")
    options.add_argument("--device", default="cpu")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--workers", type=int, default=0)
    options.add_argument("--preset", default="small")
    options.add_argument("--init", type=pathlib.Path, help="checkpoint whose weights are taken where the shapes allow it")
    options.add_argument("--tokens", type=int, default=6000, help="tokens of a batch, about")
    options.add_argument("--lr", type=float, default=0.005)
    options.add_argument("--warm-up", type=float, default=0.07, help="part of the schedule in which only pictures are looked at")
    options.add_argument("--questions", type=int, default=6, help="of a row, about")
    options.add_argument("--small-share", type=float, default=0.5, help="of the batches: frames of 56 x 56")
    options.add_argument("--simple-share", type=float, default=0.3, help="of the clips: scenes of the simple world")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--save-every", type=float, default=5, help="minutes")
    a = options.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    torch.backends.cuda.matmul.allow_tf32 = True
    a.out.mkdir(parents=True, exist_ok=True)
    tokenizer_file = str(HERE / "tokenizer.json")
    tokenizer = Tokenizer.from_file(tokenizer_file)
    config = config_of(a.preset, tokenizer)
    model = Qwen(Shape.read(config))
    heads = Heads(config["hidden_size"])
    state_file, elapsed, step = a.out / "state.pt", 0.0, 0
    if a.init and not state_file.exists():
        print(inherit(model, a.init, tokenizer))
    model.to(a.device)
    heads.to(a.device)
    both = optimisers(model, heads, a.lr)
    if state_file.exists():
        state = torch.load(state_file, map_location=a.device, weights_only=True)
        model.load_state_dict(state["model"])
        heads.load_state_dict(state["heads"])
        for optimiser, kept in zip(both, state["optimisers"]):
            optimiser.load_state_dict(kept)
        elapsed, step = state["elapsed"], state["step"] + 1
    progress = multiprocessing.Value("d", min(1.0, elapsed / a.minutes / 60))
    shares = {"small_share": a.small_share, "simple_share": a.simple_share}
    settings = Settings(seed=a.seed, tokens=a.tokens, questions=a.questions, footage=str(HERE / "footage.npz"), **shares)
    stream = Stream(settings, tokenizer_file, step, progress, a.warm_up)
    extra = {"num_workers": a.workers, "prefetch_factor": 4, "multiprocessing_context": "fork"} if a.workers else {}
    source = iter(torch.utils.data.DataLoader(stream, batch_size=None, collate_fn=whole, **extra))
    generator = torch.Generator().manual_seed(a.seed + step)
    begun = last_saved = time.monotonic()
    before = elapsed
    means, clips, pairs = {}, 0, 0
    log = open(a.out / "log.jsonl", "a", buffering=1)

    def save():
        kept = {"model": model.state_dict(), "heads": heads.state_dict(), "optimisers": [o.state_dict() for o in both], "elapsed": elapsed, "step": step}
        torch.save(kept, a.out / "state.tmp")
        (a.out / "state.tmp").replace(state_file)
        save_checkpoint(model, config, a.out / "checkpoint")

    while progress.value < 1 and (time.monotonic() - begun) / 60 < a.stop_after:
        step, raw = next(source)
        elapsed = before + time.monotonic() - begun
        progress.value = min(1.0, elapsed / a.minutes / 60)
        only_pictures = not len(raw["weights"].nonzero()[0])
        set_rates(both, progress.value, a.warm_up)
        auxiliary = auxiliary_at(progress.value)
        batch = to_device(raw, a.device, generator)
        with torch.autocast(a.device, torch.bfloat16):
            losses, right = losses_of(model, heads, batch, auxiliary, only_pictures)
            total = total_of(losses, auxiliary, only_pictures)
        total.backward()
        torch.nn.utils.clip_grad_norm_([*model.parameters(), *heads.parameters()], 1.0)
        for optimiser in both:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        clips += len(raw["ids"])
        pairs += int(raw["segments"].max(1).clip(0).sum())
        for name, value in {**losses, **right}.items():
            means.setdefault(name, []).append(value.detach())
        if step % 50 == 0:
            told = {name: round(float(torch.stack(v).nanmean()), 4) for name, v in means.items()}
            line = {"step": step, "minutes": round(elapsed / 60, 2), "clips": clips, "pairs": pairs, **told}
            log.write(json.dumps(line) + "\n")
            means = {}
        if (time.monotonic() - last_saved) / 60 > a.save_every:
            last_saved = time.monotonic()
            save()
    save()


if __name__ == "__main__":
    main()

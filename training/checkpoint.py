"""Checkpoint folders with the published names: written in bfloat16, and taken over where shapes allow it."""
import json
import pathlib
import shutil

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from presets import PIXELS

HERE = pathlib.Path(__file__).parent


def save_checkpoint(model, config, directory):
    """Everything that a checkpoint folder holds; the model is as good as its last step."""
    directory.mkdir(parents=True, exist_ok=True)
    weights = {name: p.detach().to("cpu", torch.bfloat16).contiguous() for name, p in model.state_dict().items()}
    save_file(weights, str(directory / "model.safetensors"), metadata={"format": "pt"})
    write = lambda name, value: (directory / name).write_text(json.dumps(value, indent=1) + "\n")  # noqa: E731
    write("config.json", config)
    end, other = config["eos_token_id"], config["bos_token_id"]
    write("generation_config.json", {"bos_token_id": other, "pad_token_id": other, "do_sample": False, "eos_token_id": [end, other], "repetition_penalty": 1.0})
    write("preprocessor_config.json", {
        "min_pixels": PIXELS[0], "max_pixels": PIXELS[1], "patch_size": 14, "temporal_patch_size": 2, "merge_size": 2,
        "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
        "image_processor_type": "Qwen2VLImageProcessor", "processor_class": "Qwen2_5_VLProcessor",
    })  # fmt: skip
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(HERE / name, directory / name)


def inherit(model, directory, tokenizer):
    """Takes weights of the same name and shape; rows of the vocabulary by their token. Says what was taken."""
    weights = load_file(str(directory / "model.safetensors"))
    own = model.state_dict()
    known = Tokenizer.from_file(str(directory / "tokenizer.json")).get_vocab()
    taken = 0
    with torch.no_grad():
        for name, value in weights.items():
            if name == "model.embed_tokens.weight" and own[name].shape[1] == value.shape[1]:
                rows = [(i, known[token]) for token, i in tokenizer.get_vocab().items() if token in known]
                own[name][[i for i, _ in rows]] = value[[j for _, j in rows]].float()
                taken += 1
            elif name in own and own[name].shape == value.shape:
                own[name].copy_(value.float())
                taken += 1
    model.load_state_dict(own)
    return f"{taken} of {len(own)} tensors taken from {directory}"

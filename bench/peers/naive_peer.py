"""The usual way to ask a video: all of it in one pass, by qwen-vl-utils (torchcodec) and transformers. One line of JSON each way.

  python naive_peer.py CHECKPOINT        needs: torch transformers torchcodec qwen-vl-utils
"""
import json
import os
import sys
import time

os.environ.update(FORCE_QWENVL_VIDEO_READER="torchcodec", TORCHCODEC_NUM_THREADS="1")

import torch
from qwen_vl_utils import process_vision_info
from transformers import AutoProcessor, Qwen2_5_VLForConditionalGeneration

torch.set_num_threads(1)
torch.set_grad_enabled(False)
model = Qwen2_5_VLForConditionalGeneration.from_pretrained(sys.argv[1], dtype=torch.float32, attn_implementation="sdpa").eval()
processor = AutoProcessor.from_pretrained(sys.argv[1])

PROMPT = (
    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
    "<|vision_start|><|video_pad|><|vision_end|>{text}<|im_end|>\n<|im_start|>assistant\n"
)


def read(file, fps):
    message = {"role": "user", "content": [{"type": "video", "video": file, "fps": fps}]}
    _, videos, kept = process_vision_info([message], return_video_kwargs=True, return_video_metadata=True)
    pictures, told = zip(*videos)
    return {"videos": list(pictures), "video_metadata": list(told), **kept}


def answer(video, text, tokens):
    given = processor(text=[PROMPT.format(text=text)], return_tensors="pt", **video)
    written = model.generate(**given, max_new_tokens=tokens, do_sample=False)
    return processor.batch_decode(written[:, given["input_ids"].shape[1] :], skip_special_tokens=True)[0]


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    begun = time.process_time()
    video = read(task["file"], task["fps"])
    seconds = time.process_time() - begun
    answers = [answer(video, text, task["tokens"]) for text in task["texts"]]
    print(json.dumps({"seconds": time.process_time() - begun, "read_seconds": seconds, "answers": answers}), flush=True)

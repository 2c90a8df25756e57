"""Other ways to two pictures a second of a video: reads tasks as lines of JSON, answers each with the processor seconds it took.

  python video_peer.py        needs: decord torchcodec qwen-vl-utils torch
"""
import json
import os
import sys
import time


def decord(file, fps):
    from decord import VideoReader

    def run():
        reader = VideoReader(file, num_threads=1)
        step = reader.get_avg_fps() / fps
        return reader.get_batch([int(k * step) for k in range(int(len(reader) / step))]).asnumpy()

    return run


def torchcodec(file, fps):
    from torchcodec.decoders import VideoDecoder

    def run():
        decoder = VideoDecoder(file, num_ffmpeg_threads=1)
        step = decoder.metadata.average_fps / fps
        return decoder.get_frames_at([int(k * step) for k in range(int(decoder.metadata.num_frames / step))])

    return run


def qwen_vl_utils(file, fps):
    """With the resize that belongs to it."""
    os.environ.update(FORCE_QWENVL_VIDEO_READER="torchcodec", TORCHCODEC_NUM_THREADS="1")
    import torch
    from qwen_vl_utils import fetch_video

    torch.set_num_threads(1)
    return lambda: fetch_video({"video": file, "fps": fps})


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    work = {"decord": decord, "torchcodec": torchcodec, "qwen_vl_utils": qwen_vl_utils}[task["task"]](task["file"], task["fps"])
    before = time.process_time()
    work()
    print(json.dumps({"seconds": time.process_time() - before}), flush=True)

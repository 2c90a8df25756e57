# Reads exported files with programs that are not ours (OpenTimelineIO and its adapters, webvtt-py, srt) and prints what they found.
# stdin: [{"file": path, "format": name, "rate": frames per second, "drop": whether labels are dropped}]; stdout: one list of entries per file, frames and texts.
import json
import sys
import xml.etree.ElementTree as xml
from fractions import Fraction

import opentimelineio as otio
import srt
import webvtt


def span(time_range):
    start = time_range.start_time
    return [start.value, start.value + time_range.duration.value]


def read_otio(file, rate, drop):
    timeline = otio.adapters.read_from_file(file)
    clips = list(timeline.find_clips())
    reference = clips[0].media_reference if clips else None
    return {
        "rate": clips[0].source_range.start_time.rate if clips else rate,
        "start": otio.opentime.to_timecode(timeline.global_start_time, timeline.global_start_time.rate, drop),
        "clips": [span(clip.source_range) + [clip.name] for clip in clips],
        "markers": [span(marker.marked_range) + [marker.name] for clip in clips for marker in clip.markers],
        "media": reference and [reference.target_url] + span(reference.available_range),
    }


def read_edl(file, rate, _drop):
    timeline = otio.adapters.read_from_file(file, adapter_name="cmx_3600", rate=rate)
    track = timeline.tracks[0]
    return {
        "clips": [
            span(clip.source_range) + [clip.name, clip.metadata["cmx_3600"]["reel"], clip.metadata["cmx_3600"]["comments"][0]]
            for clip in track
        ],
        # where each lies in the cut: the adapter refuses record times that do not fit
        "records": [span(track.range_of_child(clip)) for clip in track],
    }


def read_fcpxml(file, _rate, _drop):
    root = xml.parse(file).getroot()
    formats = {item.get("id"): Fraction(item.get("frameDuration").rstrip("s")) for item in root.iter("format")}

    def frames(text, duration):
        count = Fraction(text.rstrip("s")) / duration
        return int(count) if count.denominator == 1 else str(count)

    def frame_span(item, duration):
        start = frames(item.get("start"), duration)
        return [start, start + frames(item.get("duration"), duration)]

    sequence = root.find("./library/event/project/sequence")
    duration = formats[sequence.get("format")]
    collection = otio.adapters.read_from_file(file, adapter_name="fcpx_xml")
    read = list(collection[0].find_clips())
    return {
        "clips": [frame_span(item, duration) + [item.get("name")] for item in sequence.iter("asset-clip")],
        "offsets": [frames(item.get("offset"), duration) for item in sequence.iter("asset-clip")],
        "markers": [frame_span(item, duration) + [item.get("value")] for item in sequence.iter("marker")],
        "keywords": [frame_span(item, duration) + [item.get("value")] for item in sequence.iter("keyword")],
        # its adapter takes 29.97 for 29, therefore only names
        "adapter": [[clip.name, [marker.name for marker in clip.markers]] for clip in read],
    }


def read_vtt(file, _rate, _drop):
    def seconds(clock):  # its own start_in_seconds is whole
        hours, minutes, rest = clock.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(rest)

    return [[seconds(cue.start), seconds(cue.end), cue.text] for cue in webvtt.read(file)]


def read_srt(file, _rate, _drop):
    with open(file, encoding="utf-8") as text:
        return [[cue.start.total_seconds(), cue.end.total_seconds(), cue.content] for cue in srt.parse(text)]


readers = {"otio": read_otio, "edl": read_edl, "fcpxml": read_fcpxml, "vtt": read_vtt, "srt": read_srt}
print(json.dumps([readers[item["format"]](item["file"], item["rate"], item["drop"]) for item in json.load(sys.stdin)]))

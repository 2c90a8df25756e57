"""Scores predictions of moments by the protocols of the field, written apart from the product and in another way: standard library only.

    python3 test/evaluation/score.py test/evaluation/truth.jsonl test/evaluation/predictions.jsonl > test/evaluation/expected.json

expected.json, which the tests compare with, was made by this.
"""
import json
import sys
from statistics import mean, median


def lines(path):
    with open(path) as file:
        return [json.loads(line) for line in file if line.strip()]


def overlap(a, b):
    if a[0] >= a[1]:
        return 0.0
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return max(0.0, shared) / ((a[1] - a[0]) + (b[1] - b[0]) - max(0.0, shared))


def interpolated(precision, recall):
    precision, recall = [0.0, *precision, 0.0], [0.0, *recall, 1.0]
    for k in range(len(precision) - 2, -1, -1):
        precision[k] = max(precision[k], precision[k + 1])
    return sum((recall[k + 1] - recall[k]) * precision[k + 1] for k in range(len(recall) - 1) if recall[k + 1] != recall[k])


def average_precision(predictions, truths, threshold):
    taken, right, wrong, precision, recall = set(), 0, 0, [], []
    for window in sorted(predictions[:10], key=lambda each: -each[2]):
        hit = False
        for k in sorted(range(len(truths)), key=lambda each: overlap(window, truths[each]), reverse=True):
            if overlap(window, truths[k]) < threshold:
                break
            if k in taken:
                continue
            taken.add(k)
            hit = True
            break
        right, wrong = right + hit, wrong + (not hit)
        precision.append(right / (right + wrong))
        recall.append(right / len(truths))
    return interpolated(precision, recall)


THRESHOLDS = [(50 + 5 * k) / 100 for k in range(10)]


def mean_average_precision(rows, answers):
    return mean(mean(average_precision(answers.get(row["qid"], {}).get("pred_relevant_windows", []), row["relevant_windows"], t) for t in THRESHOLDS) for row in rows)


def of_length(rows, over, up_to):
    kept = [{**row, "relevant_windows": [w for w in row["relevant_windows"] if over < w[1] - w[0] <= up_to]} for row in rows]
    return [row for row in kept if row["relevant_windows"]]


def clip_precision(truth, scores):
    if sum(truth) in (0, len(truth)):
        return float(sum(truth) > 0)
    points = []
    for threshold in sorted(set(scores)):
        chosen = [is_good for is_good, score in zip(truth, scores) if score >= threshold]
        points.append((sum(chosen) / len(chosen), sum(chosen) / sum(truth)))
    points.append((1.0, 0.0))
    running, kept = 0.0, []
    for (precision, recall), following in zip(points, points[1:]):
        running = max(running, precision)
        if following[1] != recall:
            kept.append(running)
    return mean(kept)


def highlights(rows, answers, least):
    hits, precisions = [], []
    for row in rows:
        clips = int(row["duration"] / 2)
        ratings = [[0, 0, 0] for _ in range(clips)]
        for clip, scores in zip(row["relevant_clip_ids"], row["saliency_scores"]):
            ratings[clip] = scores
        given = answers.get(row["qid"], {}).get("pred_saliency_scores", [])
        top = given.index(max(given)) if given else -1
        hits.append(0 <= top < clips and max(ratings[top]) >= least)
        padded = (given + [0.0] * clips)[:clips]
        precisions += [clip_precision([scores[rater] >= least for scores in ratings], padded) for rater in range(3)]
    return mean(hits), mean(precisions)


def main(truth_path, prediction_path):
    truth = lines(truth_path)
    answers = {row["qid"]: row for row in lines(prediction_path)}
    present = [row for row in truth if row["relevant_windows"]]
    absent = [row for row in truth if not row["relevant_windows"]]
    first = {qid: row["pred_relevant_windows"][0] for qid, row in answers.items() if row["pred_relevant_windows"]}
    best = lambda row: max((overlap(first[row["qid"]], w) for w in row["relevant_windows"]), default=0.0) if row["qid"] in first else 0.0
    ious = [best(row) for row in present]
    figures = {"miou": mean(ious)}
    for name, threshold in (("r1_03", 0.3), ("r1_05", 0.5), ("r1_07", 0.7)):
        figures[name] = mean(iou >= threshold for iou in ious)
    figures["map"] = mean_average_precision(present, answers)
    for name, threshold in (("map_05", 0.5), ("map_075", 0.75)):
        figures[name] = mean(average_precision(answers.get(r["qid"], {}).get("pred_relevant_windows", []), r["relevant_windows"], threshold) for r in present)
    for name, over, up_to in (("map_short", 0, 10), ("map_middle", 10, 30), ("map_long", 30, 150)):
        figures[name] = mean_average_precision(of_length(present, over, up_to), answers)
    for name, least in (("fair", 2), ("good", 3), ("very_good", 4)):
        figures[f"hit1_{name}"], figures[f"highlight_map_{name}"] = highlights(present, answers, least)
    rejected = lambda row: row["qid"] in answers and not answers[row["qid"]]["pred_relevant_windows"]
    figures["absent_rejected"] = mean(rejected(row) for row in absent)
    figures["present_lost"] = mean(rejected(row) for row in present)
    score = lambda row: first[row["qid"]][2] if row["qid"] in first else -1
    figures["auroc"] = mean(1.0 if score(p) > score(a) else 0.5 if score(p) == score(a) else 0.0 for p in present for a in absent)
    judged = [(score(row), best(row) >= 0.5) for row in truth if row["qid"] in first]
    figures["brier"] = mean((confidence - right) ** 2 for confidence, right in judged)
    bins = {}
    for confidence, right in judged:
        bins.setdefault(min(14, int(confidence * 15)), []).append((confidence, right))
    figures["ece"] = sum(abs(sum(c for c, _ in held) - sum(r for _, r in held)) for held in bins.values()) / len(judged)
    errors = []
    for row in present:
        if row["qid"] not in first:
            continue
        window = first[row["qid"]]
        near = max(row["relevant_windows"], key=lambda w: (overlap(window, w), -abs(w[0] + w[1] - window[0] - window[1])))
        errors += [abs(window[0] - near[0]), abs(window[1] - near[1])]
    figures["boundary_error_ms"] = 1000 * median(errors)
    json.dump(figures, sys.stdout, indent=1)
    print()


main(*sys.argv[1:])

"""Tells two kinds of flowers apart by logistic regression, with nothing but Python's standard library.

Prints its progress while it learns, and leaves model.json in the working directory.
EPOCHS (default 30) and PAUSE_SECONDS (default 0.2, so that there is something to watch) come from the environment.
"""

import csv
import json
import math
import os
import pathlib
import time

HERE = pathlib.Path(os.environ.get("DROVER_WORKING_DIR", "."))
EPOCHS = int(os.environ.get("EPOCHS", "30"))
PAUSE_SECONDS = float(os.environ.get("PAUSE_SECONDS", "0.2"))
RATE = 0.05


def read_flowers():
    with (HERE / "data" / "flowers.csv").open() as file:
        for row in csv.DictReader(file):
            yield (1.0, float(row["petal_cm"]) - 3.7, float(row["sepal_cm"]) - 5.85), int(row["kind"])


def chance(weights, values):
    return 1 / (1 + math.exp(-sum(weight * value for weight, value in zip(weights, values))))


def share_right(weights, flowers):
    return sum((chance(weights, values) > 0.5) == (kind == 1) for values, kind in flowers) / len(flowers)


def main():
    flowers = list(read_flowers())
    cut = len(flowers) * 3 // 4
    training, unseen = flowers[:cut], flowers[cut:]
    print(f"job {os.environ.get('DROVER_JOB_ID', '(none)')}: {cut} flowers to learn from, {len(unseen)} to test with")

    weights = [0.0, 0.0, 0.0]
    for epoch in range(1, EPOCHS + 1):
        for values, kind in training:
            error = kind - chance(weights, values)
            weights = [weight + RATE * error * value for weight, value in zip(weights, values)]
        print(f"epoch {epoch:3d} of {EPOCHS}: {share_right(weights, training):6.1%} right")
        time.sleep(PAUSE_SECONDS)

    right = share_right(weights, unseen)
    (HERE / "model.json").write_text(json.dumps({"weights": weights, "share_right": right}, indent=2) + "\n")
    print(f"done: {right:.1%} of unseen flowers right; the model is in {HERE / 'model.json'}")
    return 0 if right > 0.9 else 1


if __name__ == "__main__":
    raise SystemExit(main())

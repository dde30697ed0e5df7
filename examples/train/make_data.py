"""Makes data/flowers.csv: two kinds of flowers that overlap a little. Run once; the result is kept beside it."""

import csv
import pathlib
import random

random.seed(8888)
rows = []
for kind, petal, sepal in ((0, 2.8, 5.4), (1, 4.6, 6.3)):
    for _ in range(400):
        rows.append((round(random.gauss(petal, 0.7), 2), round(random.gauss(sepal, 0.5), 2), kind))
random.shuffle(rows)

target = pathlib.Path(__file__).parent / "data" / "flowers.csv"
target.parent.mkdir(exist_ok=True)
with target.open("w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(("petal_cm", "sepal_cm", "kind"))
    writer.writerows(rows)

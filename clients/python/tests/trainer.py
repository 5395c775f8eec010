# SPDX-License-Identifier: Apache-2.0
"""A trainer in a process of its own, to be killed: python trainer.py RUN ITERATIONS REWIND [SECONDS PER EPOCH]."""

from __future__ import annotations

import sys
import time

import espalier
from support import ArrayNetwork


def main(run_id: str, iterations: int, rewind: str, pause: float = 0.0) -> None:
    network = ArrayNetwork(hidden=64)
    specification = {"iterations": iterations, "rewind": rewind, "seed": 1}
    with espalier.Session(run_id, specification) as run:
        for iteration in run.iterations(network):
            for epoch in (1, 2):
                network.train(10 * iteration.number + epoch)
                time.sleep(pause)
                iteration.epoch(epoch, 2, loss=1.0 / epoch)
            iteration.publish(accuracy=0.9 - iteration.number / 1000)
            print(iteration.number, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], *(float(text) for text in sys.argv[4:]))

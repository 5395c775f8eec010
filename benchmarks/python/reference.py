# SPDX-License-Identifier: Apache-2.0
"""The PQ Index as its definition reads (Diao et al., ICLR 2023), in torch: one task per line in, milliseconds out."""
import sys
import time

import torch


def pq_index(w, p, q):
    d = w.numel()
    return 1 - d ** (1 / q - 1 / p) * torch.linalg.vector_norm(w, p) / torch.linalg.vector_norm(w, q)


GRID = [(p / 10, q / 10) for p in range(1, 11) for q in range(10, 21)]
TASKS = {
    "pair": [(0.5, 1.0)],
    "pairs": [(0.5, 1.0), (1.0, 2.0)],
    # p = q = 1 is no pair, but costs its norms, as in the paper's grid.
    "grid": GRID,
}


def main():
    torch.set_num_threads(int(sys.argv[2]))
    torch.manual_seed(1)
    w = torch.randn(int(sys.argv[1]))
    print("ready", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        for p, q in TASKS[line.strip()]:
            pq_index(w, p, q).item()
        print((time.perf_counter() - start) * 1e3, flush=True)


main()

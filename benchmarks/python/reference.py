# SPDX-License-Identifier: Apache-2.0
"""What measuring and selection are compared with, in torch and numpy: one task per line in, milliseconds out.

The PQ Index of Diao et al. (ICLR 2023) twice: by its definition, two norms; and with the operations of the authors' own
code, which counts the active weights from the mask in float32 and takes the second norm twice.
"""
import sys
import time

import numpy
import torch


def by_definition(w, mask, p, q):
    d = w.numel()
    return 1 - d ** (1 / q - 1 / p) * torch.linalg.vector_norm(w, p) / torch.linalg.vector_norm(w, q)


def as_authors(w, mask, p, q):
    d = mask.float().sum(dim=-1)
    scaled = d ** (1 / q - 1 / p) * torch.linalg.norm(w, p, dim=-1)
    return (torch.linalg.norm(w, q, dim=-1) - scaled) / torch.linalg.norm(w, q, dim=-1)


# p = q = 1 is no pair, but costs its norms, as in the paper's grid.
PAIRS = {
    "pair": [(0.5, 1.0)],
    "pairs": [(0.5, 1.0), (1.0, 2.0)],
    "grid": [(p / 10, q / 10) for p in range(1, 11) for q in range(10, 21)],
}


def main():
    torch.set_num_threads(int(sys.argv[2]))
    torch.manual_seed(1)
    w = torch.randn(int(sys.argv[1]))
    mask = torch.ones(w.numel(), dtype=torch.bool)
    magnitudes = w.abs()
    array = magnitudes.numpy()
    fifth = w.numel() // 5
    print("ready", flush=True)
    for line in sys.stdin:
        task, _, pairs = line.strip().partition(" ")
        start = time.perf_counter()
        if task == "sort":
            torch.sort(magnitudes)
        elif task == "partition":
            numpy.partition(array, fifth)
        else:
            index = as_authors if task == "authors" else by_definition
            for p, q in PAIRS[pairs]:
                index(w, mask, p, q).item()
        print((time.perf_counter() - start) * 1e3, flush=True)


main()

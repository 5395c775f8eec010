# SPDX-License-Identifier: Apache-2.0
"""What the client costs, with 11 M parameters and a running stack: python overhead.py RUN [ROUNDS].

Prints the median of: a bare upload, publish to applied mask, the hook in relation to a step (paired), and the time of
the training thread in continual mode.
"""

import statistics
import sys
import time
import uuid

import torch
from torch import nn

import espalier
from espalier.s3 import S3Store

torch.set_num_threads(1)
torch.manual_seed(0)


def network() -> nn.Module:
    layers: list[nn.Module] = []
    for _ in range(11):
        layers += [nn.Linear(1000, 1000), nn.ReLU()]
    return nn.Sequential(*layers)


def step(model: nn.Module, optimizer: torch.optim.Optimizer, batch: int = 128) -> float:
    began = time.perf_counter()
    optimizer.zero_grad()
    model(torch.randn(batch, 1000)).square().mean().backward()
    optimizer.step()
    return time.perf_counter() - began


def blocking(run_id: str, rounds: int) -> None:
    model = network()
    store = S3Store(espalier.Settings.from_environment())
    uploads, publishes = [], []
    began = time.perf_counter()
    with espalier.Session(run_id, {"iterations": rounds, "rewind": "none"}) as run:
        for iteration in run.iterations(model):
            if iteration.number:  # the mask was applied when the iteration began
                publishes[-1] = time.perf_counter() - began
            data = b"".join(bytes(p.detach().numpy().data) for p in model.parameters())
            at = time.perf_counter()
            store.create(f"probes/{uuid.uuid4().hex}", len(data), [data])
            uploads.append(time.perf_counter() - at)
            began = time.perf_counter()
            iteration.publish(accuracy=0.9)
            publishes.append(time.perf_counter() - began)
    print(f"weights {sum(p.numel() for p in model.parameters()) / 1e6:.1f} M")
    print(f"bare upload            median {statistics.median(uploads):.3f} s of {len(uploads)}")
    print(f"publish to mask        median {statistics.median(publishes):.3f} s, fastest {min(publishes):.3f} s")


def hook(rounds: int) -> None:
    from espalier.masks import Mask
    from espalier.torch_network import TorchNetwork

    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9)
    held = TorchNetwork(model)
    mask = Mask.of({i.name: torch.rand(i.shape).numpy() < 0.5 for i in held.layout.prunable})
    ratios = []
    for batch in (128, 512):
        for _ in range(rounds):
            bare = step(model, optimizer, batch)
            held.apply(mask)
            held.hold(optimizer)
            masked = step(model, optimizer, batch)
            held.release()
            ratios.append(masked / bare - 1)
        print(f"hook, batch {batch:<4}       median {100 * statistics.median(ratios):.1f} % of a step of {bare:.2f} s")
        ratios.clear()


def continual(run_id: str, rounds: int) -> None:
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9)
    costs = []
    with espalier.Session(run_id, {"rewind": "none", "iterations": rounds + 5}) as run:
        followed = run.continual(model, optimizer, every=3)
        for _ in range(rounds):
            before, iteration = followed.overhead_seconds, run.iteration
            while run.iteration == iteration:
                step(model, optimizer, 32)
            costs.append(followed.overhead_seconds - before)
    print(
        f"continual, a snapshot  median {statistics.median(costs):.3f} s of the training thread, "
        f"{max(costs):.3f} s at most"
    )


if __name__ == "__main__":
    name, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10
    blocking(f"{name}-blocking", count)
    continual(f"{name}-continual", count)
    hook(count)

# SPDX-License-Identifier: Apache-2.0
"""One of several processes of a training, started by torchrun: ddp_trainer.py MODE RUN OUT [options as JSON]."""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from torch import distributed, nn

import espalier


def data(rank: int) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(100)
    inputs = torch.randn(256, 16)
    targets = (inputs @ torch.randn(16, 4)).argmax(1)
    size = distributed.get_world_size()
    return inputs[rank::size], targets[rank::size]


def steps(model: Any, optimizer: Any, rank: int, count: int) -> None:
    inputs, targets = data(rank)
    for i in range(count):
        rows = slice(16 * (i % 8), 16 * (i % 8) + 16)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(inputs[rows]), targets[rows]).backward()
        optimizer.step()


def blocking(run_id: str, out: Path, options: dict[str, Any]) -> None:
    rank = distributed.get_rank()
    torch.manual_seed(0)
    model = nn.parallel.DistributedDataParallel(nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4)))
    with espalier.Session(run_id, {"iterations": options.get("iterations", 3), "seed": 3}) as run:
        for iteration in run.iterations(model):
            optimizer = iteration.optimizer(torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9))
            steps(model, optimizer, rank, 16)
            if options.get("kill") == [rank, iteration.number] and not (out / "killed").exists():
                (out / "killed").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            if options.get("disagree") and rank == 1:
                with torch.no_grad():
                    next(model.parameters()).add_(1)
            iteration.epoch(1, 1, loss=0.1)
            iteration.publish(accuracy=0.9)
            (out / f"at-{rank}-{iteration.number}").touch()
    torch.save(model.module.state_dict(), out / f"weights-{rank}.pt")


def continual(run_id: str, out: Path, _options: dict[str, Any]) -> None:
    rank = distributed.get_rank()
    torch.manual_seed(0)
    model = nn.parallel.DistributedDataParallel(nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4)))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    with espalier.Session(run_id, {"iterations": 2, "rewind": "none"}) as run:
        followed = run.continual(model, optimizer, every=10, agree_every=5)
        while not followed.ended:
            steps(model, optimizer, rank, 5)
    torch.save(model.module.state_dict(), out / f"weights-{rank}.pt")


def sharded(run_id: str, out: Path, options: dict[str, Any]) -> None:
    import resource

    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    rank, width, depth = distributed.get_rank(), options["width"], options["depth"]
    mesh = init_device_mesh("cpu", (distributed.get_world_size(),))
    torch.manual_seed(0)
    with torch.device("meta"):
        model = nn.Sequential(*(nn.Linear(width, width) for _ in range(depth)))
    for layer in model:
        fully_shard(layer, mesh=mesh)
    fully_shard(model, mesh=mesh)
    model.to_empty(device="cpu")
    with torch.no_grad():
        for i, parameter in enumerate(model.parameters()):
            local = parameter.to_local()
            generator = torch.Generator().manual_seed(1000 * i + rank)
            for row in local:
                row.copy_(torch.randn(row.shape, generator=generator) / 100)
    shard = sum(p.to_local().numel() * 4 for p in model.parameters())
    for parameter in model.parameters():
        if parameter.dim() == 1:
            parameter.full_tensor()  # imports what a gathering needs
    before = resident()
    peaks = []
    with espalier.Session(run_id, {"iterations": 1, "rewind": "none"}) as run:
        for iteration in run.iterations(model):
            iteration.publish()
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
            if options.get("step"):
                optimizer = iteration.optimizer(torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9))
                model(torch.randn(4, width)).square().sum().backward()
                optimizer.step()
    full = {name: parameter.full_tensor() for name, parameter in model.state_dict().items()} if depth <= 4 else {}
    if rank == 0 and full:
        torch.save(full, out / "full.pt")
    result = {"shard": shard, "before": before, "peak": peaks[0], "with mask": peaks[-1]}
    (out / f"memory-{rank}.json").write_text(json.dumps(result))


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", timeout=timedelta(seconds=20))
    arguments = json.loads(sys.argv[4]) if len(sys.argv) > 4 else {}
    {"blocking": blocking, "continual": continual, "sharded": sharded}[sys.argv[1]](
        sys.argv[2], Path(sys.argv[3]), arguments
    )
    distributed.destroy_process_group()

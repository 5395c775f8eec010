# SPDX-License-Identifier: Apache-2.0
"""A plain training loop on generated data: python plain_loop.py RUN. Needs a stack, such as that of ./espalier up."""

import sys

import torch
from torch import nn

import espalier

torch.manual_seed(0)
inputs = torch.randn(4000, 20)
targets = (inputs @ torch.randn(20, 3)).argmax(1)
model = nn.Sequential(nn.Linear(20, 128), nn.ReLU(), nn.Linear(128, 3))


def train_one_epoch(optimizer: torch.optim.Optimizer) -> float:
    for x, y in zip(inputs[:3000].split(50), targets[:3000].split(50), strict=True):
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return float(loss)


def evaluate() -> float:
    with torch.no_grad():
        return float((model(inputs[3000:]).argmax(1) == targets[3000:]).float().mean())


with espalier.Session(sys.argv[1] if len(sys.argv) > 1 else None, {"iterations": 10, "seed": 0}) as run:
    for iteration in run.iterations(model):
        optimizer = iteration.optimizer(torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9))
        for epoch in range(1, 4):
            iteration.epoch(epoch, 3, learning_rate=0.1, loss=train_one_epoch(optimizer))
        decision = iteration.publish(accuracy=evaluate())
        print(iteration.number, decision.verdict, run.metrics)  # or wandb.log(run.metrics), mlflow.log_metrics(…)

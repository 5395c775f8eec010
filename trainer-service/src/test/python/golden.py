# SPDX-License-Identifier: Apache-2.0
"""Writes src/test/resources/golden/MODEL.txt: ten steps of PyTorch from weights and images that both sides compute.

Run in trainer-service: python3 src/test/python/golden.py
"""

import pathlib

import numpy
import torch

import models

CASES = {"mlp": (1, 6, 6), "cnn": (3, 8, 8)}
BATCH, CLASSES, STEPS = 16, 10, 10


def values(seed, count, scale):
    """Uniform within +-scale, from integers alone."""
    j = numpy.arange(count, dtype=numpy.uint64)
    hashed = (j * numpy.uint64(2654435761) + numpy.uint64(seed * 40503 + 12345)) % numpy.uint64(1 << 32)
    hashed = (hashed * numpy.uint64(1103515245) + numpy.uint64(12345)) % numpy.uint64(1 << 32)
    return ((hashed.astype(numpy.float64) / (1 << 32) - 0.5) * 2 * scale).astype(numpy.float32)


def initial(model):
    for i, (name, parameter) in enumerate(model.named_parameters()):
        fan = parameter[0].numel() if parameter.dim() > 1 else 0
        scale = 1 / fan**0.5 if fan else 0.1
        start = values(i, parameter.numel(), scale)
        if name.startswith("bn") and name.endswith("weight"):
            start = start + numpy.float32(1)
        parameter.data.copy_(torch.from_numpy(start).view_as(parameter))


def summary(name, tensor):
    flat = tensor.detach().double().flatten()
    picked = flat[:: max(1, len(flat) // 8)][:8]
    numbers = [flat.sum().item(), flat.abs().sum().item(), *picked.tolist()]
    return " ".join([name, *(f"{x:.9e}" for x in numbers)])


torch.manual_seed(0)
for case, shape in CASES.items():
    model = models.build(case, shape, CLASSES)
    initial(model)
    sgd = models.optimiser(model)
    size = shape[0] * shape[1] * shape[2]
    lines = []
    for k in range(1, STEPS + 1):
        images = torch.from_numpy(values(1000 + k, BATCH * size, 1)).view(BATCH, *shape)
        labels = torch.tensor([(i * 7 + k) % CLASSES for i in range(BATCH)])
        lines.append(f"loss {k} {models.step(model, sgd, images, labels):.9e}")
        if k in (1, STEPS):
            for name, tensor in model.state_dict().items():
                if not name.endswith("num_batches_tracked"):
                    lines.append(f"after {k} {summary(name, tensor)}")
    target = pathlib.Path(__file__).parents[1] / "resources" / "golden" / f"{case}.txt"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n")

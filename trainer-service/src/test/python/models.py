# SPDX-License-Identifier: Apache-2.0
"""Our models in PyTorch, under the names of our snapshots, and the recipe of Diao et al. (ICLR 2023)."""

import torch
from torch import nn
from torch.nn import functional as F


class Mlp(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.fc1 = nn.Linear(inputs, 128)
        self.fc2 = nn.Linear(128, 256)
        self.fc3 = nn.Linear(256, classes)

    def forward(self, x):
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc3(F.relu(self.fc2(x)))


class Cnn(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        for i, width in enumerate((64, 128, 256, 512), 1):
            setattr(self, f"conv{i}", nn.Conv2d(channels, width, 3, 1, 1))
            setattr(self, f"bn{i}", nn.BatchNorm2d(width))
            channels = width
        self.linear = nn.Linear(channels, classes)

    def forward(self, x):
        for i in range(1, 5):
            x = F.relu(getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x)))
            if i < 4:
                x = F.max_pool2d(x, 2)
        return self.linear(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Block(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        if stride != 1 or inputs != width:
            self.shortcut = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.bn1(x))
        past = self.shortcut(a) if hasattr(self, "shortcut") else x
        return self.conv2(F.relu(self.bn2(self.conv1(a)))) + past


class ResNet18(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 64, 3, 1, 1, bias=False)
        inputs = 64
        for group, width in enumerate((64, 128, 256, 512), 1):
            first = Block(inputs, width, 1 if group == 1 else 2)
            setattr(self, f"layer{group}", nn.Sequential(first, Block(width, width, 1)))
            inputs = width
        self.bn = nn.BatchNorm2d(512)
        self.linear = nn.Linear(512, classes)

    def forward(self, x):
        x = self.conv1(x)
        for group in range(1, 5):
            x = getattr(self, f"layer{group}")(x)
        return self.linear(F.adaptive_avg_pool2d(F.relu(self.bn(x)), 1).flatten(1))


def build(name, shape, classes):
    if name == "mlp":
        return Mlp(shape[0] * shape[1] * shape[2], classes)
    return {"cnn": Cnn, "resnet18": ResNet18}[name](shape[0], classes)


def optimiser(model, rate=0.1):
    return torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9, weight_decay=5e-4, nesterov=True)


def step(model, sgd, images, labels, masks=None):
    """One step; a mask applies to gradients before their norm is clipped, as ours does."""
    sgd.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    if masks:
        for name, parameter in model.named_parameters():
            if name in masks:
                parameter.grad.mul_(masks[name])
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
    sgd.step()
    return loss.item()

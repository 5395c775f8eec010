# SPDX-License-Identifier: Apache-2.0
"""PyTorch modules: masks after each step, and odd parameters."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import espalier
from espalier import Mask, RunConflictError, Session, UsageError
from espalier.tensorfile import TensorFile, header
from support import FakeLoop

torch = pytest.importorskip("torch")
nn = torch.nn
pytestmark = pytest.mark.torch


@pytest.fixture
def loop(tmp_path: Path) -> FakeLoop:
    torch.manual_seed(0)
    return FakeLoop(tmp_path)


def network(model: Any) -> Any:
    from espalier.torch_network import TorchNetwork

    return TorchNetwork(model)


def mlp() -> Any:
    return nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))


def half(**shapes: tuple[int, ...]) -> Mask:
    """A mask that prunes every other weight."""
    return Mask.of(
        {name.replace("__", "."): (np.arange(np.prod(shape)) % 2 == 0).reshape(shape) for name, shape in shapes.items()}
    )


def step(model: Any, optimizer: Any) -> None:
    optimizer.zero_grad()
    model(torch.randn(5, 6)).square().sum().backward()
    optimizer.step()


OPTIMIZERS: list[Callable[[Any], Any]] = [
    lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1, nesterov=True),
    lambda p: torch.optim.AdamW(p, lr=0.1),
    lambda p: torch.optim.Adam(p, lr=0.1, foreach=True),
    lambda p: torch.optim.RMSprop(p, lr=0.1, momentum=0.9),
]


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_pruned_weights_and_their_momentum_are_zero_after_each_step(make: Callable[[Any], Any]) -> None:
    model = mlp()
    optimizer = make(model.parameters())
    for _ in range(3):
        step(model, optimizer)
    held = network(model)
    mask = half(**{"0__weight": (8, 6)})
    held.apply(mask)
    held.hold(optimizer)
    gone = torch.from_numpy(~mask["0.weight"])
    for _ in range(3):
        step(model, optimizer)
        assert not model[0].weight[gone].any()
        assert model[0].weight[~gone].all()
        for value in optimizer.state[model[0].weight].values():
            if isinstance(value, torch.Tensor) and value.shape == model[0].weight.shape:
                assert not value[gone].any()
    held.release()
    step(model, optimizer)
    assert model[0].weight[gone].any(), "after the release, nothing is masked"


def test_a_naive_mask_before_training_does_not_hold() -> None:
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    gone = torch.from_numpy(~half(w=(8, 6))["w"])
    step(model, optimizer)
    with torch.no_grad():
        model[0].weight[gone] = 0
    step(model, optimizer)
    assert model[0].weight[gone].any()


def test_a_skipped_step_of_a_grad_scaler_needs_nothing() -> None:
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    held = network(model)
    held.apply(half(**{"0__weight": (8, 6)}))
    held.hold(optimizer)
    scaler = torch.amp.GradScaler("cpu", init_scale=1e30)
    before = copy.deepcopy(model.state_dict())
    scaler.scale(model(torch.randn(5, 6)).square().sum() * 1e20).backward()
    scaler.step(optimizer)
    scaler.update()
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_gradients_of_pruned_weights_can_be_kept_out_of_the_norm() -> None:
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    held = network(model)
    mask = half(**{"0__weight": (8, 6)})
    held.apply(mask)
    held.hold(optimizer, gradients=True)
    model(torch.randn(5, 6)).square().sum().backward()
    assert not model[0].weight.grad[torch.from_numpy(~mask["0.weight"])].any()
    assert model[0].weight.grad.any()


def test_the_state_dict_stays_as_it_is() -> None:
    model = mlp()
    before = list(model.state_dict())
    held = network(model)
    held.apply(half(**{"0__weight": (8, 6)}))
    held.hold(torch.optim.SGD(model.parameters(), lr=0.1))
    assert list(model.state_dict()) == before
    assert not model._forward_hooks
    copy.deepcopy(model)


class Tied(nn.Module):  # type: ignore[name-defined, misc]
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 6)
        self.head = nn.Linear(6, 7, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, x: Any) -> Any:
        return self.head(x)


def file_of(held: Any, tmp_path: Path) -> TensorFile:
    path = tmp_path / "w.safetensors"
    path.write_bytes(header(held.layout.infos, {}) + b"".join(held.chunks()))
    return TensorFile(path)


def test_a_tied_tensor_is_published_once_and_masked_everywhere(tmp_path: Path) -> None:
    model = Tied()
    held = network(model)
    assert [info.name for info in held.layout.prunable] == ["embedding.weight"]
    assert held.layout.unprunable["head.weight"] == "it is the same tensor as embedding.weight"
    held.apply(half(embedding__weight=(7, 6)))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    held.hold(optimizer)
    step(model, optimizer)
    assert int((model.head.weight == 0).sum()) == 21
    assert len(file_of(held, tmp_path).header.infos) == 1


def test_parameters_that_share_memory_are_one_tensor() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    model[1].weight.data = model[0].weight.data
    assert [info.name for info in network(model).layout.prunable] == ["0.weight"]


class Buffered(nn.Module):  # type: ignore[name-defined, misc]
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 3)
        self.register_buffer("class_weight", torch.ones(3, 3))
        self.register_buffer("cache", torch.ones(3), persistent=False)
        self.norm = nn.BatchNorm1d(3)

    def forward(self, x: Any) -> Any:
        return self.norm(self.fc(x) @ self.class_weight)


def test_a_buffer_that_looks_like_a_weight_is_stored_but_never_masked(tmp_path: Path) -> None:
    model = Buffered()
    held = network(model)
    assert [info.name for info in held.layout.prunable] == ["fc.weight"]
    assert held.layout.unprunable["class_weight.buffer"] == "it is a buffer, not a parameter"
    stored = file_of(held, tmp_path)
    with torch.no_grad():
        model.class_weight.zero_()
        model.norm.num_batches_tracked += 5
    held.load(stored)
    assert model.class_weight.all()
    assert int(model.norm.num_batches_tracked) == 0
    assert "cache" not in {info.name for info in held.layout.infos}


def test_a_frozen_parameter_is_stored_but_never_masked(tmp_path: Path) -> None:
    model = mlp()
    model[0].weight.requires_grad_(False)
    held = network(model)
    assert [info.name for info in held.layout.prunable] == ["2.weight"]
    assert held.layout.unprunable["0.weight.frozen"] == "it is frozen: requires_grad is False"
    assert file_of(held, tmp_path).info("0.weight.frozen").shape == (8, 6)


class Inner(nn.Module):  # type: ignore[name-defined, misc]
    def __init__(self) -> None:
        super().__init__()
        self.module = nn.Linear(6, 3)

    def forward(self, x: Any) -> Any:
        return self.module(x)


WRAPPERS: list[tuple[str, Callable[[Any], Any]]] = [
    ("plain", lambda m: m),
    ("DataParallel", nn.DataParallel),
    ("compiled", torch.compile),
    ("nested", lambda m: torch.compile(nn.DataParallel(torch.compile(m)))),
    ("averaged", torch.optim.swa_utils.AveragedModel),
]


@pytest.mark.parametrize("wrap", [wrap for _, wrap in WRAPPERS], ids=[name for name, _ in WRAPPERS])
def test_prefixes_of_wrappers_are_not_part_of_a_name(wrap: Callable[[Any], Any]) -> None:
    held = network(wrap(Inner()))
    assert [info.name for info in held.layout.prunable] == ["module.weight"]
    names = {info.name for info in held.layout.infos} - {"n_averaged"}
    assert names == {"module.weight", "module.bias"}, "a part of the user's own name stays"


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64"])
def test_other_types_are_stored_and_loaded_bit_by_bit(dtype: str, tmp_path: Path) -> None:
    model = mlp().to(getattr(torch, dtype))
    held = network(model)
    before = copy.deepcopy(model.state_dict())
    stored = file_of(held, tmp_path)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    held.load(stored)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    from safetensors.torch import load_file

    assert torch.equal(load_file(stored.path)["0.weight"], before["0.weight"])


def test_master_copies_are_masked_or_else_weights_come_back() -> None:
    gone = torch.from_numpy(~half(w=(8, 6))["w"])
    for named in (False, True):
        model = mlp().to(torch.bfloat16)
        masters = {p: p.detach().float().clone().requires_grad_() for p in model.parameters()}
        optimizer = torch.optim.SGD(masters.values(), lr=0.1, momentum=0.9)
        held = network(model)
        held.apply(half(**{"0__weight": (8, 6)}))
        if named:
            held.hold(optimizer, masters=masters)
        else:
            with pytest.raises(UsageError, match="masters="):
                held.hold(optimizer)
        for _ in range(2):
            for master in masters.values():
                master.grad = torch.ones_like(master)
            optimizer.step()
            with torch.no_grad():
                for parameter, master in masters.items():
                    parameter.copy_(master)
        assert bool(model[0].weight[gone].any()) != named


def test_averaged_copies_are_masked_too() -> None:
    model = mlp()
    averaged = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    held = network(model)
    held.apply(half(**{"0__weight": (8, 6)}))
    held.hold(optimizer, copies=(averaged,))
    gone = torch.from_numpy(~half(w=(8, 6))["w"])
    for _ in range(3):
        step(model, optimizer)
        averaged.update_parameters(model)
    assert not averaged.module[0].weight[gone].any()
    assert averaged.module[0].weight[~gone].all()


def test_weights_that_are_not_finite_are_named() -> None:
    model = mlp()
    assert network(model).non_finite() is None
    with torch.no_grad():
        model[2].weight[1, 2] = float("nan")
    assert network(model).non_finite() == "1 of 24 values of 2.weight are not finite, the first at 10"


def test_a_mask_file_is_applied_to_a_model(tmp_path: Path) -> None:
    model = nn.ModuleDict({"fc1": nn.Linear(4, 3), "fc2": nn.Linear(4, 2)})
    objects = Path(__file__).resolve().parents[3] / "shared-schemas/examples/objects"
    espalier.apply_mask(model, objects / "mask.safetensors")
    assert int((model["fc1"].weight == 0).sum()) == 2
    assert int((model["fc2"].weight == 0).sum()) == 3
    with pytest.raises(espalier.LayoutChangedError):
        espalier.apply_mask(mlp(), objects / "mask.safetensors")


def test_batch_norm_is_estimated_again_and_the_mode_stays() -> None:
    model = nn.Sequential(nn.Linear(6, 3), nn.BatchNorm1d(3), nn.Dropout(0.5))
    model[2].eval()
    batches = [(torch.randn(32, 6) + 3, None) for _ in range(4)]
    from espalier.torch_network import recalibrate

    model[1].running_mean.fill_(99)
    recalibrate(network(model), batches, None)
    expected = torch.stack([model[0](x).mean(0) for x, _ in batches]).mean(0)
    assert torch.allclose(model[1].running_mean, expected, atol=1e-5)
    assert model[1].training
    assert not model[2].training
    assert model[1].momentum == 0.1


def test_pqi_takes_tensors() -> None:
    weight = torch.tensor([[3.0, 3.0], [1.0, 0.0]])
    assert espalier.pqi(weight) == pytest.approx(espalier.pqi(weight.numpy()))
    assert espalier.pqi(weight.bfloat16(), mask=weight > 2) == 0


def train(loop: FakeLoop, model: Any, steps: int = 3, **specification: Any) -> None:
    with Session("fake", {"iterations": 3, **specification}, loop=loop) as run:
        for iteration in run.iterations(model):
            optimizer = iteration.optimizer(torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9))
            for _ in range(steps):
                step(model, optimizer)
            iteration.publish(accuracy=0.5)


@pytest.mark.parametrize("rewind", ["initial", "none"])
def test_a_whole_run_prunes_a_module(loop: FakeLoop, rewind: str) -> None:
    model = mlp()
    train(loop, model, rewind=rewind)
    assert [decision.active for decision in loop.decisions] == [72, 59, 48, 39]
    zeros = sum(int((p == 0).sum()) for p in (model[0].weight, model[2].weight))
    assert zeros == 72 - 39


def test_the_seed_makes_iterations_repeatable(tmp_path: Path) -> None:
    found = []
    for attempt in (1, 2):
        torch.manual_seed(0)
        model = mlp()
        torch.manual_seed(attempt)
        loop = FakeLoop(tmp_path / f"{attempt}")
        train(loop, model, seed=5)
        found.append([snapshot.weights.sha256 for snapshot in loop.published])
    assert found[0] == found[1]


def test_another_model_is_refused_by_the_tensor_that_differs(loop: FakeLoop) -> None:
    train(loop, mlp())
    with pytest.raises(RunConflictError, match=r"0\.bias is F32 \[9\] in this model, but F32 \[8\]"):
        train(loop, nn.Sequential(nn.Linear(6, 9), nn.ReLU(), nn.Linear(8, 3)))


def test_something_that_is_no_module_is_refused(loop: FakeLoop) -> None:
    with pytest.raises(UsageError, match=r"str is neither a torch\.nn\.Module"), Session("fake", loop=loop) as run:
        next(run.iterations("model"))

# SPDX-License-Identifier: Apache-2.0
"""Callbacks with the real Lightning and the real Hugging Face Trainer, blocking and continual."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from espalier import Metric, Session
from support import FakeLoop

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch


@pytest.fixture(autouse=True)
def quiet() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def zeros(model: Any, loop: FakeLoop) -> None:
    """The masked weights of the model are 0."""
    found = {name: int((p == 0).sum()) for name, p in model.named_parameters() if p.dim() == 2}
    assert loop.published[-1].mask is not None
    mask = loop._mask(loop.published[-1].mask)
    assert mask is not None
    assert sum(found.values()) >= mask.total - mask.active > 0


@pytest.fixture
def module() -> Any:
    pl = pytest.importorskip("lightning.pytorch")

    class Module(pl.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.net = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Linear(16, 2))

        def training_step(self, batch: Any, _index: int) -> Any:
            loss = torch.nn.functional.cross_entropy(self.net(batch[0]), batch[1])
            self.log("train_loss", loss)
            return loss

        def validation_step(self, batch: Any, _index: int) -> None:
            self.log("val_acc", (self.net(batch[0]).argmax(1) == batch[1]).float().mean())

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.1, momentum=0.9)

    torch.manual_seed(0)
    return Module()


def loader() -> Any:
    inputs = torch.randn(64, 8)
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(inputs, (inputs.sum(1) > 0).long()), 16)


def trainer(callback: Any, epochs: int) -> Any:
    pl = pytest.importorskip("lightning.pytorch")
    return pl.Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[callback],
    )


def test_lightning_one_fit_is_one_iteration(tmp_path: Path, module: Any) -> None:
    from espalier.lightning import EspalierCallback

    loop = FakeLoop(tmp_path, iterations=2)
    with Session("fake", {"iterations": 2}, loop=loop) as run:
        for iteration in run.iterations(module):
            trainer(EspalierCallback(iteration), 2).fit(module, loader(), loader())
    assert [snapshot.iteration for snapshot in loop.published] == [0, 1, 2]
    assert {metric.name for metric in loop.published[0].metrics} == {"loss", "accuracy"}
    assert sum(type(report).__name__ == "EpochCompleted" for report in loop.reports) == 6
    zeros(module, loop)


def test_lightning_one_long_fit_is_pruned_in_place(tmp_path: Path, module: Any) -> None:
    from espalier.lightning import EspalierCallback

    loop = FakeLoop(tmp_path, iterations=2)
    with Session("fake", {"rewind": "none"}, loop=loop) as run:
        callback = EspalierCallback(run, every=4)
        fit = trainer(callback, 500)
        fit.fit(module, loader())
        assert callback.continual is not None
        assert callback.continual.ended
        assert fit.current_epoch < 500, "the decision to stop ended the training"
    assert [snapshot.iteration for snapshot in loop.published] == [0, 1, 2]
    zeros(module, loop)


@pytest.fixture
def transformer() -> Any:
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=50,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=16,
        num_labels=2,
    )
    return transformers.BertForSequenceClassification(config)


def tokens() -> list[dict[str, Any]]:
    generator = torch.Generator().manual_seed(0)
    rows = torch.randint(0, 50, (32, 8), generator=generator)
    return [{"input_ids": row, "attention_mask": torch.ones(8, dtype=torch.long), "labels": row[0] % 2} for row in rows]


def hf_trainer(model: Any, callback: Any, folder: Path, **arguments: Any) -> Any:
    from transformers import Trainer, TrainingArguments

    options = TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=8,
        use_cpu=True,
        report_to=[],
        save_strategy="no",
        logging_steps=2,
        disable_tqdm=True,
        **arguments,
    )
    return Trainer(
        model, options, train_dataset=tokens(), eval_dataset=tokens(), callbacks=[callback], compute_metrics=accuracy
    )


def accuracy(prediction: Any) -> dict[str, float]:
    return {"accuracy": float((prediction.predictions.argmax(1) == prediction.label_ids).mean())}


def test_hugging_face_one_training_is_one_iteration(tmp_path: Path, transformer: Any) -> None:
    from espalier.huggingface import EspalierCallback

    loop = FakeLoop(tmp_path / "store", iterations=2)
    with Session("fake", {"iterations": 2}, loop=loop) as run:
        for iteration in run.iterations(transformer):
            callback = EspalierCallback(iteration)
            arguments = {"num_train_epochs": 2, "eval_strategy": "epoch", "gradient_accumulation_steps": 2}
            hf_trainer(transformer, callback, tmp_path / "out", **arguments).train()
    assert [snapshot.iteration for snapshot in loop.published] == [0, 1, 2]
    assert Metric("accuracy", "validation", 0.5) in [
        Metric(m.name, m.split, 0.5) for m in loop.published[0].metrics if m.name == "accuracy"
    ]
    zeros(transformer, loop)


def test_hugging_face_one_long_training_is_pruned_in_place(tmp_path: Path, transformer: Any) -> None:
    from espalier.huggingface import EspalierCallback

    loop = FakeLoop(tmp_path / "store", iterations=2)
    with Session("fake", {"rewind": "none"}, loop=loop) as run:
        callback = EspalierCallback(run, every=3)
        training = hf_trainer(transformer, callback, tmp_path / "out", max_steps=3000)
        training.train()
        assert training.state.global_step < 3000, "the decision to stop ended the training"
    assert [snapshot.iteration for snapshot in loop.published] == [0, 1, 2]
    zeros(transformer, loop)


@pytest.mark.parametrize("module_name", ["lightning", "huggingface"])
def test_a_callback_has_less_than_a_hundred_lines(module_name: str) -> None:
    file = Path(__file__).resolve().parents[1] / "src/espalier" / f"{module_name}.py"
    assert len(file.read_text().splitlines()) < 100


def test_a_model_of_timm_is_pruned(tmp_path: Path) -> None:
    timm = pytest.importorskip("timm")
    torch.manual_seed(0)
    model = timm.create_model("resnet10t", pretrained=False, num_classes=2)
    loop = FakeLoop(tmp_path, iterations=1)
    with Session("fake", {"iterations": 1}, loop=loop) as run:
        for iteration in run.iterations(model):
            optimizer = iteration.optimizer(torch.optim.SGD(model.parameters(), lr=0.01))
            model(torch.randn(2, 3, 32, 32)).sum().backward()
            optimizer.step()
            iteration.recalibrate([torch.randn(2, 3, 32, 32)])
            iteration.publish(accuracy=0.5)
    assert len(loop.published) == 2
    assert all(name.endswith("weight") for name in loop._mask(loop.published[1].mask) or ())

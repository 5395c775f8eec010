# SPDX-License-Identifier: Apache-2.0
"""Times training in PyTorch on request: reads `MODEL STEPS` from stdin, answers with the milliseconds of a step.

Arguments: threads, the folder of models.py, the folder of MNIST's IDX files. `mlp`, `cnn` and `resnet18` step on one batch
made beforehand; `mnist` steps on batches of a DataLoader that makes each image as torchvision does: a PIL image, to
a tensor, to 0..1, normalised, collated one by one in this process (num_workers=0), as the authors' code has it.
`about` answers with versions and the BLAS in use.
"""

import gzip
import sys
import time

import torch

THREADS, MODELS, MNIST = int(sys.argv[1]), sys.argv[2], sys.argv[3]
sys.path.insert(0, MODELS)
import models  # noqa: E402

torch.set_num_threads(THREADS)
torch.manual_seed(0)
BATCH = 250


def loader():
    import numpy
    from PIL import Image
    from torch.utils.data import DataLoader, Dataset

    with gzip.open(MNIST + "/train-images-idx3-ubyte.gz") as file:
        images = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(MNIST + "/train-labels-idx1-ubyte.gz") as file:
        labels = numpy.frombuffer(file.read(), numpy.uint8, offset=8).astype(numpy.int64)

    class Images(Dataset):
        def __len__(self):
            return len(labels)

        def __getitem__(self, i):
            image = Image.fromarray(images[i], mode="L")
            tensor = torch.from_numpy(numpy.array(image, numpy.uint8, copy=True)).view(28, 28, 1)
            tensor = tensor.permute((2, 0, 1)).contiguous().to(torch.float32).div(255)
            mean = torch.as_tensor((0.1307,), dtype=torch.float32).view(-1, 1, 1)
            deviation = torch.as_tensor((0.3081,), dtype=torch.float32).view(-1, 1, 1)
            return tensor.clone().sub_(mean).div_(deviation), torch.tensor(labels[i])

    return DataLoader(Images(), BATCH, shuffle=True)


def batches(name):
    while name == "mnist":
        yield from loader()
    shape = (1, 28, 28) if name == "mlp" else (3, 32, 32)
    images, labels = torch.randn(BATCH, *shape), torch.randint(10, (BATCH,))
    while True:
        yield images, labels


def build(name):
    model = models.build("mlp", (1, 28, 28), 10) if name in ("mlp", "mnist") else models.build(name, (3, 32, 32), 10)
    return model, models.optimiser(model, 0.01), batches(name)


def about():
    torch.ones(2, 2) @ torch.ones(2, 2)
    with open("/proc/self/maps") as maps:
        libraries = {line.split()[-1].rsplit("/", 1)[-1] for line in maps if "/" in line}
    blas = [name for name in sorted(libraries) if "blas" in name or "mkl" in name]
    return f"torch {torch.__version__}, {torch.get_num_threads()} thread(s), BLAS: {', '.join(blas) or 'its own'}"


made = {}
print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "about":
        print(about(), flush=True)
        continue
    name, steps = line.split()
    if name not in made:
        made[name] = build(name)
    model, sgd, source = made[name]
    start = time.perf_counter()
    for _ in range(int(steps)):
        models.step(model, sgd, *next(source))
    print(1000 * (time.perf_counter() - start) / int(steps), flush=True)

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import dev.espalier.trainer.adapter.djl.DjlEngine;
import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.data.FileDatasets;
import dev.espalier.trainer.domain.data.ImageShape;
import dev.espalier.trainer.domain.data.Normalisation;
import dev.espalier.trainer.domain.data.Split;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.training.Network;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Prints the table of training speed of {@code docs/performance.md}. */
final class TrainingSideBySide {

    private static final int CLASSES = 10;
    private static final String MNIST = "mnist";

    /** What is compared, and in how many steps at a time. */
    private record Discipline(String name, String title, int steps, int warmUps) {}

    private final DjlEngine engine;
    private final Optional<Python> python;
    private final int rounds;
    private final PrintStream out;

    private TrainingSideBySide(
            DjlEngine engine, Optional<Python> python, int rounds, PrintStream out) {
        this.engine = engine;
        this.python = python;
        this.rounds = rounds;
        this.out = out;
    }

    /**
     * @param args threads, number of rounds, folder of training.py, folder of models.py, Python,
     *     folder of MNIST, models
     */
    static void main(String[] args) throws InterruptedException {
        int threads = Integer.parseInt(args[0]);
        Path mnist = Path.of(args[5]);
        List<String> wanted = List.of(args[6].split(",", -1));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        DjlEngine engine = new DjlEngine(threads);
        Optional<Python> python =
                Python.start(args[4], Path.of(args[2], "training.py"), threads, args[3], mnist);
        out.printf(
                "Images/s, batches of 250, %d thread(s) each, %s rounds in turns, load average %.1f%n",
                threads,
                args[1],
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        out.printf("Ours: PyTorch %s, MKL_CBWR=%s%n", engine.version(), System.getenv("MKL_CBWR"));
        out.printf("Python: %s%n%n", python.map(it -> it.ask("about")).orElse("has no torch"));
        var comparison = new TrainingSideBySide(engine, python, Integer.parseInt(args[1]), out);
        // PyTorch's worker threads belong to the thread that calls, and the allocator's settings
        // reach only threads that are born after them.
        Thread thread = new Thread(() -> comparison.run(wanted, mnist), "training");
        thread.start();
        thread.join();
        python.ifPresent(Python::close);
    }

    private void run(List<String> wanted, Path mnist) {
        out.println("| | ours | Python | ratio | ours, best | Python, best | ratio of the best |");
        out.println("|---|---:|---:|---:|---:|---:|---:|");
        for (Discipline discipline :
                List.of(
                        new Discipline("mlp", "MLP, MNIST's size, steps alone", 100, 5),
                        new Discipline(MNIST, "MLP on MNIST, with loading", 60, 5),
                        new Discipline("cnn", "CNN, CIFAR's size, steps alone", 2, 2),
                        new Discipline("resnet18", "ResNet18, likewise", 1, 1))) {
            boolean isMnist = discipline.name().equals(MNIST);
            if (wanted.contains(discipline.name()) && (!isMnist || Files.isDirectory(mnist))) {
                compare(discipline, mnist);
            }
        }
    }

    private void compare(Discipline discipline, Path mnist) {
        String name = discipline.name();
        Dataset dataset =
                switch (name) {
                    case MNIST -> FileDatasets.mnist(mnist);
                    case "mlp" -> random(1, 28);
                    default -> random(3, 32);
                };
        String model = name.equals(MNIST) ? "mlp" : name;
        Network network = engine.open(Architecture.of(model, dataset.shape(), CLASSES));
        int steps = discipline.steps();
        try (TrainingSteps ours =
                name.equals(MNIST)
                        ? TrainingSteps.withLoading("ours", steps, network, dataset)
                        : TrainingSteps.onOneBatch("ours", steps, network, dataset)) {
            List<SideBySideCase> cases =
                    python.<List<SideBySideCase>>map(
                                    it -> List.of(ours, it.task("Python", name + " " + steps)))
                            .orElseGet(() -> List.of(ours));
            SideBySideTiming.Result result =
                    SideBySideTiming.run(cases, discipline.warmUps(), rounds);
            out.println(row(discipline.title(), result));
        }
    }

    private static String row(String title, SideBySideTiming.Result result) {
        double batch = 1000.0 * TrainingSteps.RECIPE.batchSize();
        List<Double> medians = result.medians();
        List<Double> best = result.best();
        if (medians.size() == 1) {
            return "| %s | %.0f | | | %.0f | | |"
                    .formatted(title, batch / medians.getFirst(), batch / best.getFirst());
        }
        return "| %s | %.0f | %.0f | %.2f | %.0f | %.0f | %.2f |"
                .formatted(
                        title,
                        batch / medians.get(0),
                        batch / medians.get(1),
                        medians.get(1) / medians.get(0),
                        batch / best.get(0),
                        batch / best.get(1),
                        best.get(1) / best.get(0));
    }

    private static Dataset random(int channels, int side) {
        ImageShape shape = new ImageShape(channels, side, side);
        int count = TrainingSteps.RECIPE.batchSize();
        byte[] values = new byte[count * shape.size()];
        byte[] labels = new byte[count];
        SplittableRandom random = new SplittableRandom(0);
        random.nextBytes(values);
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) random.nextInt(CLASSES);
        }
        List<Double> halves = Collections.nCopies(channels, 0.5);
        Split few = Split.ofBytes(shape, Arrays.copyOf(values, shape.size()), new byte[1]);
        return new Dataset(
                "random",
                CLASSES,
                new Normalisation(halves, halves),
                Split.ofBytes(shape, values, labels),
                few);
    }
}

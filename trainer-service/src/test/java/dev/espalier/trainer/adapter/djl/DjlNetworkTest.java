// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.trainer.domain.data.Augmentation;
import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.data.FileDatasets;
import dev.espalier.trainer.domain.data.IdxFolder;
import dev.espalier.trainer.domain.data.ImageShape;
import dev.espalier.trainer.domain.data.Normalisation;
import dev.espalier.trainer.domain.data.Split;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.model.Initialiser;
import dev.espalier.trainer.domain.model.Mlp;
import dev.espalier.trainer.domain.model.Parameter;
import dev.espalier.trainer.domain.training.DivergedException;
import dev.espalier.trainer.domain.training.EpochResult;
import dev.espalier.trainer.domain.training.IterationTraining;
import dev.espalier.trainer.domain.training.Network;
import dev.espalier.trainer.domain.training.Position;
import dev.espalier.trainer.domain.training.PrunedJudgement;
import dev.espalier.trainer.domain.training.Recipe;
import dev.espalier.trainer.domain.training.Score;
import dev.espalier.trainer.domain.training.TrainingControl;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DjlNetworkTest {

    private static final DjlEngine ENGINE = new DjlEngine(1);
    private static Dataset dataset;
    private static Dataset coloured;

    @BeforeAll
    static void writeData(@TempDir Path folder) {
        dataset = FileDatasets.mnist(IdxFolder.write(folder, 430, 100));
        coloured = coloured(230, 60);
    }

    @Test
    void shouldLearn() {
        try (Network network = open("mlp", 1)) {
            List<EpochResult> results = train(network, recipe(10, 0.1), Integer.MAX_VALUE);

            assertThat(results).hasSize(10);
            assertThat(results.getLast().test().accuracy()).isGreaterThan(0.95);
            assertThat(results.getLast().trainLoss()).isLessThan(0.2);
            assertThat(results.getLast().test().count()).isEqualTo(100);
        }
    }

    @Test
    void shouldStepAsAReferenceInDoublePrecisionDoes() {
        TrainingSpec recipe = recipe(2, 0.1);
        ReferenceMlp reference = new ReferenceMlp(new Mlp(36, 10), new Initialiser(1));
        try (Network network = open("mlp", 1)) {
            double[] losses = reference.train(dataset, new Recipe(recipe, 5), 0);
            List<EpochResult> results = train(network, recipe, Integer.MAX_VALUE);

            for (int epoch = 0; epoch < 2; epoch++) {
                assertThat(results.get(epoch).trainLoss()).isCloseTo(losses[epoch], within(1e-5));
            }
            for (int i = 0; i < 6; i++) {
                float[] actual = values(network, i);
                double[] expected = reference.parameter(i);
                for (int j = 0; j < actual.length; j++) {
                    assertThat((double) actual[j]).isCloseTo(expected[j], within(2e-6));
                }
            }
        }
    }

    @Test
    void shouldEndWithTheSameBytesWhenRepeated() {
        try (Network first = open("mlp", 1);
                Network second = open("mlp", 1)) {
            train(first, recipe(3, 0.1), Integer.MAX_VALUE);
            train(second, recipe(3, 0.1), Integer.MAX_VALUE);

            for (int i = 0; i < 6; i++) {
                assertThat(values(second, i)).isEqualTo(values(first, i));
            }
        }
    }

    @Test
    void shouldEndWithTheSameBytesWhenInterruptedBeforeEveryBatch() {
        try (Network whole = open("mlp", 1);
                Network pieces = open("mlp", 1)) {
            List<EpochResult> expected = train(whole, recipe(3, 0.1), Integer.MAX_VALUE);
            List<EpochResult> actual = train(pieces, recipe(3, 0.1), 1);

            assertThat(actual).isEqualTo(expected);
            for (int i = 0; i < 6; i++) {
                assertThat(values(pieces, i)).isEqualTo(values(whole, i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cnn", "resnet18"})
    void shouldLearnWithConvolutionsAndRepeatItsBytes(String model) {
        try (Network first = open(model, coloured, 1);
                Network second = open(model, coloured, 1)) {
            List<EpochResult> results = train(first, coloured, recipe(2, 0.02), Integer.MAX_VALUE);
            train(second, coloured, recipe(2, 0.02), 1);

            assertThat(results.getLast().trainLoss()).isLessThan(results.getFirst().trainLoss());
            for (int i = 0; i < first.architecture().parameters().size(); i++) {
                assertThat(values(second, i)).isEqualTo(values(first, i));
            }
            for (int i = 0; i < first.architecture().buffers().size(); i++) {
                assertThat(buffer(second, i)).isEqualTo(buffer(first, i));
            }
            assertThat(buffer(first, 0)).isNotEqualTo(new float[64]);
        }
    }

    @Test
    void shouldJudgePrunedWeightsByStatisticsOfTheirOwn() {
        Recipe recipe = new Recipe(recipe(2, 0.02), 5);
        try (Network network = open("cnn", coloured, 1)) {
            train(network, coloured, recipe.training(), Integer.MAX_VALUE);
            float[] before = buffer(network, 0);
            network.loadBuffer(1, MemorySegment.ofArray(huge(64)));

            Score score =
                    PrunedJudgement.of(coloured, recipe, 1, network, () -> true).orElseThrow();

            assertThat(score.count()).isEqualTo(60);
            assertThat(score.accuracy()).isGreaterThan(0.5);
            assertThat(buffer(network, 0)).isNotEqualTo(before);
            assertThat(PrunedJudgement.of(coloured, recipe, 1, network, () -> false)).isEmpty();
        }
    }

    @Test
    void invariant3ShouldKeepPrunedWeightsAtZeroAndTrainTheOthers() {
        try (Network network = open("linear", 1)) {
            MaskTensor mask = MaskTensor.ones(List.of(10L, 36L));
            for (int i = 0; i < 360; i += 2) {
                mask.clear(i);
            }
            float[] before = values(network, 0);
            network.mask(0, mask);

            train(network, recipe(3, 0.1), Integer.MAX_VALUE);

            float[] after = values(network, 0);
            for (int i = 0; i < 360; i++) {
                if (mask.get(i)) {
                    assertThat(after[i]).isNotEqualTo(before[i]);
                } else {
                    assertThat(Float.floatToRawIntBits(after[i])).isZero();
                }
            }
        }
    }

    @Test
    void shouldSayWhereTrainingDiverged() {
        try (Network network = open("mlp", 1)) {
            float[] huge = values(network, 0);
            java.util.Arrays.fill(huge, Float.MAX_VALUE);
            network.load(0, MemorySegment.ofArray(huge));

            assertThatExceptionOfType(DivergedException.class)
                    .isThrownBy(() -> train(network, recipe(1, 0.1), Integer.MAX_VALUE))
                    .withMessageStartingWith(
                            "Iteration 0, epoch 1 of 1, image 0 of 430: the loss is")
                    .withMessageContaining("Maybe lower the learning rate, which is 0.1");
        }
    }

    private static TrainingSpec recipe(int epochs, double learningRate) {
        return new TrainingSpec(
                epochs, 100, learningRate, 0.9, true, 5e-4, 1, TrainingSpec.Schedule.COSINE);
    }

    /** Noise, brighter in one channel, by class; mirrored and cropped. */
    private static Dataset coloured(int train, int test) {
        ImageShape shape = new ImageShape(3, 8, 8);
        List<Split> splits = new ArrayList<>();
        for (int count : List.of(train, test)) {
            SplittableRandom random = new SplittableRandom(count);
            byte[] values = new byte[count * shape.size()];
            byte[] labels = new byte[count];
            for (int n = 0; n < count; n++) {
                labels[n] = (byte) random.nextInt(3);
                for (int i = 0; i < shape.size(); i++) {
                    int light = i / shape.plane() == labels[n] ? 150 : 50;
                    values[n * shape.size() + i] = (byte) (light + random.nextInt(80));
                }
            }
            splits.add(Split.ofBytes(shape, values, labels));
        }
        Normalisation normalisation =
                new Normalisation(List.of(0.5, 0.5, 0.5), List.of(0.3, 0.3, 0.3));
        return new Dataset("colours", 3, normalisation, splits.get(0), splits.get(1))
                .with(Augmentation.FLIP_AND_CROP);
    }

    private static Network open(String model, long seed) {
        return open(model, dataset, seed);
    }

    private static Network open(String model, Dataset data, long seed) {
        Architecture architecture = Architecture.of(model, data.shape(), data.classes());
        Network network = ENGINE.open(architecture);
        List<Parameter> parameters = architecture.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            float[] values = new Initialiser(seed).draw(parameters.get(i), i);
            network.load(i, MemorySegment.ofArray(values));
        }
        List<Parameter> buffers = architecture.buffers();
        for (int i = 0; i < buffers.size(); i++) {
            float[] values = new Initialiser(seed).draw(buffers.get(i), i);
            network.loadBuffer(i, MemorySegment.ofArray(values));
        }
        return network;
    }

    private static float[] values(Network network, int parameter) {
        float[] values = new float[(int) network.architecture().parameters().get(parameter).size()];
        network.store(parameter, MemorySegment.ofArray(values));
        return values;
    }

    private static float[] buffer(Network network, int buffer) {
        float[] values = new float[(int) network.architecture().buffers().get(buffer).size()];
        network.storeBuffer(buffer, MemorySegment.ofArray(values));
        return values;
    }

    private static float[] huge(int length) {
        float[] values = new float[length];
        java.util.Arrays.fill(values, 1e9f);
        return values;
    }

    private static List<EpochResult> train(
            Network network, TrainingSpec recipe, int batchesAtATime) {
        return train(network, dataset, recipe, batchesAtATime);
    }

    private static List<EpochResult> train(
            Network network, Dataset data, TrainingSpec recipe, int batchesAtATime) {
        List<EpochResult> results = new ArrayList<>();
        try (IterationTraining training =
                new IterationTraining(data, new Recipe(recipe, 5), 0, network, Position.START)) {
            Optional<EpochResult> last = Optional.empty();
            while (last.isEmpty()) {
                last = training.run(new Interrupting(batchesAtATime, results));
            }
            assertThat(last).contains(results.getLast());
        }
        return results;
    }

    private static final class Interrupting implements TrainingControl {

        private int left;
        private final List<EpochResult> results;

        Interrupting(int left, List<EpochResult> results) {
            this.left = left;
            this.results = results;
        }

        @Override
        public boolean mayContinue() {
            return left-- > 0;
        }

        @Override
        public void epochCompleted(EpochResult result) {
            results.add(result);
        }
    }
}

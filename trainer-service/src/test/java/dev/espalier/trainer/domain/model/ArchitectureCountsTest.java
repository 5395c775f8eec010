// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.espalier.trainer.domain.data.ImageShape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureCountsTest {

    @ParameterizedTest
    @CsvSource({
        "linear, 3, 32, 30720",
        "mlp,    3, 32, 428544",
        "linear, 1, 28, 7840",
        "mlp,    1, 28, 135680",
        "cnn,    3, 32, 1555136",
        "cnn,    1, 28, 1553984",
        "resnet18, 3, 32, 11164352",
        "resnet18, 1, 28, 11163200",
        "wresnet28x8, 3, 32, 23340464"
    })
    void shouldHaveThePapersNumberOfPrunableWeights(
            String model, int channels, int side, long weights) {
        Architecture architecture =
                Architecture.of(model, new ImageShape(channels, side, side), 10);

        assertThat(architecture.maskableWeights()).isEqualTo(weights);
    }

    @Test
    void shouldNameParametersAsPyTorchDoes() {
        assertThat(new Mlp(784, 10).parameters())
                .extracting(Parameter::name)
                .containsExactly(
                        "fc1.weight",
                        "fc1.bias",
                        "fc2.weight",
                        "fc2.bias",
                        "fc3.weight",
                        "fc3.bias");
        assertThat(new Mlp(784, 10).parameters().getFirst().shape()).containsExactly(128L, 784L);
    }

    @Test
    void shouldNameConvolutionsBlocksAndRunningStatisticsAsPyTorchDoes() {
        Architecture cnn = Architecture.of("cnn", new ImageShape(3, 32, 32), 10);
        Architecture resnet = Architecture.of("resnet50", new ImageShape(3, 32, 32), 10);

        assertThat(cnn.parameters().getFirst())
                .isEqualTo(new Parameter("conv1.weight", List.of(64L, 3L, 3L, 3L)));
        assertThat(cnn.buffers().getFirst().name()).isEqualTo("bn1.running_mean");
        assertThat(resnet.parameters())
                .extracting(Parameter::name)
                .contains("layer3.5.conv3.weight", "layer1.0.shortcut.weight", "bn.weight")
                .doesNotHaveDuplicates();
        assertThat(resnet.maskableWeights()).isEqualTo(23_467_712);
        assertThat(cnn.buffers()).noneMatch(Parameter::isMaskable);
    }

    @Test
    void shouldDrawConvolutionsByFanOutAndStartBatchNormAsIdentity() {
        Architecture cnn = Architecture.of("cnn", new ImageShape(3, 32, 32), 10);
        Initialiser initialiser = new Initialiser(3);

        float[] weights = initialiser.draw(cnn.parameters().get(4), 4);

        double squares = 0;
        for (float weight : weights) {
            squares += (double) weight * weight;
        }
        assertThat(cnn.parameters().get(4).shape()).containsExactly(128L, 64L, 3L, 3L);
        assertThat(squares / weights.length).isBetween(0.97 * 2 / 1152, 1.03 * 2 / 1152);
        assertThat(initialiser.draw(cnn.parameters().get(2), 2)).containsOnly(1);
        assertThat(initialiser.draw(cnn.parameters().get(3), 3)).containsOnly(0);
        assertThat(initialiser.draw(cnn.buffers().get(0), 0)).containsOnly(0);
        assertThat(initialiser.draw(cnn.buffers().get(1), 1)).containsOnly(1);
    }

    @Test
    void shouldListKnownModelsWhenNameIsUnknown() {
        assertThatExceptionOfType(UnknownModelException.class)
                .isThrownBy(() -> Architecture.of("lenet", new ImageShape(1, 2, 2), 2))
                .withMessage(
                        "Unknown model 'lenet'\nMaybe one of: linear, mlp, cnn, resnet18, resnet50, wresnet28x8.");
    }

    @Test
    void shouldDrawWeightsWithinPyTorchsBoundAndBiasesOfZero() {
        Mlp mlp = new Mlp(100, 10);
        Initialiser initialiser = new Initialiser(3);

        float[] weights = initialiser.draw(mlp.parameters().getFirst(), 0);
        float[] biases = initialiser.draw(mlp.parameters().get(1), 1);

        double squares = 0;
        for (float weight : weights) {
            assertThat(weight).isBetween(-0.1f, 0.1f);
            squares += (double) weight * weight;
        }
        assertThat(squares / weights.length).isBetween(0.95 * 0.01 / 3, 1.05 * 0.01 / 3);
        assertThat(biases).containsOnly(0);
        assertThat(new Initialiser(3).draw(mlp.parameters().getFirst(), 0)).isEqualTo(weights);
        assertThat(new Initialiser(4).draw(mlp.parameters().getFirst(), 0)).isNotEqualTo(weights);
    }
}

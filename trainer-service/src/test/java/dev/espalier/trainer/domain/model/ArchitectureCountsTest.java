// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.espalier.trainer.domain.data.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureCountsTest {

    @ParameterizedTest
    @CsvSource({
        "linear, 3, 32, 30720",
        "mlp,    3, 32, 428544",
        "linear, 1, 28, 7840",
        "mlp,    1, 28, 135680"
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
    void shouldListKnownModelsWhenNameIsUnknown() {
        assertThatExceptionOfType(UnknownModelException.class)
                .isThrownBy(() -> Architecture.of("lenet", new ImageShape(1, 2, 2), 2))
                .withMessage("Unknown model 'lenet'\nMaybe one of: linear, mlp.");
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

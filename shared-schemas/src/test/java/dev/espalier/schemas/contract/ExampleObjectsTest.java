// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.CompressibilityMeasured.TensorIndex;
import dev.espalier.schemas.event.EventType;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The examples of run {@code tiny}, iteration 0, tell one true story. The files under {@code
 * examples/objects} were written by another program, from the definitions alone.
 */
final class ExampleObjectsTest {

    private static final Path OBJECTS = Path.of("examples/objects");

    private final Measurement measurement =
            (Measurement) example(Document.named("measurement"), "tiny");
    private final DecisionRecord decision =
            (DecisionRecord) example(Document.named("decision"), "prune");
    private final CompressibilityMeasured measured =
            (CompressibilityMeasured)
                    example(Document.of(EventType.COMPRESSIBILITY_MEASURED), "first");

    private static Object example(Document document, String name) {
        try {
            return document.parse(
                    Document.read(Path.of("examples/valid", document.name(), name + ".json")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldReferToTheObjectsAsTheyAre() throws IOException {
        requireObject(measurement.weights(), "weights.safetensors");
        requireObject(decision.weights(), "weights.safetensors");
        requireObject(decision.decision().mask(), "mask.safetensors");
        requireObject(decision.measurement(), "measurement.json");
        requireObject(measured.measurement(), "measurement.json");
        requireObject(measured.snapshot().weights(), "weights.safetensors");
    }

    private static void requireObject(ArtifactRef ref, String file) throws IOException {
        assertThat(ref.uri()).endsWith("/" + file);
        assertThat(ref.sha256()).isEqualTo(Sha256.of(OBJECTS.resolve(file)));
        assertThat(ref.sizeBytes()).isEqualTo(Files.size(OBJECTS.resolve(file)));
    }

    @Test
    void shouldWriteTheMeasurementByteForByte() throws IOException {
        assertThat(Document.MAPPER.writeValueAsBytes(measurement))
                .isEqualTo(Files.readAllBytes(OBJECTS.resolve("measurement.json")));
    }

    @Test
    void shouldNameThePolicyByTheDigestOfItsJson() throws IOException {
        assertThat(Sha256.of(Document.MAPPER.writeValueAsBytes(decision.policy())).hex())
                .startsWith(decision.decision().policy().version());
    }

    @Test
    void shouldFindEveryIndexInTheMeasurement() {
        assertThat(measured.global().active()).isEqualTo(measurement.active());
        assertThat(measured.total()).isEqualTo(measurement.total());
        requireIndices(
                measured.pqi(),
                measurement.pairs().stream()
                        .map(pair -> GroupIndex.of(measurement.global(name -> true), pair))
                        .toList());
        for (int i = 0; i < measured.tensors().size(); i++) {
            TensorIndex shown = measured.tensors().get(i);
            var tensor = measurement.tensors().get(i);
            assertThat(shown.tensor()).isEqualTo(tensor.tensor());
            requireIndices(
                    shown.pqi(),
                    measurement.pairs().stream()
                            .map(
                                    pair ->
                                            GroupIndex.of(
                                                    tensor.powerSums(measurement.exponents()),
                                                    pair))
                            .toList());
        }
    }

    private static void requireIndices(List<GroupIndex> shown, List<GroupIndex> computed) {
        assertThat(shown).hasSameSizeAs(computed);
        for (int i = 0; i < shown.size(); i++) {
            assertThat(shown.get(i).p()).isEqualTo(computed.get(i).p());
            assertThat(shown.get(i).value()).isCloseTo(computed.get(i).value(), within(1e-14));
            assertThat(shown.get(i).retain()).isCloseTo(computed.get(i).retain(), within(1e-12));
        }
    }

    @Test
    void shouldDecideWhatTheMeasurementSays() {
        assertThat(decision.decision().tensors())
                .allSatisfy(
                        count -> {
                            TensorIndex index =
                                    measured.tensors().stream()
                                            .filter(t -> t.tensor().equals(count.tensor()))
                                            .findFirst()
                                            .orElseThrow();
                            double retain = index.pqi().getFirst().retain();
                            assertThat(count.pruned())
                                    .isEqualTo((long) Math.floor(index.active() - retain));
                        });
        assertThat(decision.decision().pruned())
                .isEqualTo(decision.groups().stream().mapToLong(group -> group.pruned()).sum());
    }
}

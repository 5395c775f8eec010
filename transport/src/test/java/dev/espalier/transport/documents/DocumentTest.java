// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.Scope;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DocumentTest {

    @Test
    void shouldReadAPolicyAsPeopleWriteIt() {
        // Given
        String yaml =
                """
                name: sap-default
                scope: neuron
                rule: {type: sap, p: 0.5, q: 1.0, eta: 0, gamma: 1, beta: 0.9}
                keepAtLeast: 1
                exclude: ["linear.weight"]   # a comment
                stop: {iterations: 30, remainingBelow: 0.05}
                """;

        // When
        Policy policy = Document.POLICY.readText("policy.yaml", yaml);

        // Then
        assertThat(policy)
                .isEqualTo(
                        new Policy(
                                "sap-default",
                                Scope.NEURON,
                                new PruningRule.Sap(0.5, 1, 0, 1, 0.9),
                                1,
                                List.of("linear.weight"),
                                new StopRule(30, 0.05)));
    }

    @Test
    void shouldFillInWhatAPolicyLeavesOut() {
        // When
        Policy policy = Document.POLICY.readText("p", "{name: short, rule: {type: sap}}");

        // Then
        assertThat(policy)
                .isEqualTo(
                        new Policy(
                                "short",
                                Scope.LAYER,
                                new PruningRule.Sap(0.5, 1, 0, 1, 0.9),
                                1,
                                List.of(),
                                StopRule.NONE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {name: x, rule: {type: sap, p: 2, q: 1}}                | p must be below q
                    {name: x, rule: {type: sap, p: 0.5, q: 1, beta: 1.5}}   | beta
                    {name: x, rule: {type: fixed-ratio, ratio: 7}}          | ratio
                    {name: x, rule: {type: fixed-ratio}}                    | ratio
                    {name: x, rule: {type: magic}}                          | magic
                    {name: x, rule: {type: sap}, scope: channel}            | scope
                    {name: x, rule: {type: sap}, keepAtleast: 2}            | keepAtleast
                    {name: x, rule: {type: sap}, stop: {remainingBelow: 5}} | remainingBelow
                    {rule: {type: sap}}                                     | name
                    {name: x                                                | not a valid policy
                    """)
    void shouldNameWhatIsWrongWithAPolicy(String text, String named) {
        assertThatThrownBy(() -> Document.POLICY.readText("my-policy.yaml", text))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("my-policy.yaml is not a valid policy")
                .hasMessageContaining(named);
    }

    @Test
    void shouldReadARunOfAnExternalTrainer() {
        // When
        RunSpecification run =
                Document.RUN_SPECIFICATION.readText("run.yaml", "{trainer: external, seed: 3}");

        // Then
        assertThat(run.trainer()).isEqualTo(TrainerKind.EXTERNAL);
        assertThat(run.rewind()).isEqualTo(Rewind.INITIAL);
        assertThat(run.pairs()).hasSize(2);
    }

    @Test
    void shouldReadTheGridAndRefuseOtherNames() {
        // When
        RunSpecification run =
                Document.RUN_SPECIFICATION.readText("run.yaml", "{trainer: external, pairs: grid}");

        // Then
        assertThat(run.pairs()).isEqualTo(NormPair.GRID);
        assertThatThrownBy(
                        () ->
                                Document.RUN_SPECIFICATION.readText(
                                        "run.yaml", "{trainer: external, pairs: all}"))
                .hasMessageContaining("run.yaml is not a valid run specification")
                .hasMessageContaining("grid");
    }

    @Test
    void shouldGiveEqualVersionsToEqualPoliciesOnly() {
        // Given
        Policy policy = Document.POLICY.readText("p", "{name: short, rule: {type: sap}}");
        Policy written =
                Document.POLICY.readText(
                        "p", "{rule: {q: 1, p: 0.5, type: sap}, name: short, keepAtLeast: 1}");
        Policy other = Document.POLICY.readText("p", "{name: short, rule: {type: sap, p: 0.4}}");

        // Then
        assertThat(PolicyVersion.of(policy))
                .hasSize(12)
                .isEqualTo(PolicyVersion.of(written))
                .isNotEqualTo(PolicyVersion.of(other));
    }

    @Test
    void shouldReadBackWhatItWrites() {
        assertThat(Document.POLICY.readJson("p", Json.bytes(Policy.DEFAULT)))
                .isEqualTo(Policy.DEFAULT);
    }

    @Test
    void shouldReadAndWriteAMeasurementWithAndWithoutATreeAlike() throws IOException {
        byte[] golden =
                Files.readAllBytes(Path.of("../shared-schemas/examples/objects/measurement.json"));

        Measurement read = Document.MEASUREMENT.readJson("a", golden);
        Measurement streamed =
                Document.MEASUREMENT.readLongJson("a", new ByteArrayInputStream(golden));

        assertThat(streamed).isEqualTo(read).hasSameHashCodeAs(read);
        assertThat(streamed.tensors().getFirst().units().active()).containsExactly(4L, 4L, 4L);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Json.write(out, streamed);
        assertThat(out.toByteArray()).isEqualTo(Json.bytes(read)).isEqualTo(golden);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4.96811878|-4.96811878|row 0 has the power sum -4.96",
                "4.96811878|1e999, 4.968|is not a valid measurement",
                "[4,4,4]|[4,4]|2 rows, but a column of 3 sums",
                "[4,4,4]|[4,-4,4]|row 1 has -4 active weights",
                "[4,4,4]|null|is not a valid measurement",
                "{\"runId\"|{{\"runId\"|is not a valid measurement",
            })
    void shouldRefuseALongMeasurementThatIsNone(String good, String bad, String message)
            throws IOException {
        String golden =
                Files.readString(Path.of("../shared-schemas/examples/objects/measurement.json"));
        byte[] broken = golden.replaceFirst(Pattern.quote(good), bad).getBytes(UTF_8);

        assertThatThrownBy(
                        () ->
                                Document.MEASUREMENT.readLongJson(
                                        "the document", new ByteArrayInputStream(broken)))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("the document")
                .hasMessageContaining(message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.cli.CliRun;
import dev.espalier.cli.WeightsFile;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.schemas.tensor.MaskTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecideCommandTest {

    @TempDir Path folder;

    @BeforeEach
    void writeWeights() throws IOException {
        new WeightsFile()
                .with("a.weight", List.of(2L, 2L), 0, 1, 3, 5)
                .with("b.weight", List.of(1L, 4L), 1, -2, 3, 4)
                .with("c.bias", List.of(2L), 1, 2)
                .in(folder, "w.safetensors");
    }

    private void policy(String text) throws IOException {
        Files.writeString(folder.resolve("policy.yaml"), text);
    }

    private CliRun decide(String... more) {
        String[] args = new String[more.length + 4];
        args[0] = "decide";
        args[1] = "w.safetensors";
        args[2] = "--policy";
        args[3] = "policy.yaml";
        System.arraycopy(more, 0, args, 4, more.length);
        return CliRun.in(folder, args);
    }

    private Mask mask(String name) throws IOException {
        try (FileSource source = FileSource.open(folder.resolve(name))) {
            return MaskCodec.read(source);
        }
    }

    private static long bits(Mask mask, String tensor) {
        MaskTensor found = Objects.requireNonNull(mask.tensor(tensor), tensor);
        return found.bits(0, (int) found.count());
    }

    @Test
    void shouldPrintTheDocumentThatScriptsRelyOn() throws IOException {
        policy("name: t\nrule: {type: sap}\nexclude: [b.weight]\n");

        JsonNode document = decide("--output", "json").json();

        assertThat(document.fieldNames())
                .toIterable()
                .containsExactly("active", "pruned", "groups", "excluded");
        assertThat(document.path("active").longValue()).isEqualTo(4);
        assertThat(document.path("pruned").longValue()).isEqualTo(1);
        JsonNode group = document.path("groups").path(0);
        assertThat(group.fieldNames())
                .toIterable()
                .containsExactly("tensor", "unit", "active", "pruned");
        assertThat(group.path("unit").isNull()).isTrue();
        assertThat(document.path("excluded").findValuesAsText("tensor"))
                .containsExactly("c.bias", "b.weight");
    }

    /** r is 2.74 of 4 and 3.78 of 4 (papers.md 1.3), so 1 and 0 weights go. */
    @Test
    void shouldPruneWhatTheBoundLeavesOut() throws IOException {
        policy("name: t\nrule: {type: sap, p: 0.5, q: 1}\n");

        CliRun run = decide("--out", "m.safetensors");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "tensor    unit  active  pruned  pruned %  note",
                        "a.weight     -       4       1     25.00",
                        "b.weight     -       4       0      0.00",
                        "total                8       1     12.50",
                        "",
                        "excluded  reason",
                        "c.bias    its name does not end in 'weight'");
        assertThat(bits(mask("m.safetensors"), "a.weight")).isEqualTo(0b1110);
    }

    @Test
    void shouldGoOnFromAMask() throws IOException {
        policy("name: t\nrule: {type: fixed-ratio, ratio: 0.5}\nscope: neuron\n");
        assertThat(decide("--out", "m1").exitCode()).isZero();

        CliRun second = decide("--mask", "m1", "--out", "m2", "--output", "json");

        assertThat(second.json().path("active").longValue()).isEqualTo(4);
        assertThat(second.json().path("groups").path(2).path("pruned").longValue()).isEqualTo(1);
        assertThat(second.json().path("groups").path(1).path("unit").intValue()).isEqualTo(1);
        assertThat(bits(mask("m1"), "b.weight")).isEqualTo(0b1100);
        assertThat(bits(mask("m2"), "b.weight")).isEqualTo(0b1000);
    }

    @Test
    void shouldRankByTheInitialWeightsForOneShot() throws IOException {
        policy("name: t\nrule: {type: one-shot, ratio: 0.5}\n");
        new WeightsFile()
                .with("a.weight", List.of(2L, 2L), 9, 8, 1, 2)
                .with("b.weight", List.of(1L, 4L), 1, 2, 9, 8)
                .with("c.bias", List.of(2L), 1, 2)
                .in(folder, "w0.safetensors");

        assertThat(decide("--out", "m", "--initial", "w0.safetensors").exitCode()).isZero();

        assertThat(bits(mask("m"), "a.weight")).isEqualTo(0b0011);
        assertThat(bits(mask("m"), "b.weight")).isEqualTo(0b1100);
    }

    @Test
    void shouldNotReplaceAFileUnlessForced() throws IOException {
        policy("name: t\nrule: {type: sap}\n");
        Files.writeString(folder.resolve("m"), "precious");

        CliRun refused = decide("--out", "m");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("m exists already").contains("--force");
        assertThat(folder.resolve("m")).hasContent("precious");
        assertThat(decide("--out", "m", "--force").exitCode()).isZero();
        assertThat(mask("m").active()).isEqualTo(7);
        assertThat(decide("--out", "w.safetensors", "--force").exitCode()).isEqualTo(2);
    }

    @Test
    void shouldWriteNothingWithoutOut() throws IOException {
        policy("name: t\nrule: {type: sap}\n");

        assertThat(decide().exitCode()).isZero();

        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("w.safetensors", "policy.yaml");
    }

    @Test
    void shouldSayWhyAGroupLosesNothing() throws IOException {
        policy("name: t\nrule: {type: fixed-ratio, ratio: 0.5}\nkeepAtLeast: 4\n");

        assertThat(decide().out()).contains("the policy keeps at least 4");
    }

    /** s(k) = 0.5 - 0.5 (1 - k/2)^3: 0.4375 and 0.5 of 4 weights, so 1 and 2 are gone. */
    @Test
    void shouldFollowAGradualScheduleByItsIteration() throws IOException {
        policy("name: t\nrule: {type: gradual, finalSparsity: 0.5, iterations: 2}\n");

        CliRun first = decide("--out", "m1", "-o", "json");
        CliRun second = decide("--mask", "m1", "--iteration", "1", "-o", "json");

        assertThat(first.json().path("groups").path(0).path("pruned").longValue()).isEqualTo(1);
        assertThat(second.json().path("groups").path(0).path("pruned").longValue()).isEqualTo(1);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.cli.CliRun;
import dev.espalier.cli.WeightsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The values are those of papers.md 1.3, computed by hand from the definition. */
class MeasureCommandTest {

    @TempDir Path folder;

    @BeforeEach
    void writeWeights() throws IOException {
        new WeightsFile()
                .with("a.weight", List.of(2L, 2L), 0, 1, 3, 5)
                .with("b.weight", List.of(1L, 4L), 1, -2, 3, 4)
                .with("c.bias", List.of(2L), 1, 2)
                .with("d.weight", List.of(1L, 2L), 0, 0)
                .in(folder, "w.safetensors");
    }

    private JsonNode measured(String... more) {
        String[] args = new String[more.length + 4];
        args[0] = "measure";
        args[1] = "w.safetensors";
        args[2] = "--output";
        args[3] = "json";
        System.arraycopy(more, 0, args, 4, more.length);
        CliRun run = CliRun.in(folder, args);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.json();
    }

    @Test
    void shouldPrintTheDocumentThatScriptsRelyOn() {
        JsonNode document = measured("--scope", "layer");

        assertThat(document.fieldNames()).toIterable().containsExactly("groups", "excluded");
        JsonNode group = document.path("groups").path(0);
        assertThat(group.fieldNames())
                .toIterable()
                .containsExactly("scope", "tensor", "unit", "active", "pqi");
        assertThat(group.path("scope").textValue()).isEqualTo("layer");
        assertThat(group.path("tensor").textValue()).isEqualTo("a.weight");
        assertThat(group.path("unit").isNull()).isTrue();
        assertThat(group.path("active").longValue()).isEqualTo(4);
        assertThat(group.path("pqi").path(0).fieldNames())
                .toIterable()
                .containsExactly("p", "q", "value", "retain");
        assertThat(document.path("excluded").path(0).path("tensor").textValue())
                .isEqualTo("c.bias");
        assertThat(document.path("excluded").path(0).path("reason").textValue())
                .contains("does not end in 'weight'");
    }

    @Test
    void shouldAgreeWithTheOraclesOfThePaper() {
        JsonNode groups = measured("--scope", "layer", "--pairs", "0.5,1.0", "1,2").path("groups");

        assertThat(value(groups, 0, 0, "value")).isCloseTo(0.3143832149, within(1e-10));
        assertThat(value(groups, 0, 0, "retain")).isCloseTo(2.7424671403, within(1e-10));
        assertThat(value(groups, 0, 1, "value")).isCloseTo(0.2393611707, within(1e-10));
        assertThat(value(groups, 0, 1, "retain")).isCloseTo(2.3142857143, within(1e-10));
        assertThat(value(groups, 1, 0, "value")).isCloseTo(0.0555858574, within(1e-10));
        assertThat(value(groups, 1, 1, "retain")).isCloseTo(3.3333333333, within(1e-10));
    }

    private static double value(JsonNode groups, int group, int pair, String field) {
        return groups.path(group).path("pqi").path(pair).path(field).doubleValue();
    }

    @Test
    void shouldTakeEveryScopeByDefaultAndThoseThatWereAskedFor() {
        assertThat(scopes(measured())).containsOnly("global", "layer", "neuron");
        assertThat(scopes(measured("--scope", "GLOBAL"))).containsExactly("global");
        assertThat(scopes(measured("--scope", "global,neuron")))
                .containsExactly("global", "neuron", "neuron", "neuron", "neuron");
    }

    private static List<String> scopes(JsonNode document) {
        return StreamSupport.stream(document.path("groups").spliterator(), false)
                .map(group -> group.path("scope").textValue())
                .toList();
    }

    @Test
    void shouldNameNoTensorForGlobalAndTheRowForNeuron() {
        JsonNode groups = measured("--scope", "global", "--scope", "neuron").path("groups");

        assertThat(groups.path(0).path("tensor").isNull()).isTrue();
        assertThat(groups.path(0).path("active").longValue()).isEqualTo(10);
        assertThat(groups.path(2).path("tensor").textValue()).isEqualTo("a.weight");
        assertThat(groups.path(2).path("unit").intValue()).isEqualTo(1);
    }

    @Test
    void shouldPrintNullWhereTheIndexIsUndefined() {
        JsonNode zeros = measured("--scope", "layer").path("groups").path(2).path("pqi").path(0);

        assertThat(zeros.path("value").isNull()).isTrue();
        assertThat(zeros.path("retain").isNull()).isTrue();
    }

    @Test
    void shouldAlignTheTableForPeople() {
        CliRun run = CliRun.in(folder, "measure", "w.safetensors");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "scope   tensor    unit  active  I(0.5,1)  r(0.5,1)  I(1,2)  r(1,2)",
                        "global  all          -      10    0.3498       6.5  0.2548     5.6",
                        "layer   a.weight     -       4    0.3144       2.7  0.2394     2.3",
                        "layer   b.weight     -       4    0.0556       3.8  0.0871     3.3",
                        "layer   d.weight     -       2         -         -       -       -",
                        "",
                        "excluded  reason",
                        "c.bias    its name does not end in 'weight'");
    }

    @Test
    void shouldTakeAFileAfterThePairs() {
        CliRun run = CliRun.in(folder, "measure", "--pairs", "1,2", "0.5,1", "w.safetensors");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("scope   tensor    unit  active  I(1,2)");
    }

    @Test
    void shouldMeasureTheWholeGridOfThePaper() {
        JsonNode pqi =
                measured("--scope", "layer", "--pairs", "grid").path("groups").path(0).path("pqi");

        assertThat(pqi).hasSize(109);
        assertThat(pqi.path(0).path("value").doubleValue()).isCloseTo(0.3143832149, within(1e-10));
        assertThat(pqi.path(1).path("value").doubleValue()).isCloseTo(0.2393611707, within(1e-10));
        assertThat(pqi.path(2).path("p").doubleValue()).isEqualTo(0.1);
        assertThat(pqi.path(108).path("q").doubleValue()).isEqualTo(1.9);
    }

    @Test
    void shouldPrintALineForEachPairOfTheGrid() {
        CliRun run = CliRun.in(folder, "measure", "w.safetensors", "--pairs", "grid");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .startsWith(
                        "scope   tensor  unit  active    p    q  I(p,q)  r(p,q)",
                        "global  all        -      10  0.5    1  0.3498     6.5",
                        "global  all        -      10    1    2  0.2548     5.6");
        assertThat(run.out().lines().filter(line -> line.startsWith("global"))).hasSize(109);
    }

    @Test
    void shouldTellTheGiniIndexOfEverythingAndOfEachTensor() {
        JsonNode gini = measured("--scope", "global", "--gini").path("gini");

        assertThat(gini).hasSize(4);
        assertThat(gini.path(0).path("scope").textValue()).isEqualTo("global");
        assertThat(gini.path(2).path("tensor").textValue()).isEqualTo("b.weight");
        assertThat(gini.path(2).path("value").doubleValue()).isCloseTo(0.25, within(1e-15));
        assertThat(gini.path(2).path("errorBound").doubleValue()).isBetween(0.0, 1e-15);
        assertThat(gini.path(3).path("value").isNull()).isTrue();
        assertThat(CliRun.in(folder, "measure", "w.safetensors", "--gini").out().lines())
                .contains("layer   b.weight  0.2500  9e-16");
    }

    @Test
    void invariant4ShouldPrintTheSameOnAnyNumberOfThreads() {
        String[] command = {"measure", "w.safetensors", "--output", "json", "--threads", "1"};
        String alone = CliRun.in(folder, command).out();
        for (String threads : List.of("2", "4")) {
            command[5] = threads;
            assertThat(CliRun.in(folder, command).out()).isEqualTo(alone);
        }
        command[5] = "0";
        assertThat(CliRun.in(folder, command).err()).contains("--threads is 0");
    }
}

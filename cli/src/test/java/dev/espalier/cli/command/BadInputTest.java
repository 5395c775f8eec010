// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.cli.CliRun;
import dev.espalier.cli.WeightsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {

    @TempDir Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        new WeightsFile()
                .with("a.weight", List.of(2L, 2L), 0, 1, 3, 5)
                .in(folder, "good.safetensors");
        Files.writeString(folder.resolve("policy.yaml"), "name: t\nrule: {type: sap}\n");
    }

    private void refused(String message, String... args) {
        CliRun run = CliRun.in(folder, args);
        assertThat(run.err()).startsWith("espalier: ").contains(message).doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void shouldSayWhatIsWrongWithATruncatedFile() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("good.safetensors"));
        Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, whole.length - 3));

        refused("16 bytes after the header, the file has 13", "measure", "cut.safetensors");
        refused("truncated", "decide", "cut.safetensors", "--policy", "policy.yaml");
    }

    @Test
    void shouldFetchOnlyWhatHasAPublicHome() {
        refused(
                "no public home of a data set 'imagenet' is known\nMaybe one of: mnist, fashion-mnist, cifar10, cifar100.",
                "data",
                "fetch",
                "imagenet");
    }

    @Test
    void shouldRefuseAHeaderOfTwoGigabytes() throws IOException {
        WeightsFile.raw(folder.resolve("huge.safetensors"), 2L << 30, "{}", 0);

        refused("announces a header of 2147483648 bytes", "measure", "huge.safetensors");
    }

    @Test
    void shouldRefuseOverlappingTensors() throws IOException {
        String header =
                """
                {"a.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},\
                "b.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]}}""";
        WeightsFile.raw(folder.resolve("o.safetensors"), header.length(), header, 12);

        refused("tensors must not overlap", "measure", "o.safetensors");
    }

    @Test
    void shouldNameTensorAndIndexOfANan() throws IOException {
        new WeightsFile()
                .with("a.weight", List.of(2L, 2L), 1, 2, 3, Float.NaN)
                .in(folder, "nan.safetensors");

        refused(
                "nan.safetensors: weight 3 of tensor 'a.weight' is NaN",
                "measure",
                "nan.safetensors");
    }

    @Test
    void shouldRefuseAMaskOfOtherWeights() throws IOException {
        new WeightsFile().with("z.weight", List.of(1L, 2L), 1, 2).in(folder, "z.safetensors");
        String[] decide = {"decide", "z.safetensors", "--policy", "policy.yaml", "--out", "m"};
        assertThat(CliRun.in(folder, decide).exitCode()).isZero();

        refused("m masks 'z.weight'", "measure", "good.safetensors", "--mask", "m");
        refused("is not a mask", "measure", "good.safetensors", "--mask", "good.safetensors");
    }

    @Test
    void shouldRefuseNormsInTheWrongOrder() throws IOException {
        refused("p must be below q", "measure", "good.safetensors", "--pairs", "2,1");
        Files.writeString(folder.resolve("p.yaml"), "name: t\nrule: {type: sap, p: 1, q: 1}\n");
        refused("p must be below q", "decide", "good.safetensors", "--policy", "p.yaml");
    }

    @Test
    void shouldNameTheFieldThatAPolicyHasTooMuch() throws IOException {
        Files.writeString(
                folder.resolve("p.yaml"), "name: t\nrule: {type: fixed-ratio, ratio: 0.2, p: 1}\n");

        refused("'p'", "decide", "good.safetensors", "--policy", "p.yaml");
    }

    @Test
    void shouldNameFilesThatAreNotThere() {
        refused("none.safetensors does not exist", "measure", "none.safetensors");
        refused("none.yaml does not exist", "decide", "good.safetensors", "--policy", "none.yaml");
        refused("is a folder", "measure", ".");
    }

    @Test
    void shouldPointToTheHelpAfterAWrongOption() {
        refused("Maybe look at: espalier measure --help", "measure");
        refused("Did you mean", "measur");
        refused("expected one of", "measure", "good.safetensors", "--scope", "row");
    }

    @Test
    void shouldShowTheStackTraceOnlyWhenAsked() {
        CliRun run = CliRun.in(folder, "--debug", "measure", "none.safetensors");

        assertThat(run.err()).contains("NoSuchFileException").contains("\tat ");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void shouldFailWithAdviceWhereNoStackRuns() {
        CliRun run = CliRun.in(folder, "runs");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no stack runs in").contains("./espalier up");
    }

    @Test
    void shouldSayHowToBuildWhereTheServicesAreMissing() {
        CliRun run = CliRun.in(folder, "up");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("trainer-service").contains("make build");
        assertThat(folder.resolve(".espalier/up/kafka")).doesNotExist();
    }

    @Test
    void shouldShowTheHelpWithoutArguments() {
        CliRun run = CliRun.in(folder);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Usage: espalier").contains("demo", "measure", "policy");
        assertThat(run.err()).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.cli.CliRun;
import dev.espalier.cli.WeightsFile;
import dev.espalier.schemas.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decisions of a run whose objects are in a folder. */
class DecideSnapshotTest {

    private static final String RUN = "runs/tiny/";

    @TempDir Path folder;

    @BeforeEach
    void requestRun() throws IOException {
        Files.createDirectories(folder.resolve(RUN + "checkpoints"));
        write(
                "request.json",
                """
                {"runId": "tiny", "state": "running", "requestedAt": "2026-11-20T09:30:00Z",
                 "specification": {"trainer": "external", "iterations": 1}}""");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(RUN + name), text);
    }

    private void snapshot(int iteration, String mask) throws IOException {
        String key = RUN + "iterations/00000%d/".formatted(iteration);
        Path weights =
                new WeightsFile()
                        .with("a.weight", List.of(2L, 4L), 0, 1, 3, 5, 8, 9, 9, 9)
                        .in(Files.createDirectories(folder.resolve(key)), "weights.safetensors");
        write(
                "checkpoints/00000%d.json".formatted(iteration),
                """
                {"runId": "tiny", "iteration": %d, "weights":
                 {"uri": "s3://espalier/%sweights.safetensors", "sha256": "%s", "sizeBytes": %d}%s}"""
                        .formatted(
                                iteration,
                                key,
                                Sha256.of(weights).hex(),
                                Files.size(weights),
                                mask));
    }

    private CliRun decide(int iteration, String... more) {
        String checkpoint = RUN + "checkpoints/00000%d.json".formatted(iteration);
        String[] args = new String[more.length + 3];
        args[0] = "decide";
        args[1] = "--snapshot";
        args[2] = checkpoint;
        System.arraycopy(more, 0, args, 3, more.length);
        return CliRun.in(folder, args);
    }

    @Test
    void shouldStoreMeasurementDecisionAndMaskAndStopWhereTheSpecificationSays()
            throws IOException {
        snapshot(0, "");
        JsonNode first = decide(0, "--output", "json").json();

        assertThat(first.path("verdict").textValue()).isEqualTo("prune");
        assertThat(first.path("policy").path("setBy").textValue()).isEqualTo("built-in");
        assertThat(folder.resolve(RUN + "iterations/000000/measurement.json")).exists();
        assertThat(folder.resolve(RUN + "iterations/000000/decision.json")).exists();
        assertThat(folder.resolve(RUN + "iterations/000001/mask.safetensors")).exists();

        snapshot(1, ", \"mask\": " + first.path("mask"));
        JsonNode last = decide(1, "--output", "json").json();

        assertThat(last.path("verdict").textValue()).isEqualTo("stop");
        assertThat(last.path("outcome").textValue()).isEqualTo("completed");
    }

    @Test
    void shouldTakeThePolicyThatIsNamedAndRefuseAWrongOneByName() throws IOException {
        snapshot(0, "");
        Files.writeString(
                folder.resolve("policy.yaml"),
                "name: mine\nrule: {type: fixed-ratio, ratio: 0.5}\n");
        Files.writeString(folder.resolve("bad.yaml"), "name: bad\nrule: {type: sap, p: 2, q: 1}\n");

        assertThat(decide(0, "--policy", "bad.yaml").exitCode()).isEqualTo(2);
        JsonNode decision = decide(0, "--policy", "policy.yaml", "--output", "json").json();

        assertThat(decision.path("policy").path("name").textValue()).isEqualTo("mine");
        assertThat(decision.path("pruned").longValue()).isEqualTo(4);
    }

    @Test
    void shouldFailTheRunOfWeightsThatAreNotFinite() throws IOException {
        String key = RUN + "iterations/000000/";
        Path weights =
                new WeightsFile()
                        .with("a.weight", List.of(1L, 2L), 1, Float.NaN)
                        .in(Files.createDirectories(folder.resolve(key)), "weights.safetensors");
        write(
                "checkpoints/000000.json",
                """
                {"runId": "tiny", "iteration": 0, "weights":
                 {"uri": "s3://espalier/%sweights.safetensors", "sha256": "%s", "sizeBytes": %d}}"""
                        .formatted(key, Sha256.of(weights).hex(), Files.size(weights)));

        JsonNode decision = decide(0, "--output", "json").json();

        assertThat(decision.path("outcome").textValue()).isEqualTo("failed");
        assertThat(decision.path("reason").path("code").textValue()).isEqualTo("weight-not-finite");
    }

    @Test
    void shouldRefuseOptionsThatTheSnapshotSaysAndASnapshotOfAnotherRun() throws IOException {
        snapshot(0, "");
        assertThat(decide(0, "--out", "m.safetensors").exitCode()).isEqualTo(2);
        write(
                "request.json",
                """
                {"runId": "other", "state": "running", "requestedAt": "2026-11-20T09:30:00Z",
                 "specification": {"trainer": "external"}}""");
        CliRun run = decide(0);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("about the run tiny", "belongs to the run other");
        assertThat(CliRun.in(folder, "decide").exitCode()).isEqualTo(2);
    }
}

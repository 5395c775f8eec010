// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.cli.CliRun;
import dev.espalier.cli.connect.LoopAddress;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.cli.connect.LoopView;
import dev.espalier.cli.run.Events;
import dev.espalier.local.LocalStack;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.sparsity.NormPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that speak to a loop, against a real broker; the test plays the services. */
class LoopCommandsIT {

    private static LocalStack stack;
    private static LoopConnection loop;

    @TempDir static Path folder;

    @BeforeAll
    static void startBroker() throws IOException {
        stack = LocalStack.temporary();
        loop =
                LoopConnection.open(
                        LoopAddress.ofBroker(stack.bootstrapServers()), Clock.systemUTC());
        Files.writeString(folder.resolve("p13.yaml"), "name: p13\nrule: {type: sap, p: 1, q: 3}\n");
        Files.writeString(
                folder.resolve("lottery.yaml"),
                "name: lottery\nrule: {type: fixed-ratio, ratio: 0.2}\n");
    }

    @AfterAll
    static void stopBroker() {
        stack.close();
    }

    private static CliRun espalier(String... args) {
        return CliRun.in(
                folder,
                Map.of("KAFKA_BOOTSTRAP_SERVERS", stack.bootstrapServers()),
                Clock.systemUTC(),
                args);
    }

    private static RunRequested request(String run) {
        LoopView view = loop.read(Topic.RUNS);
        return view.request(new RunId(run)).orElseThrow();
    }

    private static void submit(String run, String... more) {
        String[] args = new String[more.length + 5];
        args[0] = "run";
        args[1] = "--trainer";
        args[2] = "external";
        args[3] = "--run-id";
        args[4] = run;
        System.arraycopy(more, 0, args, 5, more.length);
        assertThat(espalier(args).exitCode()).isZero();
    }

    @Test
    void shouldAskForARunAndSayWhatToDoNext() throws IOException {
        CliRun run =
                espalier(
                        "run",
                        "--model",
                        "mlp",
                        "--dataset",
                        "mnist",
                        "--data-dir",
                        "digits",
                        "--policy",
                        "p13.yaml",
                        "--run-id",
                        "asked");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("asked\n");
        assertThat(run.err()).contains("./espalier follow asked");
        RunRequested request = request("asked");
        assertThat(request.desired()).isEqualTo(DesiredState.RUNNING);
        assertThat(request.specification().dataset().dir())
                .isEqualTo(folder.resolve("digits").toString());
        assertThat(request.specification().pairs()).contains(new NormPair(1, 3));
    }

    @Test
    void shouldNameShadowsAndMeasureForThem() {
        submit("watched", "--shadow", "p13.yaml", "--shadow", "lottery.yaml");

        var specification = request("watched").specification();
        assertThat(specification.shadows())
                .extracting(shadow -> shadow.name())
                .containsExactly("p13", "lottery");
        assertThat(specification.pairs()).contains(new NormPair(1, 3));
        CliRun twice =
                espalier(
                        "run",
                        "--trainer",
                        "external",
                        "--shadow",
                        "p13.yaml",
                        "--shadow",
                        "p13.yaml");
        assertThat(twice.exitCode()).isEqualTo(2);
        assertThat(twice.err()).contains("each with its own name");
    }

    @Test
    void shouldRefuseARunThatExists() {
        submit("twice", "--seed", "1");

        CliRun again = espalier("run", "--trainer", "external", "--run-id", "twice");

        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("the run twice exists already").contains("--run-id");
        assertThat(request("twice").specification().seed()).isEqualTo(1);
        assertThat(espalier("run", "--trainer", "external", "--run-id", "default").exitCode())
                .isEqualTo(2);
    }

    @Test
    void shouldFollowARunToItsEndAndShowItAfterwards() {
        loop.send(Events.requested(TrainerKind.ESPALIER, DesiredState.RUNNING));
        loop.send(Events.epoch(0, 4));
        loop.send(Events.pruned(0, 100, 60));
        loop.send(Events.pruned(0, 100, 60));
        loop.send(Events.stopped(1, Outcome.COMPLETED));
        loop.send(Events.status(ReportedState.COMPLETED, 1));

        CliRun text = espalier("follow", "r1");
        CliRun json = espalier("follow", "r1", "--output", "json");
        CliRun shown = espalier("show", "r1", "-o", "json");
        CliRun listed = espalier("runs", "-o", "json");

        assertThat(text.exitCode()).isZero();
        assertThat(text.out().lines())
                .containsExactly(
                        "iteration  remaining %     PQI  accuracy  verdict    reason",
                        "        0       100.00  0.2500    0.9000  prune      the reason",
                        "        1        40.00  0.2500    0.9000  stop       the reason");
        assertThat(text.err()).contains("run r1 is completed: the reason");
        assertThat(json.json().path("status").textValue()).isEqualTo("completed");
        assertThat(json.json().path("iterations")).hasSize(2);
        JsonNode last = shown.json().path("iterations").path(1);
        assertThat(last.path("policy").path("version").textValue()).isEqualTo("0123456789ab");
        assertThat(shown.json().path("objects").path("prefix").textValue()).isEqualTo("runs/r1/");
        assertThat(listed.json().path("runs").findValuesAsText("runId")).contains("r1");
        assertThat(espalier("show", "r1").out()).contains("status     completed: the reason");
        assertThat(espalier("stop", "r1").err()).contains("run r1 is completed, which is final");
    }

    @Test
    void shouldEndWithACodeOfItsOwnWhenTheRunWasStopped() {
        submit("halted");
        assertThat(espalier("stop", "halted").exitCode()).isZero();

        CliRun followed = espalier("follow", "halted");

        assertThat(followed.exitCode()).isEqualTo(4);
        assertThat(followed.out()).isEmpty();
        assertThat(request("halted").desired()).isEqualTo(DesiredState.STOPPED);
    }

    @Test
    void shouldPauseAndResume() {
        submit("resting", "--seed", "5");

        assertThat(espalier("pause", "resting").out()).contains("./espalier resume resting");
        assertThat(request("resting").desired()).isEqualTo(DesiredState.PAUSED);
        assertThat(espalier("resume", "resting").exitCode()).isZero();
        assertThat(request("resting").desired()).isEqualTo(DesiredState.RUNNING);
        assertThat(request("resting").specification().seed()).isEqualTo(5);
    }

    @Test
    void shouldSelectOnlyPoliciesThatTheRunMeasures() {
        submit("swapped", "--pairs", "0.5,1");

        CliRun refused = espalier("policy", "set", "swapped", "-f", "p13.yaml");
        CliRun selected =
                espalier(
                        "policy",
                        "set",
                        "swapped",
                        "-f",
                        "lottery.yaml",
                        "--wait",
                        "0",
                        "-o",
                        "json");
        CliRun shown = espalier("policy", "show", "swapped", "-o", "json");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("prunes by (1.0, 3.0), which run swapped does not measure");
        assertThat(selected.json().path("version").textValue()).matches("[0-9a-f]{12}");
        assertThat(shown.json().path("version")).isEqualTo(selected.json().path("version"));
        assertThat(shown.json().path("policy").path("name").textValue()).isEqualTo("lottery");
    }

    @Test
    void shouldShowAPolicyAsADocumentThatCanBeSetAgain() throws IOException {
        submit("copied", "--policy", "lottery.yaml");
        CliRun shown = espalier("policy", "show", "copied");
        Files.writeString(folder.resolve("copy.yaml"), shown.out());

        CliRun set =
                espalier("policy", "set", "copied", "-f", "copy.yaml", "--wait", "0", "-o", "json");

        assertThat(shown.out()).startsWith("# version ");
        assertThat(shown.out()).contains(set.json().path("version").textValue());
        assertThat(espalier("policy", "show").out()).contains(Policy.DEFAULT.name());
    }

    private CliRun setAt(Instant now, String run) {
        return CliRun.in(
                folder,
                Map.of("KAFKA_BOOTSTRAP_SERVERS", stack.bootstrapServers()),
                Clock.fixed(now, ZoneOffset.UTC),
                "policy",
                "set",
                run,
                "-f",
                "lottery.yaml",
                "--wait",
                "30");
    }

    @Test
    void shouldEndWithTheReasonWhereTheControllerRefuses() {
        submit("refused");
        Instant now = Instant.parse("2026-11-20T10:00:00Z");
        String id = "refused/policy-" + now.toEpochMilli();
        var reason = new Reason("policy-invalid", "ratio is 7:\nMaybe less");
        loop.send(PolicyStatus.refused("refused", id, 0, 3, reason));

        CliRun set = setAt(now, "refused");

        assertThat(set.exitCode()).isEqualTo(2);
        assertThat(set.err()).contains("refuses the policy 'lottery'").contains("ratio is 7");
        assertThat(espalier("show", "refused").out())
                .contains("refused    %s: ratio is 7:; Maybe less".formatted(id));
        assertThat(espalier("policy", "show", "refused").out())
                .contains("# refused: " + id)
                .contains("\nname: ");
        JsonNode shown = espalier("policy", "show", "refused", "-o", "json").json();
        assertThat(shown.path("refused").path("setBy").textValue()).isEqualTo(id);
    }

    @Test
    void shouldEndWellOnceTheControllerAccepts() {
        submit("accepted");
        Instant now = Instant.parse("2026-11-20T10:00:00Z");
        String id = "accepted/policy-" + now.toEpochMilli();
        var policy = new PolicyRef("lottery", "0123456789ab", id);
        loop.send(PolicyStatus.accepted("accepted", 0, 3, policy));

        CliRun set = setAt(now, "accepted");

        assertThat(set.exitCode()).isZero();
        assertThat(set.out()).contains("is in force for accepted from the next decision on");
        assertThat(espalier("show", "accepted").out()).doesNotContain("refused");
    }

    @Test
    void shouldNotCallAPolicyInForceThatNobodyAnswers() {
        submit("unanswered");

        CliRun set = espalier("policy", "set", "unanswered", "-f", "lottery.yaml", "--wait", "1");

        assertThat(set.exitCode()).isEqualTo(1);
        assertThat(set.out()).contains("is selected for unanswered");
        assertThat(set.err()).contains("no controller has answered");
    }

    @Test
    void shouldNameTheRunsThereAreWhenOneIsNot() {
        submit("there");

        CliRun run = espalier("show", "not-there");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("there is no run 'not-there'").contains("Maybe one of");
    }

    @Test
    void shouldSayWhereNoBrokerAnswers() {
        CliRun run = espalier("runs", "--kafka", "127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no Kafka broker answers at 127.0.0.1:1");
        assertThat(espalier("runs", "--kafka", "nonsense").exitCode()).isEqualTo(2);
    }
}

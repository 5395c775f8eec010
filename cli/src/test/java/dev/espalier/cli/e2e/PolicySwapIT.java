// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.cli.CliRun;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.run.ReportedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose policy is swapped and swapped back, and what can be told of it afterwards. */
final class PolicySwapIT {

    private static final RunId RUN = new RunId("swap");
    private static final int MORE_THAN_ENOUGH = 200;

    @TempDir private static Path folder;

    private static RealLoop loop;
    private static Map<String, Long> pidsBefore;
    private static Map<String, Long> pidsAfter;

    @BeforeAll
    static void swapAndSwapBack() throws IOException {
        loop = RealLoop.shared();
        write("sap.yaml", "{name: first-sap, rule: {type: sap, beta: 0.02}}");
        write("ticket.yaml", "{name: ticket-now, rule: {type: fixed-ratio, ratio: 0.01}}");
        write("wrong.yaml", "{name: wrong, rule: {type: sap, p: 2, q: 1}}");
        write(
                "formula.yaml",
                "{name: own-formula, rule: {type: expression, ratio: 'min((d - r) / d, 0.01)'}}");
        pidsBefore = pids();
        loop.submit(RUN.value(), RealLoop.small(MORE_THAN_ENOUGH, null));
        for (String policy : List.of("sap", "ticket", "sap", "formula")) {
            assertThat(espalier("policy", "set", "swap", "-f", policy + ".yaml").exitCode())
                    .isZero();
            assertThat(espalier("policy", "set", "swap", "-f", "wrong.yaml").exitCode())
                    .isEqualTo(2);
            int decided = loop.decisions(RUN).size();
            await("a decision under " + policy)
                    .atMost(RealLoop.PATIENCE)
                    .until(() -> loop.decisions(RUN).size() > decided + 1);
        }
        assertThat(espalier("stop", "swap").exitCode()).isZero();
        assertThat(loop.awaitFinal(RUN).state()).isEqualTo(ReportedState.STOPPED);
        pidsAfter = pids();
        await("the decision on the last snapshot")
                .atMost(RealLoop.PATIENCE)
                .until(
                        () ->
                                decisions().size()
                                        == loop.of(SnapshotPublished.class, RUN).stream()
                                                .distinct()
                                                .count());
    }

    private static void write(String name, String policy) throws IOException {
        Files.writeString(folder.resolve(name), policy);
    }

    private static Map<String, Long> pids() {
        return Map.copyOf(loop.stack().file().servicePids());
    }

    private static CliRun espalier(String... args) {
        return CliRun.in(
                folder,
                Map.of("ESPALIER_STACK", loop.folder().toString()),
                Clock.systemUTC(),
                args);
    }

    /** In their order, each once in a row. */
    private static List<String> course(List<String> names) {
        List<String> course = new ArrayList<>();
        for (String name : names) {
            if (course.isEmpty() || !course.getLast().equals(name)) {
                course.add(name);
            }
        }
        return course;
    }

    private static List<PruningDecided> decisions() {
        return loop.decisions(RUN).stream().distinct().toList();
    }

    @Test
    void shouldNameThePolicyOfEachIterationInShowAndLog() throws IOException {
        List<String> shown =
                espalier("show", "swap", "-o", "json")
                        .json()
                        .path("iterations")
                        .valueStream()
                        .map(one -> one.path("policy").path("name").textValue())
                        .toList();
        List<String> logged = new ArrayList<>();
        for (String line : espalier("log", "swap").out().lines().toList()) {
            JsonNode decision = new ObjectMapper().readTree(line);
            assertThat(decision.path("iteration").intValue()).isEqualTo(logged.size());
            logged.add(decision.path("policy").path("name").textValue());
        }

        assertThat(shown).isEqualTo(logged);
        assertThat(logged).hasSize(decisions().size());
        List<String> course = course(logged);
        assertThat(course.subList(course.size() - 4, course.size()))
                .containsExactly("first-sap", "ticket-now", "first-sap", "own-formula");
        assertThat(espalier("show", "swap").out()).contains("ticket-now").contains("own-formula");
    }

    @Test
    void shouldRestartNoServiceAndLeaveTheTrainerInPeace() throws IOException {
        assertThat(pidsBefore).hasSize(4);
        assertThat(pidsAfter).isEqualTo(pidsBefore);
        assertThat(Files.readString(loop.folder().resolve("logs/trainer-service.log")))
                .contains("swap")
                .doesNotContain("ticket-now", "first-sap", "own-formula", "swap/policy-");
    }

    @Test
    void shouldReplayEveryDecisionAndNameTheIterationWhoseWeightsWereChanged() throws IOException {
        CliRun same = espalier("replay", "swap");
        assertThat(same.exitCode()).as(same.out() + same.err()).isZero();
        assertThat(same.out())
                .contains(
                        "all %d decisions and masks are byte-identical"
                                .formatted(decisions().size()));

        Path weights =
                loop.stack().file().objectFolder().resolve(ObjectKey.weights(RUN, 1).value());
        byte[] content = Files.readAllBytes(weights);
        content[content.length - 5] ^= 1;
        Files.write(weights, content);
        CliRun changed = espalier("replay", "swap");
        content[content.length - 5] ^= 1;
        Files.write(weights, content);

        assertThat(changed.exitCode()).isEqualTo(1);
        assertThat(changed.out())
                .contains("iteration 1: ")
                .contains("iterations/000001/weights.safetensors has the sha256")
                .contains("its reference says")
                .doesNotContain("iteration 0: ", "iteration 2: ");
    }

    @Test
    void shouldAskAnotherPolicyOnTheSameMeasurements() {
        JsonNode asked = espalier("replay", "swap", "--with", "ticket.yaml", "-o", "json").json();

        assertThat(asked.path("iterations")).hasSize(decisions().size());
        long active = decisions().getFirst().active();
        assertThat(asked.path("iterations").path(0).path("prunedAgain").longValue())
                .isBetween(active / 100 - 3, active / 100);
    }

    @Test
    void shouldFindTheStoreByVariablesWhereOnlyTheBrokerIsNamed() {
        var file = loop.stack().file();
        Map<String, String> variables = new HashMap<>();
        String[] replay = {"replay", "swap", "--kafka", file.bootstrapServers()};
        CliRun blind = CliRun.in(folder, variables, Clock.systemUTC(), replay);
        variables.put("ESPALIER_STORE_ENDPOINT", file.storeEndpoint());
        variables.put("ESPALIER_STORE_BUCKET", file.bucket());
        variables.put("ESPALIER_STORE_ACCESS_KEY", file.accessKey());
        variables.put("ESPALIER_STORE_SECRET_KEY", file.secretKey());

        assertThat(blind.exitCode()).isEqualTo(2);
        assertThat(blind.err()).contains("the store's keys are not known");
        assertThat(CliRun.in(folder, variables, Clock.systemUTC(), replay).exitCode()).isZero();
    }
}

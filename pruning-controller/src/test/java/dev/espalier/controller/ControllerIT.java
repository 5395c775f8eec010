// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.controller.testing.LoopFixture;
import dev.espalier.controller.testing.Policies;
import dev.espalier.controller.testing.Weights;
import dev.espalier.local.LocalStack;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.testing.Specifications;
import dev.espalier.testing.Bus;
import dev.espalier.testing.RealStack;
import dev.espalier.testing.Stores;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.PolicyVersion;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.objects.ObjectStore;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = RealStack.class,
        initArgs = {
            @ResourceArg(name = "espalier.controller.work-folder", value = RealStack.NEW_FOLDER),
            @ResourceArg(name = "espalier.controller.retry.for-run", value = "PT2S"),
            @ResourceArg(name = "espalier.controller.retry.longest-pause", value = "PT0.5S")
        })
final class ControllerIT {

    private static final String DECISIONS = Topic.DECISIONS.topicName();
    private static final String REFUSED_MEASUREMENTS = Topic.MEASUREMENTS.deadLetterName();
    private static final String POLICY_STATUS = Topic.POLICY_STATUS.topicName();
    private static final String REFUSED_POLICIES = Topic.POLICIES.deadLetterName();

    LocalStack stack;

    @TestHTTPResource("/q/health/ready")
    URI ready;

    @TestHTTPResource("/q/metrics")
    URI metrics;

    private final EventCodec codec = new EventCodec("/test", Clock.systemUTC());
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ObjectStore store;
    private Bus bus;

    @BeforeEach
    void connect() {
        store = Stores.of(stack);
        bus =
                new Bus(
                        stack.bootstrapServers(),
                        List.of(DECISIONS, REFUSED_MEASUREMENTS, REFUSED_POLICIES, POLICY_STATUS));
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        bus.close();
        store.close();
    }

    private LoopFixture requested(String run) throws Exception {
        var specification = Specifications.external(20, null);
        bus.send(
                codec.write(
                        new RunRequested(
                                new RunId(run),
                                DesiredState.RUNNING,
                                specification,
                                Instant.ofEpochMilli(1))));
        return new LoopFixture(store, new RunId(run));
    }

    private static Weights weights(long seed) {
        var random = new SplittableRandom(seed);
        double[] values = new double[40 * 50];
        Arrays.setAll(values, i -> random.nextGaussian());
        return Weights.of(Weights.matrix("fc1.weight", 40, values));
    }

    private PruningDecided decision(LoopFixture loop, int count) {
        ConsumerRecord<String, byte[]> record =
                bus.await(DECISIONS, loop.run().value(), count).get(count - 1);
        return codec.read(record, PruningDecided.class).event();
    }

    /** The answer to the policy that was put on the topic as number so much. */
    private PolicyStatus policyStatus(String target, int count) {
        ConsumerRecord<String, byte[]> record =
                bus.await(POLICY_STATUS, target, count).get(count - 1);
        PolicyStatus status = codec.read(record, PolicyStatus.class).event();
        assertThat(Bus.header(record, "ce_id")).isEqualTo(status.eventId());
        return status;
    }

    /** A policy as a stranger produces it. */
    private void produces(String target, Instant selectedAt, String policy) throws Exception {
        var selected =
                codec.write(new PolicySelected(target, Policy.DEFAULT, Instant.ofEpochMilli(1)));
        selected.headers().remove("ce_id");
        selected.headers().add("ce_id", selection(target, selectedAt).getBytes(UTF_8));
        byte[] data =
                "{\"target\":\"%s\",\"policy\":%s,\"selectedAt\":\"%s\"}"
                        .formatted(target, policy, selectedAt)
                        .getBytes(UTF_8);
        bus.send(new ProducerRecord<>(selected.topic(), null, target, data, selected.headers()));
    }

    private static String selection(String target, Instant selectedAt) {
        return "%s/policy-%d".formatted(target, selectedAt.toEpochMilli());
    }

    @Test
    void shouldRefuseWrongPoliciesInTheOpenAndGoOnUnderTheOldOne() throws Exception {
        LoopFixture loop = requested("strict");
        selects("strict", Policies.named(Policies.fixedRatio(0.1, Scope.LAYER), "tenth"), 7);
        PolicyStatus accepted = policyStatus("strict", 1);
        assertThat(accepted.policy().setBy()).isEqualTo("strict/policy-7");

        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put(
                "{\"name\":\"x\",\"rule\":{\"type\":\"sap\",\"p\":1,\"q\":1}}",
                "p must be below q");
        wrong.put(
                "{\"name\":\"x\",\"rule\":{\"type\":\"random\"}}",
                "rule.type: does not have a value in the enumeration");
        wrong.put(
                "{\"name\":\"x\",\"rule\":{\"type\":\"one-shot\",\"ratio\":0.1},\"scpoe\":\"layer\"}",
                "property 'scpoe' is not defined");
        wrong.put(
                "{\"name\":\"x\",\"rule\":{\"type\":\"fixed-ratio\",\"ratio\":7}}",
                "rule.ratio: must have an exclusive maximum value of 1, got 7");
        String expression = "{\"name\":\"x\",\"rule\":{\"type\":\"expression\",\"ratio\":\"%s\"}}";
        wrong.put(expression.formatted("7.0"), "rule.ratio is '7.0': its value is 7.0 for");
        wrong.put(expression.formatted("0.1 / iteration"), "its value is Infinity for");
        wrong.put(
                expression.formatted("[1, 2].all(x, x > 0) ? 0.1 : 0.2"),
                "undeclared reference to 'all'");
        int number = 1;
        for (var policy : wrong.entrySet()) {
            Instant at = Instant.ofEpochSecond(number);
            produces("strict", at, policy.getKey());
            PolicyStatus refused = policyStatus("strict", number + 1);
            assertThat(refused.answer()).isEqualTo(PolicyStatus.Answer.REFUSED);
            assertThat(refused.selection()).isEqualTo(selection("strict", at));
            assertThat(refused.reason().message()).contains(policy.getValue());
            number++;
        }

        bus.send(codec.write(loop.measured(0, weights(1), null)));
        assertThat(decision(loop, 1).policy()).isEqualTo(accepted.policy());
    }

    private void selects(String target, Policy policy, long millis) throws Exception {
        bus.send(codec.write(new PolicySelected(target, policy, Instant.ofEpochMilli(millis))));
    }

    @Test
    void shouldPutDecisionAndMaskInTheStoreBeforeItAnnouncesThem() throws Exception {
        LoopFixture loop = requested("good");
        CompressibilityMeasured event = loop.measured(0, weights(1), null);
        bus.send(codec.write(event));

        PruningDecided decision = decision(loop, 1);

        ConsumerRecord<String, byte[]> record = bus.on(DECISIONS, "good").getFirst();
        assertThat(Bus.header(record, "ce_id")).isEqualTo("good/0/decision");
        assertThat(Bus.header(record, "ce_source")).isEqualTo("/pruning-controller");
        assertThat(Bus.header(record, "ce_causationid")).isEqualTo("good/0/measurement");
        assertThat(decision.verdict()).isEqualTo(Verdict.PRUNE);
        assertThat(decision.policy().setBy()).isEqualTo("built-in");
        byte[] mask = store.read(decision.mask().key()).orElseThrow();
        assertThat(Sha256.of(mask)).isEqualTo(decision.mask().sha256());
        assertThat(loop.read(decision.mask()).active())
                .isEqualTo(decision.active() - decision.pruned());
        DecisionRecord register =
                Document.DECISION.readJson(
                        "decision.json",
                        store.read(ObjectKey.decision(loop.run(), 0)).orElseThrow());
        assertThat(register.decision()).isEqualTo(decision);

        bus.send(codec.write(event));
        ConsumerRecord<String, byte[]> again = bus.await(DECISIONS, "good", 2).get(1);
        assertThat(again.value()).isEqualTo(record.value());
        assertThat(Bus.header(again, "ce_id")).isEqualTo("good/0/decision");
    }

    @Test
    void invariant7ShouldUseASwappedPolicyInTheNextDecisionAndRefuseAnInvalidPolicy()
            throws Exception {
        LoopFixture loop = requested("swapped");
        bus.send(codec.write(loop.measured(0, weights(1), null)));
        ArtifactRef mask = decision(loop, 1).mask();

        Policy ticket = Policies.named(Policies.fixedRatio(0.25, Scope.NEURON), "ticket");
        selects("swapped", ticket, 7);
        awaitAccepted("swapped", 1);
        bus.send(codec.write(loop.measured(1, weights(2), mask)));
        PruningDecided second = decision(loop, 2);
        assertThat(second.policy().name()).isEqualTo("ticket");
        assertThat(second.policy().version()).isEqualTo(PolicyVersion.of(ticket));
        assertThat(second.policy().setBy()).isEqualTo("swapped/policy-7");
        assertThat(second.reason().code()).isEqualTo("fixed-ratio");

        ProducerRecord<String, byte[]> refused =
                codec.write(
                        new PolicySelected(
                                "swapped", Policies.sap(Scope.LAYER), Instant.ofEpochMilli(8)));
        byte[] exchanged =
                new String(refused.value(), UTF_8)
                        .replace("\"p\":0.5,\"q\":1.0", "\"p\":1.0,\"q\":0.5")
                        .getBytes(UTF_8);
        bus.send(
                new ProducerRecord<>(
                        refused.topic(), null, refused.key(), exchanged, refused.headers()));
        ConsumerRecord<String, byte[]> dead = bus.await(REFUSED_POLICIES, "swapped", 1).getFirst();
        assertThat(dead.value()).isEqualTo(exchanged);
        assertThat(Bus.header(dead, "dead-letter-reason"))
                .contains("p is 1.0 and q is 0.5: p must be below q");
        assertThat(policyStatus("swapped", 2).selection()).isEqualTo("swapped/policy-8");

        bus.send(codec.write(loop.measured(2, weights(3), second.mask())));
        PruningDecided third = decision(loop, 3);
        assertThat(third.policy()).isEqualTo(second.policy());
        assertThat(third.active()).isEqualTo(second.active() - second.pruned());
        assertThat(get(metrics))
                .contains("espalier_policy_swaps_total{outcome=\"refused\"}")
                .contains("espalier_decisions_total{verdict=\"prune\"}")
                .contains("espalier_events_total{outcome=\"processed\"");
    }

    /** The view of the policies has its own consumer, so that it is known a moment later. */
    private void awaitAccepted(String target, int count) {
        assertThat(policyStatus(target, count).answer()).isEqualTo(PolicyStatus.Answer.ACCEPTED);
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    }

    @Test
    void invariant6ShouldFailTheRunWhenItsSnapshotCannotBeMeasured() throws Exception {
        LoopFixture loop = requested("failed");
        bus.send(
                codec.write(
                        loop.failed(
                                loop.snapshot(0, new byte[] {1, 2, 3}, null),
                                new Reason("truncated", "it has 3 bytes"))));

        PruningDecided decision = decision(loop, 1);

        assertThat(decision.verdict()).isEqualTo(Verdict.STOP);
        assertThat(decision.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(decision.reason()).isEqualTo(new Reason("truncated", "it has 3 bytes"));
    }

    @Test
    void invariant6ShouldDeadLetterAnUnreadableRecordAndContinue() throws Exception {
        bus.send(
                new ProducerRecord<>(
                        Topic.MEASUREMENTS.topicName(), "broken", "no json".getBytes(UTF_8)));
        LoopFixture unknown = new LoopFixture(store, new RunId("unknown"));
        bus.send(codec.write(unknown.measured(0, weights(1), null)));
        LoopFixture corrupt = requested("corrupt");
        CompressibilityMeasured event = corrupt.measured(0, weights(1), null);
        var wrong =
                new ArtifactRef(
                        event.measurement().uri(),
                        Sha256.of(new byte[1]),
                        event.measurement().sizeBytes());
        bus.send(
                codec.write(
                        new CompressibilityMeasured(
                                event.runId(),
                                0,
                                event.snapshot(),
                                wrong,
                                event.total(),
                                event.global(),
                                event.pqi(),
                                event.tensors())));

        assertThat(reason("broken")).contains("ce_type is missing");
        assertThat(reason("unknown")).contains("the run 'unknown' was not requested");
        assertThat(reason("corrupt")).contains("sha256");
        assertThat(decision(corrupt, 1).reason().code()).isEqualTo("artifact-corrupt");
        assertThat(decision(corrupt, 1).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(decision(corrupt, 1).active()).isEqualTo(2000);
        assertThat(bus.on(DECISIONS, "unknown")).isEmpty();
    }

    private String reason(String key) {
        return Bus.header(bus.await(REFUSED_MEASUREMENTS, key, 1).getFirst(), "dead-letter-reason");
    }

    @Test
    void shouldOutlastAnOutageOfTheStore() throws Exception {
        LoopFixture loop = requested("patient");
        CompressibilityMeasured event = loop.measured(0, weights(1), null);
        await().atMost(Duration.ofSeconds(20)).until(() -> status(ready) == 200);

        stack.stopStore();
        try {
            bus.send(codec.write(event));
            await().atMost(Duration.ofSeconds(40)).until(() -> status(ready) == 503);
        } finally {
            stack.startStore();
        }

        assertThat(decision(loop, 1).verdict()).isEqualTo(Verdict.PRUNE);
        await().atMost(Duration.ofSeconds(20)).until(() -> status(ready) == 200);
    }

    private int status(URI uri) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private String get(URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}

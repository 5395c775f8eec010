// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.kafka;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.transport.documents.PolicyVersion;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.Received;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Says on {@code espalier.policy-status} what became of a record on {@code espalier.policies}. The
 * same record has the same answer under the same id, whoever gives it, however often.
 */
@Singleton
final class PolicyStatusPublisher {

    private static final String INVALID = "policy-invalid";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final MutinyEmitter<ProducerRecord<String, byte[]>> emitter;
    private final EventCodec codec;

    PolicyStatusPublisher(
            @Channel("policy-status") MutinyEmitter<ProducerRecord<String, byte[]>> emitter,
            EventCodec codec) {
        this.emitter = emitter;
        this.codec = codec;
    }

    CompletionStage<Void> accept(
            ConsumerRecord<String, byte[]> record, Received<PolicySelected> selected) {
        var policy = selected.event().policy();
        return send(
                codec.write(
                        PolicyStatus.accepted(
                                selected.event().target(),
                                record.partition(),
                                record.offset(),
                                new PolicyRef(
                                        policy.name(), PolicyVersion.of(policy), selected.id())),
                        selected.id()));
    }

    /** Nobody can be answered whose key is no target. */
    CompletionStage<Void> refuse(ConsumerRecord<String, byte[]> record, String why) {
        if (!isTarget(record.key())) {
            return CompletableFuture.completedStage(null);
        }
        String id = id(record);
        return send(
                codec.write(
                        PolicyStatus.refused(
                                record.key(),
                                id,
                                record.partition(),
                                record.offset(),
                                new Reason(INVALID, why)),
                        id));
    }

    /** Where the user takes a policy back, there is nothing left to say. */
    CompletionStage<Void> forget(String target) {
        return send(new ProducerRecord<>(Topic.POLICY_STATUS.topicName(), target, null));
    }

    private CompletionStage<Void> send(ProducerRecord<String, byte[]> answer) {
        return Uni.createFrom()
                .deferred(() -> emitter.send(answer))
                .onFailure()
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .subscribeAsCompletionStage();
    }

    private static @Nullable String id(ConsumerRecord<String, byte[]> record) {
        Header id = record.headers().lastHeader("ce_id");
        return id == null || id.value() == null
                ? null
                : new String(id.value(), StandardCharsets.UTF_8);
    }

    private static boolean isTarget(@Nullable String key) {
        if (key == null) {
            return false;
        }
        try {
            var _ = new RunId(key);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

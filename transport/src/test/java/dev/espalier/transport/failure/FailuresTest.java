// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.PublishingException;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class FailuresTest {

    static Stream<Arguments> outages() {
        var io = new IOException("no space left on device");
        return Stream.of(
                Arguments.of(new StoreUnavailableException("away", io), Dependency.STORE),
                Arguments.of(new TimeoutException("60000 ms"), Dependency.BROKER),
                Arguments.of(new NotLeaderOrFollowerException("no leader"), Dependency.BROKER),
                Arguments.of(new TopicAuthorizationException("not allowed"), Dependency.BROKER),
                Arguments.of(new UncheckedIOException(io), Dependency.DISK));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void shouldTakeOutagesForTransient(Throwable outage, Dependency dependency) {
        assertThat(Failures.classify(outage))
                .isInstanceOfSatisfying(
                        Failure.Transient.class,
                        failure -> assertThat(failure.dependency()).isEqualTo(dependency));
    }

    static Stream<Arguments> wrongBytes() {
        return Stream.of(
                Arguments.of(new CorruptArtifactException("digest"), "artifact-corrupt"),
                Arguments.of(new SafetensorsException("header"), "weights-invalid"),
                Arguments.of(new InvalidDocumentException("json"), "document-invalid"));
    }

    @ParameterizedTest
    @MethodSource("wrongBytes")
    void shouldTakeWrongBytesForFactsAboutTheBytes(Throwable error, String code) {
        Failure failure = Failures.classify(error);

        assertThat(failure).isInstanceOf(Failure.AboutTheBytes.class);
        assertThat(failure.code()).isEqualTo(code);
    }

    @Test
    void shouldTakeAMalformedRecordForAFactAboutTheEvent() {
        assertThat(Failures.classify(new MalformedEventException("no JSON")))
                .isEqualTo(new Failure.AboutTheEvent("no JSON"));
    }

    static Stream<Throwable> others() {
        return Stream.of(
                new IllegalStateException("bug"),
                new StackOverflowError(),
                // A permanent error of publishing is never an outage.
                new PublishingException("too large", new RecordTooLargeException("1087007")),
                new RecordTooLargeException("1087007"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void shouldTakeAnyOtherErrorForUnexpected(Throwable error) {
        assertThat(Failures.classify(error)).isEqualTo(new Failure.Unexpected(error));
    }

    @Test
    void shouldTakeTheClassThatAnExceptionNames() {
        var exception = FailureException.aboutTheTrainer("iteration-missing", "2 follows 0");

        assertThat(Failures.classify(exception)).isEqualTo(exception.failure());
        assertThat(Failures.classify(new CompletionException(exception)))
                .isEqualTo(exception.failure());
    }

    @Test
    void shouldBoundEveryMessage() {
        String long_ = "x".repeat(1_000_000);

        assertThat(
                        Stream.of(
                                new Failure.Transient(Dependency.STORE, long_),
                                new Failure.AboutTheEvent(long_),
                                new Failure.Unexpected(new IllegalStateException(long_)),
                                FailureException.aboutTheBytes("a", long_).failure(),
                                FailureException.aboutTheTrainer("a", long_).failure()))
                .allSatisfy(failure -> assertThat(failure.message()).hasSizeLessThan(1025));
    }
}

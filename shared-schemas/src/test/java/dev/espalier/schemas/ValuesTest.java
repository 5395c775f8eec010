// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValuesTest {

    private static final RunId RUN = new RunId("tiny");

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "a-b", "mnist-2026-11-20"})
    void shouldAcceptRunIds(String text) {
        assertThat(new RunId(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a.b", "a/b", "a_b", "ü", "a\n", "../x"})
    void shouldRefuseRunIdsThatSomeSystemWouldNotTake(String text) {
        assertThatThrownBy(() -> new RunId(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "'%s' is not a run id: 1 to 63 of a-z, 0-9 and '-'",
                        text.replace("\n", "\\u000a"));
    }

    @Test
    void shouldLimitRunIdsTo63Characters() {
        assertThat(new RunId("a".repeat(63)).value()).hasSize(63);
        assertThatThrownBy(() -> new RunId("a".repeat(64))).hasMessageContaining("is not a run id");
    }

    @Test
    void shouldNameObjectsAsTheContractSays() {
        assertThat(ObjectKey.specification(RUN)).hasToString("runs/tiny/specification.json");
        assertThat(ObjectKey.initial(RUN)).hasToString("runs/tiny/initial.safetensors");
        assertThat(ObjectKey.weights(RUN, 42))
                .hasToString("runs/tiny/iterations/000042/weights.safetensors");
        assertThat(ObjectKey.mask(RUN, 42))
                .hasToString("runs/tiny/iterations/000042/mask.safetensors");
        assertThat(ObjectKey.measurement(RUN, 0))
                .hasToString("runs/tiny/iterations/000000/measurement.json");
        assertThat(ObjectKey.decision(RUN, 999_999))
                .hasToString("runs/tiny/iterations/999999/decision.json");
        assertThat(ObjectKey.checkpoint(RUN, 7)).hasToString("runs/tiny/checkpoints/000007.json");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1_000_000})
    void shouldRefuseIterationsThatSixDigitsDoNotHold(int iteration) {
        assertThatThrownBy(() -> ObjectKey.weights(RUN, iteration))
                .hasMessage("iteration %d is outside 0 to 999999", iteration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/a", "a/", "a//b", "a/../b", "..", ".", "a/./b", "a/.", "a..b", "a b", "a\\b",
                "ü"
            })
    void shouldRefuseKeysThatLeadElsewhere(String key) {
        assertThatThrownBy(() -> new ObjectKey(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'%s' is not an object key", key);
    }

    @Test
    void shouldSplitReferencesIntoBucketAndKey() {
        ArtifactRef ref =
                ArtifactRef.of("espalier", ObjectKey.weights(RUN, 1), Sha256.of(new byte[0]), 0);

        assertThat(ref.uri())
                .isEqualTo("s3://espalier/runs/tiny/iterations/000001/weights.safetensors");
        assertThat(ref.bucket()).isEqualTo("espalier");
        assertThat(ref.key()).isEqualTo(ObjectKey.weights(RUN, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s3://",
                "s3://b",
                "s3://b/",
                "s3:///k",
                "https://b/k",
                "/b/k",
                "s3://espalier/../../etc/passwd",
                "s3://b/a/./c",
                "s3://b/a b",
                "s3://b/a\n"
            })
    void shouldRefuseReferencesThatNameNoObject(String uri) {
        assertThatThrownBy(() -> new ArtifactRef(uri, Sha256.of(new byte[0]), 0))
                .hasMessageContaining(
                        "'%s' is not an artefact uri: it has the form s3://BUCKET/KEY",
                        uri.replace("\n", "\\u000a"));
    }

    @Test
    void shouldRefuseANegativeSize() {
        assertThatThrownBy(() -> new ArtifactRef("s3://b/k", Sha256.of(new byte[0]), -1))
                .hasMessage("sizeBytes is -1, below 0");
    }

    @Test
    void shouldDigestBytesAndFilesAlike(@TempDir Path folder) throws IOException {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        String known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

        assertThat(Sha256.of(abc)).hasToString(known);
        assertThat(Sha256.of(Files.write(folder.resolve("abc"), abc))).hasToString(known);
        assertThatThrownBy(() -> new Sha256(known.toUpperCase(java.util.Locale.ROOT)))
                .hasMessageContaining("is not a sha256: it has 64 lower-case hexadecimal digits");
    }

    @Test
    void shouldRefuseNumbersThatJsonHasNot() {
        assertThatThrownBy(() -> new Metric("loss", "train", Double.NaN))
                .hasMessageContaining("loss on train is NaN: JSON has no such number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Out-Of-Memory", "out of memory", "-x", "x-", "x--y"})
    void shouldRefuseReasonCodesForPeople(String code) {
        assertThatThrownBy(() -> new Reason(code, "message"))
                .hasMessage("'%s' is not a reason code: lower-case words joined by '-'", code);
    }

    @Test
    void shouldRefuseAReasonThatSaysNothing() {
        assertThatThrownBy(() -> new Reason("x", " ")).hasMessage("the reason x has no message");
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void shouldNameTopicsSoThatNoMetricNameCollides(Topic topic) {
        assertThat(topic.topicName()).matches("espalier\\.[a-z]+(-[a-z]+)*");
        assertThat(topic.deadLetterName()).isEqualTo(topic.topicName() + ".dlq");
        assertThat(topic.brokerConfig().get("cleanup.policy")).isIn("compact", "delete");
        assertThat(topic.brokerConfig().containsKey("retention.ms"))
                .isEqualTo(topic.cleanup() == Topic.Cleanup.DELETE);
        assertThat(topic.deadLetterBrokerConfig()).containsKey("retention.ms");
    }
}

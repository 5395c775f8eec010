// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.EventType;
import dev.espalier.transport.documents.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens to a record, the codec reads it or throws a {@link MalformedEventException} with
 * a short reason: nothing else may leave it, because consumers and followers rely on that.
 */
final class MutatedRecordsTest {

    private static final int MUTANTS_PER_EXAMPLE = 700;
    private static final Path EXAMPLES = Path.of("../shared-schemas/examples/valid");
    private static final ObjectMapper JSON = Json.mapper();

    /** Written in place of a value. */
    private static final List<String> VALUES =
            List.of(
                    "1e999",
                    "-1e999",
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "1e-999",
                    "99999999999999999999999999",
                    "-1",
                    "0.1",
                    "null",
                    "true",
                    "\"\"",
                    "\"a\\n\\u001b[31m\\u202e\"",
                    "\"" + "x".repeat(20_000) + "\"",
                    "[]",
                    "{}",
                    "[".repeat(600) + "]".repeat(600),
                    "{\"\\u0000\":1e999}",
                    "9".repeat(900),
                    "\"s3://espalier/../../etc/passwd\"");

    private final SplittableRandom random = new SplittableRandom(11);
    private final EventCodec codec =
            new EventCodec("/test", InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));

    @ParameterizedTest
    @EnumSource
    void shouldReadEveryMutantOrCallItMalformed(EventType type) {
        int read = 0;
        int malformed = 0;
        for (String example : examples(type)) {
            Event event = event(type, example);
            for (int i = 0; i < MUTANTS_PER_EXAMPLE; i++) {
                ConsumerRecord<String, byte[]> mutant = mutant(codec.write(event), example);
                try {
                    var _ = codec.read(mutant);
                    read++;
                } catch (MalformedEventException e) {
                    malformed++;
                    assertThat(e.getMessage().getBytes(UTF_8).length)
                            .as(e.getMessage())
                            .isLessThanOrEqualTo(1024);
                    assertThat(e.getMessage())
                            .doesNotContainPattern("[\\x00-\\x09\\x0b-\\x1f\\u202e]")
                            .doesNotContain("JsonReadFeature", "com.fasterxml", "java.");
                }
            }
        }
        assertThat(read).isPositive();
        assertThat(malformed).isPositive();
    }

    private ConsumerRecord<String, byte[]> mutant(
            ProducerRecord<String, byte[]> good, String example) {
        byte[] value =
                switch (random.nextInt(5)) {
                    case 0 -> bytesDamaged(example.getBytes(UTF_8));
                    case 1 -> Json.bytes(fieldRemoved(example));
                    case 2, 3 -> valueReplaced(example).getBytes(UTF_8);
                    default -> example.getBytes(UTF_8);
                };
        String key =
                random.nextInt(20) == 0 ? VALUES.get(random.nextInt(VALUES.size())) : good.key();
        var record =
                new ConsumerRecord<>(
                        good.topic(), 0, 7, random.nextInt(50) == 0 ? null : key, value);
        for (Header header : good.headers()) {
            switch (random.nextInt(60)) {
                case 0 -> {}
                case 1 -> record.headers().add(header.key(), null);
                case 2 -> record.headers().add(header.key(), bytesDamaged(header.value()));
                case 3 ->
                        record.headers()
                                .add(
                                        header.key(),
                                        VALUES.get(random.nextInt(VALUES.size())).getBytes(UTF_8));
                default -> record.headers().add(header);
            }
        }
        return record;
    }

    private byte[] bytesDamaged(byte[] good) {
        byte[] bytes = good.clone();
        int damages = 1 + random.nextInt(3);
        for (int i = 0; i < damages && bytes.length > 0; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0
                ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
                : bytes;
    }

    private JsonNode fieldRemoved(String example) {
        JsonNode tree = tree(example);
        List<JsonNode> all = nodes(tree);
        switch (all.get(random.nextInt(all.size()))) {
            case ObjectNode object when !object.isEmpty() -> {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                object.remove(names.get(random.nextInt(names.size())));
            }
            case ArrayNode array when !array.isEmpty() -> array.remove(0);
            case JsonNode _ -> {}
        }
        return tree;
    }

    /** Replaces a leaf by its marker, and the marker by text that may be no JSON at all. */
    private String valueReplaced(String example) {
        JsonNode tree = tree(example);
        String marker = "\"\u2603\"";
        List<JsonNode> all = nodes(tree);
        switch (all.get(random.nextInt(all.size()))) {
            case ObjectNode object when !object.isEmpty() -> {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                object.put(names.get(random.nextInt(names.size())), "\u2603");
            }
            case ArrayNode array when !array.isEmpty() ->
                    array.set(random.nextInt(array.size()), "\u2603");
            case JsonNode _ -> {}
        }
        return tree.toString().replace(marker, VALUES.get(random.nextInt(VALUES.size())));
    }

    private static List<JsonNode> nodes(JsonNode tree) {
        List<JsonNode> all = new ArrayList<>(List.of(tree));
        tree.forEach(child -> all.addAll(nodes(child)));
        return all;
    }

    private static List<String> examples(EventType type) {
        String resource = type.schemaResource();
        String name = resource.substring("/schemas/".length(), resource.indexOf(".schema.json"));
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(name))) {
            return files.sorted().map(MutatedRecordsTest::text).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode tree(String example) {
        try {
            return JSON.readTree(example);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Event event(EventType type, String example) {
        return Json.read(tree(example), type.record());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.EventType;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The kinds of records that strangers send. Each record is for a run that nobody requested. */
enum Misfit {
    /** Bytes that are not an event, without headers. */
    RANDOM_BYTES {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            byte[] noise = new byte[64];
            new SplittableRandom(number).nextBytes(noise);
            return new ProducerRecord<>(topic.topicName(), run(number), noise);
        }
    },
    TRUNCATED_JSON {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            return event(topic, number, "{\"runId\": \"" + run(number) + "\", \"iteration\": ");
        }
    },
    /** A number that no double holds, in every field that some schema has. */
    INFINITE_NUMBER {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            return event(
                    topic,
                    number,
                    "{\"runId\": \"%s\", \"state\": 1e999, \"verdict\": 1e999, \"policy\": {\"scope\": 1e999}}"
                            .formatted(run(number)));
        }
    },
    /** What Python's {@code json.dumps} writes for a loss that diverged. */
    NOT_A_NUMBER {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            return event(
                    topic,
                    number,
                    "{\"runId\": \"%s\", \"iteration\": 0, \"metrics\": [{\"name\": \"loss\", \"split\": \"train\", \"value\": NaN}]}"
                            .formatted(run(number)));
        }
    },
    CONTROL_CHARACTERS {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            ProducerRecord<String, byte[]> record = event(topic, number, "{}");
            record.headers().remove("ce_type");
            record.headers().add("ce_type", "x\n\u001b[31mERROR forged line".getBytes(UTF_8));
            return record;
        }
    },
    UNKNOWN_TYPE {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            ProducerRecord<String, byte[]> record = event(topic, number, "{}");
            record.headers().remove("ce_type");
            record.headers().add("ce_type", "dev.espalier.unheard.of.v9".getBytes(UTF_8));
            return record;
        }
    },
    /** A well-formed snapshot of a run without a request; an incomplete event elsewhere. */
    UNREQUESTED_RUN {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            String weights = "runs/%s/iterations/000000/weights.safetensors".formatted(run(number));
            return event(
                    topic,
                    number,
                    """
                    {"runId": "%s", "iteration": 0,
                     "weights": {"uri": "s3://espalier/%s", "sha256": "%s", "sizeBytes": 1000},
                     "metrics": [], "pairs": [{"p": 0.5, "q": 1.0}]}"""
                            .formatted(run(number), weights, "0".repeat(64)));
        }
    },
    KEY_OF_ANOTHER_RUN {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            ProducerRecord<String, byte[]> good = UNREQUESTED_RUN.record(topic, number);
            return new ProducerRecord<>(
                    good.topic(), null, "another-" + number, good.value(), good.headers());
        }
    },
    EMPTY_VALUE {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            return event(topic, number, "");
        }
    },
    /** A value of nearly the largest size, whose text must not be repeated in a reason. */
    LONG_TEXT {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            return event(
                    topic,
                    number,
                    "{\"runId\": \"%s\", \"state\": \"%s\"}"
                            .formatted(run(number), "x".repeat(950_000)));
        }
    },
    LONG_KEY {
        @Override
        ProducerRecord<String, byte[]> record(Topic topic, long number) {
            char[] key = new char[700_000];
            Arrays.fill(key, 'k');
            return new ProducerRecord<>(topic.topicName(), new String(key), "{}".getBytes(UTF_8));
        }
    };

    abstract ProducerRecord<String, byte[]> record(Topic topic, long number);

    /** Whether one record takes nearly the megabyte that a topic allows. */
    boolean isLarge() {
        return this == LONG_TEXT || this == LONG_KEY;
    }

    static String run(long number) {
        return "misfit-" + number;
    }

    /** A record with the headers of an event that belongs on the topic. */
    private static ProducerRecord<String, byte[]> event(Topic topic, long number, String json) {
        var record = new ProducerRecord<>(topic.topicName(), run(number), json.getBytes(UTF_8));
        String type =
                Arrays.stream(EventType.values())
                        .filter(candidate -> candidate.topic() == topic)
                        .findFirst()
                        .orElseThrow()
                        .typeName();
        record.headers().add("ce_specversion", "1.0".getBytes(UTF_8));
        record.headers().add("ce_id", (run(number) + "/misfit").getBytes(UTF_8));
        record.headers().add("ce_source", "/stranger".getBytes(UTF_8));
        record.headers().add("ce_type", type.getBytes(UTF_8));
        record.headers().add("content-type", "application/json".getBytes(UTF_8));
        return record;
    }
}

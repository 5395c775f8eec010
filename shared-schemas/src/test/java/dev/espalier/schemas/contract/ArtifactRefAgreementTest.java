// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.EventType;
import dev.espalier.schemas.testing.Seeded;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/** The schema and the record accept the same references. */
final class ArtifactRefAgreementTest {

    private static final Document SNAPSHOT = Document.of(EventType.SNAPSHOT_PUBLISHED);
    private static final List<String> PIECES =
            List.of(
                    "a",
                    "b.c",
                    "-",
                    "_",
                    ".",
                    "..",
                    "/",
                    "//",
                    " ",
                    "\n",
                    "é",
                    "s3://",
                    "x".repeat(300));

    @Seeded(cases = 2000)
    void shouldAgreeOnEveryReference(RandomGenerator random) {
        var uri = new StringBuilder(random.nextInt(10) == 0 ? "" : "s3://espalier/");
        int pieces = random.nextInt(7);
        for (int i = 0; i < pieces; i++) {
            uri.append(PIECES.get(random.nextInt(PIECES.size())));
        }

        assertThat(isAcceptedBySchema(uri.toString()))
                .as(uri.toString())
                .isEqualTo(isAcceptedByRecord(uri.toString()));
    }

    private static boolean isAcceptedBySchema(String uri) {
        JsonNode event = Document.read(Path.of("examples/valid/snapshot.published.v1/first.json"));
        ((ObjectNode) event.path("weights")).put("uri", uri);
        return SNAPSHOT.errors(event).isEmpty();
    }

    private static boolean isAcceptedByRecord(String uri) {
        try {
            var _ = new ArtifactRef(uri, Sha256.of(new byte[0]), 0);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

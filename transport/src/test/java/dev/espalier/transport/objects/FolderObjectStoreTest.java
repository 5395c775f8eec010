// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderObjectStoreTest extends ObjectStoreContract {

    @TempDir Path bucket;

    @Override
    ObjectStore store() {
        return new FolderObjectStore(bucket, "espalier");
    }

    @Test
    void shouldKeepAnObjectAsAPlainFileAndLeaveNothingElse() throws IOException {
        // When
        store().createIfAbsent(new ObjectKey("runs/a/x.json"), new byte[] {1, 2});
        store().createIfAbsent(new ObjectKey("runs/a/x.json"), new byte[] {3});

        // Then
        try (Stream<Path> files = Files.list(bucket.resolve("runs/a"))) {
            assertThat(files).hasSize(1);
        }
        assertThat(bucket.resolve("runs/a/x.json")).hasBinaryContent(new byte[] {1, 2});
    }
}

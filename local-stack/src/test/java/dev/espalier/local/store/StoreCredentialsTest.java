// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.local.host.LocalStackException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCredentialsTest {
    @TempDir Path data;

    @Test
    void shouldKeepKeysInFileThatOnlyItsOwnerReads() throws Exception {
        assertThat(StoreCredentials.in(data)).isEmpty();

        StoreCredentials made = StoreCredentials.inOrNew(data);

        assertThat(StoreCredentials.inOrNew(data)).isEqualTo(made);
        assertThat(StoreCredentials.in(data)).contains(made);
        Path file = data.resolve("store-credentials.properties");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldMakeDifferentKeysForEachFolder(@TempDir Path other) {
        assertThat(StoreCredentials.inOrNew(data).secretKey())
                .hasSizeGreaterThanOrEqualTo(40)
                .isNotEqualTo(StoreCredentials.inOrNew(other).secretKey());
    }

    @Test
    void shouldNotShowSecretAsText() {
        StoreCredentials made = StoreCredentials.inOrNew(data);

        assertThat(made.toString()).contains(made.accessKey()).doesNotContain(made.secretKey());
    }

    @Test
    void shouldNameFileWhenItIsIncomplete() throws Exception {
        Files.writeString(data.resolve("store-credentials.properties"), "access-key=a\n");

        assertThatThrownBy(() -> StoreCredentials.in(data))
                .isInstanceOf(LocalStackException.class)
                .hasMessageContaining("store-credentials.properties")
                .hasMessageContaining("secret-key");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.local.store.StoreCredentials;
import io.minio.GetObjectArgs;
import io.minio.PutObjectArgs;
import java.io.ByteArrayInputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackRestartTest {
    private static final String TOPIC = "espalier.decisions";

    @Test
    void shouldKeepRecordsObjectsAndKeysOverRestart(@TempDir Path data) throws Exception {
        StoreCredentials before;
        try (LocalStack stack = LocalStack.start(LocalStackConfig.in(data))) {
            before = stack.storeCredentials();
            Clients.produce(stack, TOPIC, "none", "run", List.of("first"));
            put(stack, "runs/a/weights.safetensors", "bytes");
            stack.stopStore();
            int port = stack.storeEndpoint().getPort();
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class);
            stack.startStore();
            assertThat(get(stack, "runs/a/weights.safetensors")).isEqualTo("bytes");
        }

        try (LocalStack stack = LocalStack.start(LocalStackConfig.in(data))) {
            Clients.produce(stack, TOPIC, "none", "run", List.of("second"));

            assertThat(Clients.consume(stack, TOPIC, "run", 2)).containsExactly("first", "second");
            assertThat(get(stack, "runs/a/weights.safetensors")).isEqualTo("bytes");
            assertThat(stack.storeCredentials()).isEqualTo(before);
        }
    }

    @Test
    void shouldRemoveFolderOfTemporaryStack() {
        Path folder;
        try (LocalStack stack = LocalStack.temporary()) {
            folder = stack.dataFolder();
            assertThat(folder.resolve("kafka")).isDirectory();
        }

        assertThat(Files.exists(folder)).isFalse();
    }

    private static void put(LocalStack stack, String key, String value) throws Exception {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Clients.store(stack)
                .putObject(
                        PutObjectArgs.builder().bucket(stack.bucket()).object(key).stream(
                                        new ByteArrayInputStream(bytes), (long) bytes.length, -1L)
                                .build());
    }

    private static String get(LocalStack stack, String key) throws Exception {
        try (var in =
                Clients.store(stack)
                        .getObject(
                                GetObjectArgs.builder()
                                        .bucket(stack.bucket())
                                        .object(key)
                                        .build())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

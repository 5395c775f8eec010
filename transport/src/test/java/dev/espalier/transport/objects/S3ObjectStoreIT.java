// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.local.LocalStack;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class S3ObjectStoreIT extends ObjectStoreContract {

    private static LocalStack stack;
    private static S3ObjectStore store;

    @BeforeAll
    static void start() {
        stack = LocalStack.temporary();
        store = new S3ObjectStore(settings(stack.storeCredentials().secretKey()));
    }

    @Override
    ObjectStore store() {
        return store;
    }

    @AfterAll
    static void stop() {
        store.close();
        stack.close();
    }

    @Test
    void shouldUploadInPartsAndNotOverwriteThem() throws IOException {
        // Given
        var key = new ObjectKey("uploads/large");
        Path large = Files.write(folder.resolve("large"), random(40 << 20));
        Path other = Files.write(folder.resolve("other"), random(20 << 20));

        // When
        ArtifactRef ref = store.upload(key, large);

        // Then
        assertThat(store.upload(key, other)).isEqualTo(ref);
        assertThat(ref.sha256()).isEqualTo(Sha256.of(large));
    }

    @Test
    void shouldListItsOwnObjectsAndLeaveOutFolderMarkersOfOtherTools() throws Exception {
        // Given
        var key = new ObjectKey("runs/marked/checkpoints/000001.json");
        store.createIfAbsent(key, new byte[1]);
        try (MinioClient other =
                MinioClient.builder()
                        .endpoint(stack.storeEndpoint().toString())
                        .region("us-east-1")
                        .credentials(
                                stack.storeCredentials().accessKey(),
                                stack.storeCredentials().secretKey())
                        .build()) {
            for (String marker : List.of("runs/marked/checkpoints/", "runs/marked/a b")) {
                other.putObject(
                        PutObjectArgs.builder()
                                .bucket(stack.bucket())
                                .object(marker)
                                .data(new byte[0], 0)
                                .build());
            }
        }

        // Then
        assertThat(store.list("runs/marked/")).containsExactly(key);
    }

    @Test
    void shouldAnswerAProbeWhileTheStoreIsThere() {
        assertThatCode(() -> store.probe().check()).doesNotThrowAnyException();
    }

    @Test
    void shouldFailAProbeQuicklyWhileTheStoreIsAway() {
        var nowhere = new StoreSettings("http://127.0.0.1:1", "us-east-1", "espalier", "a", "b");
        try (var away = new S3ObjectStore(nowhere)) {
            assertThatThrownBy(() -> away.probe().check()).isInstanceOf(Exception.class);
        }
    }

    @Test
    void shouldCallAStoreUnavailableThatRefusesUs() {
        try (ObjectStore stranger = new S3ObjectStore(settings("not-the-secret"))) {
            assertThatThrownBy(() -> stranger.createIfAbsent(new ObjectKey("x/y"), new byte[1]))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("cannot create x/y");
        }
    }

    @Test
    void shouldCallAStoreUnavailableThatIsNotThere() {
        var nowhere = new StoreSettings("http://127.0.0.1:1", "us-east-1", "espalier", "a", "b");
        try (ObjectStore away = new S3ObjectStore(nowhere)) {
            var key = new ObjectKey("x/y");
            assertThatThrownBy(() -> away.size(key))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("cannot look for x/y");
            assertThatThrownBy(() -> away.createIfAbsent(key, new byte[1]))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> away.list("x")).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> away.readRange(key, 0, MemorySegment.ofArray(new byte[1])))
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    private static StoreSettings settings(String secret) {
        return new StoreSettings(
                stack.storeEndpoint().toString(),
                "us-east-1",
                stack.bucket(),
                stack.storeCredentials().accessKey(),
                secret);
    }
}

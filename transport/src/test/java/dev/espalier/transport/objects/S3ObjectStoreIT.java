// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.local.LocalStack;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.ByteSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class S3ObjectStoreIT {

    private static LocalStack stack;
    private static ObjectStore store;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        stack = LocalStack.temporary();
        store = new S3ObjectStore(settings(stack.storeCredentials().secretKey()));
    }

    @AfterAll
    static void stop() {
        store.close();
        stack.close();
    }

    @Test
    void shouldKeepTheFirstObjectUnderAKey() {
        // Given
        var key = new ObjectKey("first/wins");

        // When
        boolean first = store.createIfAbsent(key, "one".getBytes(UTF_8));
        boolean second = store.createIfAbsent(key, "two".getBytes(UTF_8));

        // Then
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(store.read(key)).hasValue("one".getBytes(UTF_8));
    }

    @Test
    void shouldSayWhatIsNotThere() {
        var key = new ObjectKey("nothing/here");
        assertThat(store.size(key)).isEmpty();
        assertThat(store.read(key)).isEmpty();
        assertThatThrownBy(() -> store.readRange(key, 0, MemorySegment.ofArray(new byte[4])))
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining("it is not there");
    }

    @Test
    void shouldReadAnyRange() {
        // Given
        var key = new ObjectKey("ranges/bytes");
        byte[] content = random(100_000);
        store.createIfAbsent(key, content);

        // When
        byte[] middle = new byte[70_000];
        store.readRange(key, 12_345, MemorySegment.ofArray(middle));

        // Then
        assertThat(middle).isEqualTo(Arrays.copyOfRange(content, 12_345, 82_345));
        assertThatThrownBy(() -> store.readRange(key, 99_999, MemorySegment.ofArray(new byte[2])))
                .isInstanceOf(CorruptArtifactException.class);
    }

    @Test
    void shouldTellTheLaterUploaderWhatIsThere() throws IOException {
        // Given
        var key = new ObjectKey("uploads/file");
        Path first = Files.write(folder.resolve("first"), random(1000));
        Path second = Files.write(folder.resolve("second"), random(2000));

        // When
        ArtifactRef mine = store.upload(key, first);
        ArtifactRef theirs = store.upload(key, second);

        // Then
        assertThat(mine)
                .isEqualTo(ArtifactRef.of(stack.bucket(), key, Sha256.of(first), 1000))
                .isEqualTo(theirs);
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
    void shouldListInOrder() {
        // Given
        for (int i : new int[] {10, 2, 1}) {
            store.createIfAbsent(new ObjectKey("listed/%03d/x".formatted(i)), new byte[] {1});
        }

        // Then
        assertThat(store.list("listed/"))
                .extracting(ObjectKey::value)
                .containsExactly("listed/001/x", "listed/002/x", "listed/010/x");
    }

    @Test
    void shouldFetchWhatTheReferencePromisesAndLeaveNothingBehind() throws IOException {
        // Given
        Path file = Files.write(folder.resolve("artifact"), random(3000));
        ArtifactRef ref = store.upload(new ObjectKey("fetched/good"), file);
        Path temporary = folder.resolve("tmp");

        // When
        byte[] read = new byte[3000];
        try (ByteSource source = new ArtifactFetcher(store, temporary).fetch(ref)) {
            source.read(0, MemorySegment.ofArray(read));
        }

        // Then
        assertThat(read).isEqualTo(Files.readAllBytes(file));
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void shouldRefuseWhatTheReferenceDoesNotPromise() throws IOException {
        // Given
        var key = new ObjectKey("fetched/bad");
        store.createIfAbsent(key, new byte[] {1, 2, 3});
        var fetcher = new ArtifactFetcher(store, folder);
        Sha256 wrong = Sha256.of(new byte[] {9});

        // Then
        assertThatThrownBy(() -> fetcher.fetch(ArtifactRef.of("espalier", key, wrong, 3)))
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining("its reference says " + wrong);
        assertThatThrownBy(() -> fetcher.fetch(ArtifactRef.of("espalier", key, wrong, 4)))
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining("has 3 bytes, its reference says 4");
        assertThatThrownBy(() -> fetcher.fetch(ArtifactRef.of("other", key, wrong, 3)))
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining("another bucket");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void shouldPassTheProbeOfCreations() {
        assertThatCode(() -> new CreationProbe(store).run()).doesNotThrowAnyException();
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

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}

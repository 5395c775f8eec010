// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.ByteSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store promises. Each test has keys of its own, so that the store may be shared. */
public abstract class ObjectStoreContract {

    @TempDir Path folder;

    abstract ObjectStore store();

    @Test
    void shouldKeepTheFirstObjectUnderAKey() {
        // Given
        var key = new ObjectKey("first/wins");

        // When
        boolean first = store().createIfAbsent(key, "one".getBytes(UTF_8));
        boolean second = store().createIfAbsent(key, "two".getBytes(UTF_8));

        // Then
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(store().read(key)).hasValue("one".getBytes(UTF_8));
    }

    @Test
    void shouldSayWhatIsNotThere() {
        var key = new ObjectKey("nothing/here");
        assertThat(store().size(key)).isEmpty();
        assertThat(store().read(key)).isEmpty();
        assertThatThrownBy(() -> store().readRange(key, 0, MemorySegment.ofArray(new byte[4])))
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining("it is not there");
    }

    @Test
    void shouldReadAnyRange() {
        // Given
        var key = new ObjectKey("ranges/bytes");
        byte[] content = random(100_000);
        store().createIfAbsent(key, content);

        // When
        byte[] middle = new byte[70_000];
        store().readRange(key, 12_345, MemorySegment.ofArray(middle));

        // Then
        assertThat(middle).isEqualTo(Arrays.copyOfRange(content, 12_345, 82_345));
        assertThatThrownBy(() -> store().readRange(key, 99_999, MemorySegment.ofArray(new byte[2])))
                .isInstanceOf(CorruptArtifactException.class);
    }

    /** Larger than a part, so that S3 takes it in several requests. */
    @RepeatedTest(2)
    void shouldLetOneOfTwoLargeUploadsWinAndTellTheOtherOne() throws Exception {
        // Given
        var key = new ObjectKey("uploads/race-" + UUID.randomUUID());
        var start = new CyclicBarrier(2);
        List<Path> files =
                List.of(
                        Files.write(folder.resolve("a" + UUID.randomUUID()), random(17 << 20)),
                        Files.write(folder.resolve("b" + UUID.randomUUID()), random(18 << 20)));

        // When
        List<ArtifactRef> refs = new ArrayList<>();
        try (ExecutorService racers = Executors.newFixedThreadPool(2)) {
            List<Future<ArtifactRef>> results = new ArrayList<>();
            for (Path file : files) {
                results.add(
                        racers.submit(
                                () -> {
                                    start.await();
                                    return store().upload(key, file);
                                }));
            }
            for (Future<ArtifactRef> result : results) {
                refs.add(result.get());
            }
        }

        // Then
        assertThat(refs.get(0)).isEqualTo(refs.get(1));
        assertThat(refs.get(0).sha256()).isIn(Sha256.of(files.get(0)), Sha256.of(files.get(1)));
        assertThat(Sha256.of(store().read(key).orElseThrow())).isEqualTo(refs.get(0).sha256());
    }

    @Test
    void shouldTellTheLaterUploaderWhatIsThere() throws IOException {
        // Given
        var key = new ObjectKey("uploads/file");
        Path first = Files.write(folder.resolve("first"), random(1000));
        Path second = Files.write(folder.resolve("second"), random(2000));

        // When
        ArtifactRef mine = store().upload(key, first);
        ArtifactRef theirs = store().upload(key, second);

        // Then
        assertThat(mine)
                .isEqualTo(ArtifactRef.of(store().bucket(), key, Sha256.of(first), 1000))
                .isEqualTo(theirs);
    }

    @Test
    void shouldListInOrder() {
        // Given
        for (int i : new int[] {10, 2, 1}) {
            store().createIfAbsent(new ObjectKey("listed/%03d/x".formatted(i)), new byte[] {1});
        }

        // Then
        assertThat(store().list("listed/"))
                .extracting(ObjectKey::value)
                .containsExactly("listed/001/x", "listed/002/x", "listed/010/x");
    }

    @Test
    void shouldFetchWhatTheReferencePromisesAndLeaveNothingBehind() throws IOException {
        // Given
        Path file = Files.write(folder.resolve("artifact"), random(3000));
        ArtifactRef ref = store().upload(new ObjectKey("fetched/good"), file);
        Path temporary = folder.resolve("tmp");

        // When
        byte[] read = new byte[3000];
        try (ByteSource source = new ArtifactFetcher(store(), temporary).fetch(ref)) {
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
        store().createIfAbsent(key, new byte[] {1, 2, 3});
        var fetcher = new ArtifactFetcher(store(), folder);
        Sha256 wrong = Sha256.of(new byte[] {9});

        // Then
        assertThatThrownBy(() -> fetcher.fetch(ArtifactRef.of(store().bucket(), key, wrong, 3)))
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining("its reference says " + wrong);
        assertThatThrownBy(() -> fetcher.fetch(ArtifactRef.of(store().bucket(), key, wrong, 4)))
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
        assertThatCode(() -> new CreationProbe(store()).run()).doesNotThrowAnyException();
    }

    @Test
    void shouldKeepWhatWasGivenWhenTheCallerChangesItsArray() {
        // Given
        var key = new ObjectKey("copied/bytes");
        byte[] content = "one".getBytes(UTF_8);

        // When
        store().createIfAbsent(key, content);
        content[0] = 'x';
        store().read(key).orElseThrow()[1] = 'x';

        // Then
        assertThat(store().read(key)).hasValue("one".getBytes(UTF_8));
    }

    @Test
    void shouldLetAnUploadFollowAnEarlierCreation() throws IOException {
        // Given
        var key = new ObjectKey("uploads/created");
        store().createIfAbsent(key, new byte[] {1, 2});

        // When
        ArtifactRef ref = store().upload(key, Files.write(folder.resolve("late"), random(10)));

        // Then
        assertThat(ref)
                .isEqualTo(ArtifactRef.of(store().bucket(), key, Sha256.of(new byte[] {1, 2}), 2));
    }

    @Test
    void shouldRemoveAnObjectOnceAndBearToBeAskedAgain() {
        // Given
        var key = new ObjectKey("removed/bytes");
        store().createIfAbsent(key, new byte[] {1});

        // When
        store().delete(key);
        store().delete(key);

        // Then
        assertThat(store().size(key)).isEmpty();
        assertThat(store().list("removed/")).isEmpty();
        assertThat(store().createIfAbsent(key, new byte[] {2})).isTrue();
    }

    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}

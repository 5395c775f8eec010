// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.pqi.testing.BytesSource;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.testing.Seeded;
import dev.espalier.transport.objects.CorruptArtifactException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class VerifyingSourceTest {

    @Seeded
    void shouldServeAnyAscendingReadsAndAcceptTheDigest(RandomGenerator random) throws IOException {
        byte[] bytes = new byte[random.nextInt(5000)];
        random.nextBytes(bytes);
        BytesSource source = new BytesSource(bytes);
        int window = 1 + random.nextInt(700);
        int windows = 1 + random.nextInt(5);
        VerifyingSource verifying =
                new VerifyingSource(source, ref(bytes), new ReadAhead(window, windows));

        for (int at = 0; at < bytes.length; ) {
            int from = at + random.nextInt(bytes.length - at);
            int to = from + random.nextInt(bytes.length - from + 1);
            byte[] target = new byte[to - from];
            verifying.read(from, MemorySegment.ofArray(target));
            assertThat(target).isEqualTo(Arrays.copyOfRange(bytes, from, to));
            at = Math.max(to, from + 1);
        }
        verifying.verify();

        assertThat(source.offsets())
                .as("each window once")
                .hasSize(Math.ceilDiv(bytes.length, window))
                .doesNotHaveDuplicates();
    }

    @Seeded
    void shouldFindAnyCorruptedByteWhereverIsRead(RandomGenerator random) throws IOException {
        byte[] bytes = new byte[1 + random.nextInt(3000)];
        random.nextBytes(bytes);
        ArtifactRef ref = ref(bytes);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        VerifyingSource verifying =
                new VerifyingSource(
                        new BytesSource(bytes), ref, new ReadAhead(1 + random.nextInt(500), 3));
        int from = random.nextInt(bytes.length);
        verifying.read(from, MemorySegment.ofArray(new byte[random.nextInt(bytes.length - from)]));

        assertThatThrownBy(verifying::verify)
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining(ref.uri())
                .hasMessageContaining(ref.sha256().hex());
    }

    @Test
    void shouldRefuseToGoBack() throws IOException {
        byte[] bytes = new byte[100];
        VerifyingSource verifying =
                new VerifyingSource(new BytesSource(bytes), ref(bytes), new ReadAhead(10, 2));
        verifying.read(50, MemorySegment.ofArray(new byte[10]));

        assertThatThrownBy(() -> verifying.read(49, MemorySegment.ofArray(new byte[1])))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("49");
    }

    @Test
    void shouldNotReadBeyondTheEnd() {
        byte[] bytes = new byte[100];
        VerifyingSource verifying =
                new VerifyingSource(new BytesSource(bytes), ref(bytes), new ReadAhead(10, 2));

        assertThatThrownBy(() -> verifying.read(95, MemorySegment.ofArray(new byte[6])))
                .isInstanceOf(EOFException.class);
    }

    private static ArtifactRef ref(byte[] bytes) {
        return new ArtifactRef("s3://espalier/a", Sha256.of(bytes), bytes.length);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.testing.Seeded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MaskFileTest {

    /** Above the size from which bits are in native memory. */
    private static final List<Long> LARGE = List.of(4099L, 2051L);

    @TempDir private Path folder;

    @Seeded(cases = 60)
    void shouldHoldWhatTheCodecWritesByteForByte(RandomGenerator random) throws IOException {
        Map<String, List<Long>> shapes = new TreeMap<>();
        Map<String, MaskTensor> heap = new TreeMap<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            List<Long> shape = Bytes.shape(random);
            shapes.put("layer." + i + ".weight", shape);
            heap.put("layer." + i + ".weight", random(shape, random));
        }
        Path file = folder.resolve("mask.safetensors");

        try (MaskFile mapped = MaskFile.create(file, shapes)) {
            assertThat(mapped.mask().active()).isZero();
            mapped.mask().tensors().forEach((name, bits) -> write(heap.get(name), bits, random));
            assertThat(mapped.mask()).isEqualTo(new Mask(heap));
        }

        assertThat(Files.readAllBytes(file)).isEqualTo(Bytes.written(new Mask(heap)).content());
        try (MaskFile mapped = MaskFile.open(file);
                FileSource source = FileSource.open(file)) {
            assertThat(mapped.mask()).isEqualTo(new Mask(heap)).hasSameHashCodeAs(new Mask(heap));
            assertThat(MaskCodec.read(source)).isEqualTo(mapped.mask());
            requireSameReading(mapped.mask(), heap, random);
        }
    }

    private static void write(MaskTensor from, MaskTensor to, RandomGenerator random) {
        switch (random.nextInt(3)) {
            case 0 -> to.copyFrom(from);
            case 1 -> {
                for (int i = 0; i < from.wordCount(); i++) {
                    to.setWord(i, from.word(i));
                }
            }
            default -> {
                to.fill();
                for (long i = 0; i < from.count(); i++) {
                    if (!from.get(i)) {
                        to.clear(i);
                    }
                }
            }
        }
    }

    private static void requireSameReading(
            Mask mapped, Map<String, MaskTensor> heap, RandomGenerator random) {
        heap.forEach(
                (name, bits) -> {
                    MaskTensor there = mapped.tensors().get(name);
                    if (bits.count() > 0) {
                        int n = (int) Math.min(bits.count(), 1 + random.nextInt(64));
                        long from = random.nextLong(bits.count() - n + 1);
                        assertThat(there.bits(from, n)).isEqualTo(bits.bits(from, n));
                        assertThat(there.active(from, from + n))
                                .isEqualTo(bits.active(from, from + n));
                    }
                    assertThat(there.copy()).isEqualTo(bits);
                    assertThat(there.isSubsetOf(bits)).isTrue();
                });
    }

    @Seeded(cases = 1)
    void shouldKeepManyBitsOutsideTheHeap(RandomGenerator random) throws IOException {
        MaskTensor bits = random(LARGE, random);
        Mask mask = new Mask(Map.of("a.weight", bits));

        Mask read = MaskCodec.read(Bytes.written(mask));

        assertThat(read).isEqualTo(mask);
        assertThat(read.active()).isEqualTo(bits.active(0, bits.count()));
        assertThat(MaskTensor.ones(LARGE).active()).isEqualTo(bits.count());
        assertThat(bits.bytes().isNative()).isTrue();
    }

    @Test
    void shouldNotSetBitsAfterTheLastWeight() {
        MaskTensor bits = MaskTensor.zeros(List.of(70L));

        bits.setWord(0, -1L);
        bits.setWord(1, -1L);

        assertThat(bits).isEqualTo(MaskTensor.ones(List.of(70L)));
    }

    @Test
    void shouldRefuseBitsAfterTheLastWeight() throws IOException {
        Path file = folder.resolve("mask.safetensors");
        byte[] bytes =
                Bytes.written(new Mask(Map.of("a.weight", MaskTensor.ones(List.of(12L)))))
                        .content();
        bytes[bytes.length - 1] |= 0x10;
        Files.write(file, bytes);

        assertThatThrownBy(() -> MaskFile.open(file))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("'a.weight' has bits set after its last weight");
    }

    @Test
    void shouldRefuseToWriteToAnOpenedFileAndToCopyAnotherShape() throws IOException {
        Path file = folder.resolve("mask.safetensors");
        MaskFile.create(file, Map.of("a.weight", List.of(3L, 5L))).close();

        try (MaskFile mapped = MaskFile.open(file)) {
            MaskTensor bits = mapped.mask().tensors().get("a.weight");
            assertThatThrownBy(() -> bits.set(1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> bits.copyFrom(MaskTensor.ones(List.of(5L, 3L))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[3, 5]");
        }
    }

    private static MaskTensor random(List<Long> shape, RandomGenerator random) {
        MaskTensor mask = MaskTensor.zeros(shape);
        for (int i = 0; i < mask.wordCount(); i++) {
            mask.setWord(i, random.nextLong());
        }
        return mask;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.testing.Seeded;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MaskTest {

    @Seeded(cases = 200)
    void shouldRoundTripMasksOfEveryShape(RandomGenerator random) throws IOException {
        Map<String, MaskTensor> tensors = new TreeMap<>();
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            tensors.put("layer." + i + ".weight", mask(Bytes.shape(random), random));
        }
        Mask mask = new Mask(tensors);

        assertThat(MaskCodec.read(Bytes.written(mask))).isEqualTo(mask);
    }

    @Test
    void shouldReadAndRewriteTheFileOfTheExamples() throws IOException {
        Path golden = Path.of("examples/objects/mask.safetensors");
        try (FileSource file = FileSource.open(golden)) {
            Mask mask = MaskCodec.read(file);

            MaskTensor first = mask.tensors().get("fc1.weight");
            assertThat(first.shape()).containsExactly(3L, 4L);
            assertThat(first.get(0)).isFalse();
            assertThat(first.get(8)).isFalse();
            assertThat(first.active()).isEqualTo(10);
            assertThat(mask.tensors().get("fc2.weight").word(0)).isEqualTo(0b1101_1100);
            assertThat(mask.active()).isEqualTo(15);
            assertThat(Bytes.written(mask).content()).isEqualTo(Files.readAllBytes(golden));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129})
    void shouldHoldExactlyItsWeights(long count) throws IOException {
        MaskTensor ones = MaskTensor.ones(List.of(count));
        Mask mask = new Mask(Map.of("a.weight", ones));

        assertThat(ones.active()).isEqualTo(count);
        assertThat(MaskTensor.zeros(List.of(count)).active()).isZero();
        assertThat(MaskCodec.read(Bytes.written(mask))).isEqualTo(mask);
        SafetensorsHeader header = SafetensorsHeader.read(Bytes.written(mask));
        assertThat(header.tensors().getFirst().byteSize()).isEqualTo(Math.ceilDiv(count, 8L));
    }

    @Seeded(cases = 300)
    void shouldReadAnyLaneLikeItsSingleBits(RandomGenerator random) {
        MaskTensor mask = mask(List.of(1L + random.nextInt(200)), random);
        int n = (int) Math.min(mask.count(), 1 + random.nextInt(64));
        long from = random.nextLong(mask.count() - n + 1);

        long bits = 0;
        for (int i = 0; i < n; i++) {
            bits |= mask.get(from + i) ? 1L << i : 0;
        }

        assertThat(mask.bits(from, n)).isEqualTo(bits);
        assertThat(mask.active(from, from + n)).isEqualTo(Long.bitCount(bits));
    }

    @Seeded(cases = 300)
    void shouldCountTheSingleBitsOfAnyStretch(RandomGenerator random) {
        MaskTensor mask = mask(List.of(1L + random.nextInt(500)), random);
        long from = random.nextLong(mask.count() + 1);
        long to = from + random.nextLong(mask.count() - from + 1);

        assertThat(mask.active(from, to))
                .isEqualTo(LongStream.range(from, to).filter(mask::get).count());
        assertThat(mask.active())
                .isEqualTo(LongStream.range(0, mask.count()).filter(mask::get).count());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 62, 63, 64, 65, 127, 128})
    void shouldSetAndClearOneBitAndNoOther(long index) {
        MaskTensor mask = MaskTensor.zeros(List.of(129L));

        mask.set(index);
        assertThat(mask.get(index)).isTrue();
        assertThat(mask.active()).isEqualTo(1);

        MaskTensor copy = mask.copy();
        mask.clear(index);
        assertThat(mask.active()).isZero();
        assertThat(copy.active()).isEqualTo(1);
    }

    @Seeded
    void shouldBeSubsetExactlyWhenNoBitIsNew(RandomGenerator random) {
        MaskTensor mask = mask(List.of(10L, 13L), random);
        MaskTensor less = mask.copy();
        MaskTensor more = mask.copy();
        long index = random.nextLong(mask.count());
        less.clear(index);
        more.set(index);

        assertThat(less.isSubsetOf(mask)).isTrue();
        assertThat(mask.isSubsetOf(mask.copy())).isTrue();
        assertThat(mask.isSubsetOf(more)).isTrue();
        assertThat(more.isSubsetOf(less)).isFalse();
        assertThat(mask.isSubsetOf(MaskTensor.ones(List.of(130L)))).isFalse();
    }

    @Test
    void shouldRefuseBitsAfterTheLastWeight() {
        Bytes file = Bytes.written(new Mask(Map.of("a.weight", MaskTensor.ones(List.of(12L)))));
        file.content()[file.content().length - 1] |= 0x10;

        assertThatThrownBy(() -> MaskCodec.read(file))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("'a.weight' has bits set after its last weight");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            textBlock =
                    """
                    pt               | 2,8 | U8  | 2 | is not a mask: its metadata has the format pt
                    espalier-mask-v1 | 2,9 | U8  | 2 | must be U8 with 3 bytes
                    espalier-mask-v1 | 2,7 | U8  | 3 | must be U8 with 2 bytes
                    espalier-mask-v1 | 2,8 | I8  | 2 | must be U8 with 2 bytes
                    espalier-mask-v1 | -   | U8  | 2 | has null for shape.a.weight
                    espalier-mask-v1 | 2x8 | U8  | 2 | has 2x8 for shape.a.weight
                    espalier-mask-v1 | 2,  | U8  | 2 | has 2, for shape.a.weight
                    espalier-mask-v1 | `-2`  | U8  | 2 | has -2 for shape.a.weight
                    espalier-mask-v1 | 99999999999999999,99999 | U8 | 2 | more elements than 64 bits count
                    """)
    void shouldRefuseWhatIsNoMask(
            String format, String shape, DType dtype, int bytes, String message) {
        Map<String, String> metadata = new TreeMap<>(Map.of("format", format));
        if (shape != null) {
            metadata.put("shape.a.weight", shape);
        }
        TensorData tensor =
                new TensorData(
                        "a.weight",
                        dtype,
                        List.of((long) bytes),
                        MemorySegment.ofArray(new byte[bytes]));
        Bytes file = Bytes.written(metadata, List.of(tensor));

        assertThatThrownBy(() -> MaskCodec.read(file))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldRefuseAMaskThatDoesNotFitItsWeights() throws IOException {
        SafetensorsHeader weights =
                SafetensorsHeader.read(
                        Bytes.file(
                                "{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}",
                                24));

        new Mask(Map.of("a.weight", MaskTensor.ones(List.of(2L, 3L)))).requireFits(weights, "m");
        Mask.DENSE.requireFits(weights, "m");
        assertThatThrownBy(
                        () ->
                                new Mask(Map.of("a.weight", MaskTensor.ones(List.of(3L, 2L))))
                                        .requireFits(weights, "m"))
                .hasMessage("m masks 'a.weight' with the shape [3, 2], the weights have [2, 3]");
        assertThatThrownBy(
                        () ->
                                new Mask(Map.of("b.weight", MaskTensor.ones(List.of(1L, 1L))))
                                        .requireFits(weights, "m"))
                .hasMessage("m masks 'b.weight', which the weights do not have");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    fc.weight       | F32  | 2 | 3 | -
                    fc.weight       | BF16 | 2 | 3 | -
                    fc.bias         | F32  | 2 | 3 | its name does not end in 'weight'
                    fc.weight       | I32  | 2 | 3 | its type I32 is none of F64, F32, F16, BF16
                    fc.weight       | F32  | 2 | 0 | it is empty
                    """)
    void shouldSayWhyATensorCannotBePruned(
            String name, DType dtype, long rows, long columns, String refusal) {
        assertThat(Maskable.refusal(new TensorInfo(name, dtype, List.of(rows, columns), 0)))
                .isEqualTo(refusal);
    }

    @Test
    void shouldNotPruneVectorsAndScalars() {
        assertThat(Maskable.refusal(new TensorInfo("bn.weight", DType.F32, List.of(4L), 0)))
                .isEqualTo("it has 1 dimension, fewer than 2");
        assertThat(Maskable.refusal(new TensorInfo("weight", DType.F32, List.of(), 0)))
                .isEqualTo("it has 0 dimensions, fewer than 2");
    }

    private static MaskTensor mask(List<Long> shape, RandomGenerator random) {
        MaskTensor mask = MaskTensor.zeros(shape);
        for (long i = 0; i < mask.count(); i++) {
            if (random.nextBoolean()) {
                mask.set(i);
            }
        }
        return mask;
    }
}

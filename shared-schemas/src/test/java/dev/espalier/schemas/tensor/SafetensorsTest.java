// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.testing.Seeded;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SafetensorsTest {

    @Seeded(cases = 200)
    void shouldRoundTripTensorsOfEveryTypeAndShape(RandomGenerator random) throws IOException {
        List<TensorData> tensors = tensors(random);
        Map<String, String> metadata = Map.of("format", "pt", "a \"b\"\n", "ü€😀");

        Bytes file = Bytes.written(metadata, tensors);
        SafetensorsHeader header = SafetensorsHeader.read(file);

        assertThat(header.metadata()).isEqualTo(metadata);
        assertThat(header.tensors()).hasSameSizeAs(tensors);
        for (TensorData tensor : tensors) {
            TensorInfo info = header.tensor(tensor.name()).orElseThrow();
            byte[] read = new byte[(int) info.byteSize()];
            file.read(info.offset(), MemorySegment.ofArray(read));
            assertThat(info.dtype()).isEqualTo(tensor.dtype());
            assertThat(info.shape()).isEqualTo(tensor.shape());
            assertThat(read).isEqualTo(tensor.bytes().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Seeded
    void shouldWriteEqualBytesInWhateverOrderTensorsAreGiven(RandomGenerator random) {
        List<TensorData> tensors = tensors(random);
        List<TensorData> shuffled = new ArrayList<>(tensors);
        Collections.shuffle(shuffled, Random.from(random));

        assertThat(Bytes.written(Map.of("a", "1", "b", "2"), shuffled).content())
                .isEqualTo(Bytes.written(Map.of("b", "2", "a", "1"), tensors).content());
    }

    @Seeded
    void shouldAlignTheBufferAndEveryTensor(RandomGenerator random) throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(Bytes.written(Map.of(), tensors(random)));

        assertThat(header.dataOffset() % 64).isZero();
        assertThat(header.tensors())
                .allSatisfy(info -> assertThat(info.offset() % info.dtype().bytes()).isZero());
    }

    @Test
    void shouldWriteWhatTheFormatDefines() {
        byte[] floats =
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(1)
                        .putFloat(-2)
                        .array();
        TensorData byteTensor =
                new TensorData("a", DType.U8, List.of(1L), MemorySegment.ofArray(new byte[] {7}));
        TensorData floatTensor =
                new TensorData("b", DType.F32, List.of(1L, 2L), MemorySegment.ofArray(floats));
        String json =
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                        + "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[8,9]}}";
        // 8 + 184 = 192 = 3 * 64: the buffer begins there.
        byte[] expected = new byte[8 + 184 + 9];
        expected[0] = (byte) 184;
        byte[] text = (json + " ".repeat(184 - json.length())).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, expected, 8, 184);
        byte[] buffer = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0, 7};
        System.arraycopy(buffer, 0, expected, 192, 9);

        assertThat(
                        Bytes.written(Map.of("format", "pt"), List.of(byteTensor, floatTensor))
                                .content())
                .isEqualTo(expected);
    }

    @Test
    void shouldReadAndRewriteTheFileOfTheExamples() throws IOException {
        Path golden = Path.of("examples/objects/weights.safetensors");
        try (FileSource file = FileSource.open(golden)) {
            SafetensorsHeader header = SafetensorsHeader.read(file);
            List<TensorData> tensors = new ArrayList<>();
            for (TensorInfo info : header.tensors()) {
                MemorySegment bytes = MemorySegment.ofArray(new byte[(int) info.byteSize()]);
                file.read(info.offset(), bytes);
                tensors.add(new TensorData(info.name(), info.dtype(), info.shape(), bytes));
            }

            assertThat(header.tensors().stream().map(TensorInfo::name))
                    .containsExactly("fc1.bias", "fc1.weight", "fc2.weight");
            assertThat(Bytes.written(header.metadata(), tensors).content())
                    .isEqualTo(Files.readAllBytes(golden));
        }
    }

    /** The reference writer pads to 8 bytes, and others order tensors as they like. */
    @Test
    void shouldOrderTensorsByTheirBytesAndNotByTheHeader() throws IOException {
        SafetensorsHeader header =
                SafetensorsHeader.read(
                        Bytes.file(
                                """
                                {"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},\
                                "b":{"dtype":"BF16","shape":[0],"data_offsets":[1,1]},\
                                "c":{"shape":[],"data_offsets":[0,1],"dtype":"BOOL"}}   \
                                """,
                                3));

        assertThat(header.tensors().stream().map(TensorInfo::name)).containsExactly("c", "b", "a");
        assertThat(header.tensors().getFirst().count()).isEqualTo(1);
        assertThat(header.tensor("b").orElseThrow().count()).isZero();
    }

    @Test
    void shouldReadAFileWithoutTensors() throws IOException {
        assertThat(SafetensorsHeader.read(Bytes.file("{}", 0)).tensors()).isEmpty();
        assertThat(SafetensorsHeader.read(Bytes.written(Map.of(), List.of())).tensors()).isEmpty();
    }

    @Test
    void shouldCountOffsetsIn64Bits() throws IOException {
        long big = 6L << 30;
        Bytes small =
                Bytes.file(
                        """
                        {"a":{"dtype":"F16","shape":[3221225472],"data_offsets":[0,%d]},\
                        "b":{"dtype":"F64","shape":[1],"data_offsets":[%d,%d]}}"""
                                .formatted(big, big, big + 8),
                        0);

        SafetensorsHeader header =
                SafetensorsHeader.read(new Bytes(small.content(), small.size() + big + 8));

        TensorInfo last = header.tensors().getLast();
        assertThat(last.offset()).isEqualTo(small.size() + big);
        assertThat(header.tensors().getFirst().count()).isEqualTo(3L << 30);
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void shouldNameEveryType(DType type) {
        assertThat(DType.named(type.name())).contains(type);
        assertThat(type.isWeight())
                .isEqualTo(List.of("F64", "F32", "F16", "BF16").contains(type.name()));
    }

    @Test
    void shouldRefuseToWriteTwoTensorsOfOneName() {
        TensorData tensor = tensor("a", 4);

        assertThatThrownBy(() -> Bytes.written(Map.of(), List.of(tensor, tensor)))
                .hasMessage("two tensors are named 'a'");
    }

    @Test
    void shouldRefuseToWriteATensorNamedLikeTheMetadata() {
        assertThatThrownBy(() -> tensor("__metadata__", 4)).hasMessageContaining("__metadata__");
    }

    @Test
    void shouldRefuseATensorOfTheWrongSize() {
        assertThatThrownBy(() -> tensor("a", 5)).hasMessageContaining("takes 4 bytes, given are 5");
    }

    @Test
    void shouldSayWhenAFileEndsTooEarly(@TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("short"), new byte[4]);
        try (FileSource file = FileSource.open(path)) {
            MemorySegment target = MemorySegment.ofArray(new byte[3]);

            assertThatThrownBy(() -> file.read(2, target))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("short ends at byte 4");
        }
    }

    private static TensorData tensor(String name, int bytes) {
        return new TensorData(name, DType.F32, List.of(1L), MemorySegment.ofArray(new byte[bytes]));
    }

    private static List<TensorData> tensors(RandomGenerator random) {
        List<TensorData> tensors = new ArrayList<>();
        tensors.add(Bytes.tensor("scalar", DType.F32, List.of(), random));
        tensors.add(Bytes.tensor("empty", DType.BF16, List.of(3L, 0L), random));
        for (DType type : DType.values()) {
            int count = random.nextInt(3);
            for (int i = 0; i < count; i++) {
                String name = "layer.%d.%s".formatted(i, type);
                tensors.add(Bytes.tensor(name, type, Bytes.shape(random), random));
            }
        }
        return tensors;
    }
}

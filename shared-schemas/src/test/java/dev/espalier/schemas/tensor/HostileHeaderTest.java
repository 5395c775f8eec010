// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.testing.Seeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostileHeaderTest {

    /** The quote is a backtick, so that the JSON can stand as it is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    overlap          | 8 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}} | overlap
                    same bytes       | 4 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | overlap
                    hole             | 9 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}} | leave holes
                    hole at start    | 5 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}} | leave holes
                    hole at end      | 5 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | take 4 bytes after the header, the file has 5
                    truncated buffer | 3 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | truncated
                    offsets reversed | 4 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}} | data_offsets [4, 0]
                    one offset       | 4 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}} | data_offsets [4]
                    shape too small  | 8 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}} | has 4 bytes, its offsets span 8
                    duplicate name   | 8 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | 'a' twice
                    duplicate field  | 4 | {"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}} | has dtype of 'a' twice
                    duplicate meta   | 0 | {"__metadata__":{"a":"1","a":"2"}} | 'a' twice
                    metadata twice   | 0 | {"__metadata__":{},"__metadata__":{}} | twice
                    metadata number  | 0 | {"__metadata__":{"a":1}} | __metadata__.a
                    metadata nested  | 0 | {"__metadata__":{"a":{"b":"c"}}} | __metadata__.a
                    metadata null    | 0 | {"__metadata__":null} | __metadata__
                    negative extent  | 4 | {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}} | shape of 'a' with -1
                    negative offset  | 4 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}} | data_offsets of 'a' with -4
                    fractional shape | 4 | {"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}} | shape of 'a'
                    count overflows  | 4 | {"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,4]}} | more elements than 64 bits count
                    bytes overflow   | 4 | {"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4]}} | more bytes than 64 bits count
                    extent overflows | 4 | {"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}} | not valid JSON
                    offsets overflow | 4 | {"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]},"b":{"dtype":"U8","shape":[0],"data_offsets":[9223372036854775807,9223372036854775807]}} | truncated
                    unknown dtype    | 4 | {"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}} | unknown dtype F31
                    dtype number     | 4 | {"a":{"dtype":32,"shape":[1],"data_offsets":[0,4]}} | dtype of 'a'
                    field missing    | 4 | {"a":{"dtype":"F32","shape":[1]}} | lacks dtype, shape or data_offsets of 'a'
                    unknown field    | 4 | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}} | unknown field 'x'
                    not an object    | 0 | {"a":1} | tensor 'a'
                    array            | 0 | [] | does not begin with '{'
                    leading space    | 0 | ` {}` | does not begin with '{'
                    empty header     | 0 | `` | does not begin with '{'
                    garbage at end   | 0 | {}x | not valid JSON
                    second object    | 0 | {}{} | after its closing brace
                    never closed     | 0 | {"a":{"dtype":"F32" | not valid JSON
                    deeply nested    | 0 | {"a":{"shape":[[[[[[ | shape of 'a'
                    """)
    void shouldRefuse(String what, int bufferBytes, String header, String message) {
        Bytes file = Bytes.file(header, bufferBytes);

        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .as(what)
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("memory")
                .hasMessageContaining(message);
    }

    /** The source fails if it is asked for more than the length: nothing is allocated for it. */
    @ParameterizedTest
    @ValueSource(longs = {2L << 30, 16_777_217, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void shouldRefuseAHugeHeaderBeforeItIsRead(long length) {
        byte[] start =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
        Bytes file = new Bytes(start, 1L << 40);

        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("announces a header of " + Long.toUnsignedString(length))
                .hasMessageContaining("at most 16777216");
    }

    @Test
    void shouldRefuseAHeaderLongerThanTheFileBeforeItIsRead() {
        byte[] start = {100, 0, 0, 0, 0, 0, 0, 0};

        assertThatThrownBy(() -> SafetensorsHeader.read(new Bytes(start, 107)))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("announces a header of 100 bytes, but has only 107")
                .hasMessageContaining("truncated");
    }

    @Seeded
    void shouldRefuseAFileThatWasCutAnywhere(RandomGenerator random) {
        byte[] whole =
                Bytes.written(
                                Map.of("format", "pt"),
                                List.of(Bytes.tensor("a", DType.F32, List.of(5L, 3L), random)))
                        .content();
        Bytes cut = Bytes.of(Arrays.copyOf(whole, random.nextInt(whole.length)));

        assertThatThrownBy(() -> SafetensorsHeader.read(cut))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("truncated");
    }

    @Test
    void shouldRefuseMoreTensorsThanTheLimit() throws IOException {
        Bytes file = Bytes.file(manyTensors(101), 0);

        assertThat(SafetensorsHeader.read(file, new HeaderLimits(1 << 20, 101)).tensors())
                .hasSize(101);
        assertThatThrownBy(() -> SafetensorsHeader.read(file, new HeaderLimits(1 << 20, 100)))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("more than 100 tensors");
    }

    @Test
    void shouldRefuseHundredsOfThousandsOfEmptyTensorsByDefault() {
        Bytes file = Bytes.file(manyTensors(200_000), 0);

        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("more than 100000 tensors");
    }

    private static String manyTensors(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i ->
                                "\"%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"
                                        .formatted(i))
                .collect(Collectors.joining(",", "{", "}"));
    }

    @Test
    void shouldNotRepeatALongNameInItsMessage() {
        String header =
                "{\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
                        .formatted("n".repeat(2_000_000));

        assertThatThrownBy(() -> SafetensorsHeader.read(Bytes.file(header, 4)))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("a name of 2000000 characters, at most 256 are allowed")
                .extracting(Throwable::getMessage)
                .asString()
                .hasSizeLessThan(1025);
    }

    @Test
    void shouldEscapeAHostileNameInItsMessage() {
        String header =
                "{\"a\\n\\u001b[31m\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}";

        assertThatThrownBy(() -> SafetensorsHeader.read(Bytes.file(header, 4)))
                .hasMessageContaining("'a\\u000a\\u001b[31m'");
    }

    /** Whatever is there, it is read or refused with the one exception that says so. */
    @Seeded(cases = 500)
    void shouldSurviveAnyDamage(RandomGenerator random) throws IOException {
        byte[] bytes =
                Bytes.file(
                                "{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}",
                                24)
                        .content();
        int damages = 1 + random.nextInt(4);
        for (int i = 0; i < damages; i++) {
            byte[] likely = "{}[]\",:0123456789e-.\\".getBytes(StandardCharsets.US_ASCII);
            int at = 8 + random.nextInt(bytes.length - 8 - 24);
            bytes[at] =
                    random.nextBoolean()
                            ? likely[random.nextInt(likely.length)]
                            : (byte) random.nextInt(256);
        }
        try {
            SafetensorsHeader header = SafetensorsHeader.read(Bytes.of(bytes));
            assertThat(header.tensors().stream().mapToLong(TensorInfo::byteSize).sum())
                    .isEqualTo(24);
        } catch (SafetensorsException e) {
            assertThat(e).hasMessageContaining("memory");
        }
    }
}

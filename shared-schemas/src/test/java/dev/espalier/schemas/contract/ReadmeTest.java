// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.EventType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The protocol's document is what trainers are written from: it must not rot. */
final class ReadmeTest {

    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- (examples/\\S+) -->\n```json\n(.*?)```", Pattern.DOTALL);

    private final String readme = read();

    private static String read() {
        try {
            return Files.readString(Path.of("README.md"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldShowTheExamplesAsTheyAre() throws IOException {
        long shown = 0;
        for (MatchResult example : EXAMPLE.matcher(readme).results().toList()) {
            assertThat(example.group(2)).isEqualTo(Files.readString(Path.of(example.group(1))));
            shown++;
        }
        assertThat(shown).isEqualTo(readme.split("```json", -1).length - 1);
    }

    @Test
    void shouldShowAnExampleOfEveryEvent() {
        assertThat(Arrays.stream(EventType.values()).map(Document::of))
                .allSatisfy(
                        document ->
                                assertThat(readme)
                                        .contains("### " + document.name())
                                        .contains("<!-- examples/valid/" + document.name() + "/"));
    }

    @Test
    void shouldNameEveryTopic() {
        assertThat(Topic.values())
                .allSatisfy(
                        topic -> assertThat(readme).contains("| `" + topic.topicName() + "` |"));
    }

    @Test
    void shouldShowTheBytesOfTheMask() throws IOException {
        byte[] mask = Files.readAllBytes(Path.of("examples/objects/mask.safetensors"));
        String header = new String(mask, 8, 248, StandardCharsets.UTF_8);

        assertThat(mask).hasSize(259).startsWith(0xf8, 0, 0, 0, 0, 0, 0, 0);
        assertThat(mask).endsWith(0xfe, 0x0e, 0xdc);
        assertThat(readme).contains("\n" + header.strip() + "\n").contains("`fe 0e dc`");
        assertThat(header).endsWith("}" + " ".repeat(30));
    }
}

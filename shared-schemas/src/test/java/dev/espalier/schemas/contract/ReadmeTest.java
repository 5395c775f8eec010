// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.EventType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    void shouldNameEveryTopicWithItsTypes() {
        for (Topic topic : Topic.values()) {
            String row = row("`" + topic.topicName() + "`");

            assertThat(Arrays.stream(EventType.values()).filter(type -> type.topic() == topic))
                    .isNotEmpty()
                    .allMatch(type -> row.contains("`" + Document.of(type).name() + "`"));
        }
    }

    @Test
    void shouldGiveTheFormOfTheIdOfEveryType() {
        assertThat(Arrays.stream(EventType.values()).map(Document::of))
                .allSatisfy(document -> assertThat(row("`" + document.name() + "`")).isNotBlank());
    }

    /** In the example or in the text. What the event holds of another document is there. */
    @Test
    void shouldNameEveryFieldInTheSectionOfItsEvent() {
        List<String> missing = new ArrayList<>();
        for (EventType type : EventType.values()) {
            Document document = Document.of(type);
            String section = section(document.name());
            for (String field : RecordShape.of(document.record()).types().keySet()) {
                if (!section.contains('"' + field + '"') && !section.contains('`' + field + '`')) {
                    missing.add(document.name() + ": " + field);
                }
            }
        }

        assertThat(missing).as("Fields that README.md does not name").isEmpty();
    }

    private String row(String first) {
        return readme.lines()
                .filter(line -> line.startsWith("| " + first + " |"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row begins with " + first));
    }

    private String section(String event) {
        String rest = readme.substring(readme.indexOf("\n### " + event) + 1);
        int end = rest.indexOf("\n##");
        return rest.substring(0, end);
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

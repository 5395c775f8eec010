// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.testing.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ForeignTextTest {

    @Test
    void shouldLeaveHarmlessTextAsItIs() {
        assertThat(ForeignText.escaped("fc1.weight – größer, 雪, 🙂"))
                .isEqualTo("fc1.weight – größer, 雪, 🙂");
    }

    @Test
    void shouldEscapeWhatForgesLinesColoursAndDirections() {
        assertThat(ForeignText.escaped("a\nb\r\u001b[31mc\u2028d\u202ee\u0000f\t\u0085"))
                .isEqualTo("a\\u000ab\\u000d\\u001b[31mc\\u2028d\\u202ee\\u0000f\\u0009\\u0085");
    }

    @Test
    void shouldEscapeUnpairedSurrogates() {
        assertThat(ForeignText.escaped("a\ud800b")).isEqualTo("a\\ud800b");
    }

    @Test
    void shouldKeepTheLineOfAdviceOfAReason() {
        assertThat(ForeignText.reason("p is 2\nTry: q\u001b")).isEqualTo("p is 2\nTry: q\\u001b");
    }

    @Test
    void shouldSayHowLongACutTextWas() {
        assertThat(ForeignText.reason("x".repeat(950_000)))
                .startsWith("xxx")
                .endsWith("x… (950000 characters)");
    }

    @Seeded(cases = 500)
    void shouldStayWithinTheLimitForAnyText(RandomGenerator random) {
        var text = new StringBuilder();
        int length = random.nextInt(3000);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    random.nextInt(random.nextBoolean() ? 128 : Character.MAX_CODE_POINT + 1));
        }
        int limit = 64 + random.nextInt(1000);

        String escaped = ForeignText.escaped(text.toString(), limit);

        assertThat(escaped.getBytes(UTF_8).length).isLessThanOrEqualTo(limit);
        assertThat(escaped).doesNotContainPattern("[\\p{Cntrl}\\u202a-\\u202e\\u2066-\\u2069]");
        assertThat(new String(escaped.getBytes(UTF_8), UTF_8)).isEqualTo(escaped);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final SettableClock clock = new SettableClock();

    private ProgressLine line(boolean interactive) {
        return new ProgressLine(
                new Terminal(
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        interactive),
                clock);
    }

    @Test
    void shouldWriteNoControlCharactersWhereThereIsNoTerminal() {
        ProgressLine progress = line(false);

        progress.show("iteration 1/5", 0.5, "epoch 2/4");
        progress.above("a row");
        progress.notice("a notice");
        progress.clear();

        assertThat(err.toString(UTF_8)).isEqualTo("iteration 1/5, epoch 2/4\na notice\n");
        assertThat(out.toString(UTF_8)).isEqualTo("a row\n");
    }

    @Test
    void shouldWriteAPlainLineOnlyFromTimeToTime() {
        ProgressLine progress = line(false);

        progress.show("iteration 1", 0, "first");
        progress.show("iteration 1", 0, "too soon");
        clock.now = clock.now.plus(Duration.ofSeconds(5));
        progress.show("iteration 1", 0, "first");
        progress.show("iteration 1", 0, "second");

        assertThat(err.toString(UTF_8)).isEqualTo("iteration 1, first\niteration 1, second\n");
    }

    @Test
    void shouldDrawABarAndPutRowsAboveIt() {
        ProgressLine progress = line(true);

        progress.show("iteration 1/5", 0.5, "epoch 2/4");
        progress.above("a row");
        progress.clear();

        String bar = "iteration 1/5 [############------------] epoch 2/4";
        String erase = "\r\u001b[K";
        assertThat(err.toString(UTF_8)).isEqualTo(erase + bar + erase + bar + erase);
        assertThat(out.toString(UTF_8)).isEqualTo("a row\n");
    }

    private static final class SettableClock extends Clock {

        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}

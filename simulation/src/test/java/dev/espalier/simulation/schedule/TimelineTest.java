// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineTest {

    private final Timeline timeline = new Timeline();
    private final List<String> seen = new ArrayList<>();

    private void say(String what) {
        seen.add(timeline.now() + " " + what);
    }

    @Test
    void shouldLetActorsTakeTurnsInTheOrderOfVirtualTime() {
        timeline.start(
                new Life("a", 1),
                () -> {
                    say("a");
                    timeline.sleep(10);
                    say("a");
                });
        timeline.start(
                new Life("b", 1),
                () -> {
                    say("b");
                    timeline.sleep(7);
                    say("b");
                });
        timeline.at(8, () -> say("action"));

        assertThat(timeline.run(() -> false, 100)).isNull();

        assertThat(seen).containsExactly("0 a", "0 b", "7 b", "8 action", "10 a");
    }

    @Test
    void shouldEndAllActorsOfAKilledLifeWhereverTheySleep() {
        var life = new Life("a", 1);
        for (String name : List.of("one", "two")) {
            timeline.start(
                    life,
                    () -> {
                        try {
                            timeline.sleep(50);
                            say(name + " woke");
                        } finally {
                            say(name + " ended");
                        }
                    });
        }
        timeline.at(20, () -> timeline.kill(life));

        assertThat(timeline.run(() -> false, 100)).isNull();

        assertThat(seen).containsExactly("20 one ended", "20 two ended");
    }

    @Test
    void shouldDelayAStalledLifeOnly() {
        var stalled = new Life("a", 1);
        timeline.start(
                stalled,
                () -> {
                    timeline.sleep(10);
                    say("a");
                });
        timeline.start(
                new Life("b", 1),
                () -> {
                    timeline.sleep(10);
                    say("b");
                });
        timeline.at(5, () -> timeline.stall(stalled, 60));

        assertThat(timeline.run(() -> false, 100)).isNull();

        assertThat(seen).containsExactly("10 b", "65 a");
    }

    @Test
    void shouldReportWhatAnActorDidNotExpect() {
        timeline.start(
                new Life("a", 1),
                () -> {
                    throw new IllegalStateException("broken");
                });

        assertThat(timeline.run(() -> false, 100)).hasMessage("broken");
    }
}

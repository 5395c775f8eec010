// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests wait for a condition, never for a duration. */
final class SleepsTest {

    private static final Pattern SLEEP =
            Pattern.compile(
                    "until\\(\\s*\\(\\)\\s*->\\s*true\\s*\\)|Thread\\.sleep\\(|\\.pollDelay\\("
                            + "|parkNanos\\(|(SECONDS|MILLIS\\w*|MINUTES)\\.sleep\\(");

    @Test
    void shouldNotSleepInTests() {
        List<String> allowed = Repository.list("sleeps-allowed.txt");
        List<String> found = new ArrayList<>();
        for (String file : Repository.files(Repository::isTestJava)) {
            if (!allowed.contains(file) && !file.startsWith("house-rules/")) {
                SLEEP.matcher(Repository.text(file))
                        .results()
                        .forEach(match -> found.add(file + ": " + match.group()));
            }
        }

        assertThat(found)
                .as("Sleeps in tests. Try: await a condition, or let another event come after it")
                .isEmpty();
    }
}

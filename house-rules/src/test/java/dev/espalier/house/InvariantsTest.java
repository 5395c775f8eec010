// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;

/** The table of docs/architecture.md that names the tests of each invariant. */
final class InvariantsTest {

    private static final String PAGE = "docs/architecture.md";
    private static final int INVARIANTS = 7;

    @Test
    void shouldNameTestsThatExist() {
        Set<String> written = written();

        assertThat(named())
                .as("Tests that the table in %s names, and that test sources have", PAGE)
                .isNotEmpty()
                .allMatch(written::contains);
    }

    @Test
    void shouldProveEachInvariant() {
        for (int number = 1; number <= INVARIANTS; number++) {
            String row = "| %d |".formatted(number);
            String test = "invariant" + number;

            assertThat(Repository.lines(PAGE).stream().filter(line -> line.startsWith(row)))
                    .as("Rows of invariant %d in %s", number, PAGE)
                    .isNotEmpty()
                    .allMatch(line -> line.contains(test));
        }
    }

    @Test
    void shouldWriteTheNumberAsAPrefix() {
        List<String> others = new ArrayList<>();
        for (String file : Repository.files(Repository::isTestJava)) {
            for (MatchResult name :
                    Repository.find("void (\\w*Invariants?\\d\\w*)\\(", Repository.text(file))) {
                others.add(file + ": " + name.group(1));
            }
        }

        assertThat(others)
                .as("Tests that name an invariant elsewhere. Try: invariant3Should…")
                .isEmpty();
    }

    private static List<String> named() {
        return Repository.find("`(\\w+)\\.(invariant\\d\\w+)`", Repository.text(PAGE)).stream()
                .map(match -> match.group(1) + "." + match.group(2))
                .toList();
    }

    private static Set<String> written() {
        Set<String> tests = new TreeSet<>();
        for (String file : Repository.files(Repository::isTestJava)) {
            String type = file.substring(file.lastIndexOf('/') + 1).replace(".java", "");
            for (MatchResult test :
                    Repository.find("void (invariant\\d\\w+)\\(", Repository.text(file))) {
                tests.add(type + "." + test.group(1));
            }
        }
        return tests;
    }
}

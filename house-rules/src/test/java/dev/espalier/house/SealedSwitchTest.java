// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;

/**
 * A switch over a sealed type has no {@code default}: a new case would be ignored without a word
 * from the compiler.
 */
final class SealedSwitchTest {

    private static final List<String> TO_DO = Repository.list("sealed-switches-to-do.txt");
    private static final String CASE = "case (?:[A-Z]\\w*\\.)*([A-Z]\\w*) \\w+ *(?:->|when)";
    private static final String DEFAULT = "\\bdefault *(?:->|:)";

    @Test
    void shouldHaveNoDefaultOverASealedType() {
        Set<String> closed = recordsOfSealedTypes();
        List<String> found = new ArrayList<>();
        for (String file : Repository.files(Repository::isMainJava)) {
            if (!TO_DO.contains(file)) {
                withDefault(file, closed).forEach(found::add);
            }
        }

        assertThat(closed).contains("RunRequested", "Sap");
        assertThat(found).as("Switches over a sealed type with a default").isEmpty();
    }

    @Test
    void shouldKeepTheToDoListShort() {
        Set<String> closed = recordsOfSealedTypes();

        assertThat(TO_DO)
                .as("Files in sealed-switches-to-do.txt that are clean. Try: remove their lines")
                .noneMatch(
                        file ->
                                Repository.files(file::equals).isEmpty()
                                        || withDefault(file, closed).isEmpty());
    }

    @Test
    void shouldFindADefaultBesideACaseOfASealedType() {
        String body = "case Sap sap -> { default_(); } default -> {}";

        assertThat(isOpen(body, Set.of("Sap"))).isTrue();
        assertThat(isOpen(body, Set.of("Ratio"))).isFalse();
        assertThat(isOpen("case Sap sap -> { switch (x) { default -> {} } }", Set.of("Sap")))
                .isFalse();
    }

    private static List<String> withDefault(String file, Set<String> closed) {
        List<String> found = new ArrayList<>();
        String text = Repository.text(file);
        for (MatchResult match : Repository.find("\\bswitch \\(", text)) {
            int open = text.indexOf('{', match.end());
            if (isOpen(text.substring(open + 1, end(text, open)), closed)) {
                long line = text.substring(0, match.start()).lines().count();
                found.add("%s:%d".formatted(file, line));
            }
        }
        return found;
    }

    /** Whether a switch with this body has a default, and cases of a sealed type. */
    private static boolean isOpen(String body, Set<String> closed) {
        StringBuilder own = new StringBuilder();
        for (int i = 0; i < body.length(); i++) {
            if (body.charAt(i) == '{') {
                i = end(body, i);
            } else {
                own.append(body.charAt(i));
            }
        }
        return !Repository.find(DEFAULT, own.toString()).isEmpty()
                && Repository.find(CASE, own.toString()).stream()
                        .anyMatch(match -> closed.contains(match.group(1)));
    }

    /** Where the block ends that begins at a brace. */
    private static int end(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            if (text.charAt(i) == '{') {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i;
            }
        }
        return text.length();
    }

    private static Set<String> recordsOfSealedTypes() {
        Set<String> sealed = new TreeSet<>();
        Set<String> records = new TreeSet<>();
        List<String> files = Repository.files(Repository::isMainJava);
        for (String file : files) {
            Repository.find("\\bsealed interface (\\w+)", Repository.text(file))
                    .forEach(match -> sealed.add(match.group(1)));
        }
        for (String file : files) {
            String pattern =
                    "\\brecord (\\w+)(?:<[^>]*>)?\\([^{]*?\\)\\s+implements ([\\w., ]+?) *\\{";
            for (MatchResult match : Repository.find(pattern, Repository.text(file))) {
                for (String type : match.group(2).split("\\W+", -1)) {
                    if (sealed.contains(type)) {
                        records.add(match.group(1));
                    }
                }
            }
        }
        return records;
    }
}

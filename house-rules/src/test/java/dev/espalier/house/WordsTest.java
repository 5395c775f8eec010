// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Plain English: {@code words.txt} lists the words that the project does not use, and why. */
final class WordsTest {

    private static final List<Word> WORDS = Word.read("words.txt");
    private static final List<TrueUse> TRUE_USES = TrueUse.read("words-allowed.txt");
    private static final List<String> TO_DO = Repository.list("words-to-do.txt");

    @Test
    void shouldUsePlainEnglishInSourcesResourcesAndPages() {
        List<String> found =
                hits(Repository.files(file -> isRead(file) && !TO_DO.contains(part(file))));

        assertThat(found)
                .as(
                        "Words that house-rules/src/test/resources/words.txt lists. Try: say it as"
                                + " the list proposes. A true use goes to words-allowed.txt")
                .isEmpty();
    }

    @Test
    void shouldKeepTheToDoListShort() {
        Set<String> unclean = new TreeSet<>();
        for (String file : Repository.files(file -> isRead(file) && TO_DO.contains(part(file)))) {
            if (!hits(List.of(file)).isEmpty()) {
                unclean.add(part(file));
            }
        }

        assertThat(TO_DO)
                .as("Parts in words-to-do.txt that are clean. Try: remove their lines")
                .allMatch(unclean::contains);
    }

    @Test
    void shouldAllowOnlyWhatIsThere() {
        assertThat(TRUE_USES)
                .as("Lines of words-allowed.txt without a use. Try: remove them")
                .allMatch(
                        use ->
                                Repository.files(use.file()::equals).stream()
                                        .anyMatch(
                                                file ->
                                                        Repository.text(file)
                                                                .contains(use.text())));
    }

    @Test
    void shouldFindEachWordInItsExample() {
        assertThat(WORDS)
                .as("Lines of words.txt: pattern | advice | example of a hit | example of none")
                .allMatch(word -> word.pattern().matcher(word.hit()).find())
                .noneMatch(word -> word.pattern().matcher(word.miss()).find());
    }

    private static List<String> hits(List<String> files) {
        List<String> found = new ArrayList<>();
        for (String file : files) {
            List<String> lines = Repository.lines(file);
            for (int i = 0; i < lines.size(); i++) {
                for (Word word : WORDS) {
                    Matcher matcher = word.pattern().matcher(lines.get(i));
                    if (matcher.find() && !isTrueUse(file, lines.get(i))) {
                        found.add(
                                "%s:%d: '%s': %s"
                                        .formatted(file, i + 1, matcher.group(), word.advice()));
                    }
                }
            }
        }
        return found;
    }

    private static boolean isTrueUse(String file, String line) {
        return TRUE_USES.stream()
                .anyMatch(use -> use.file().equals(file) && line.contains(use.text()));
    }

    private static boolean isRead(String file) {
        boolean shown =
                file.contains("/src/main/")
                        || file.endsWith(".md")
                        || file.endsWith("pom.xml")
                        || Set.of("Makefile", "espalier", ".mvn/find-jdk.sh", ".ci/run")
                                .contains(file);
        return shown
                && file.matches(
                        ".*(\\.(java|md|js|html|css|json|ya?ml|xml|properties|sh)|/?[A-Za-z]+)");
    }

    /** The module of a file, or {@code root}. */
    private static String part(String file) {
        return file.contains("/") ? file.substring(0, file.indexOf('/')) : "root";
    }

    private record Word(Pattern pattern, String advice, String hit, String miss) {

        static List<Word> read(String list) {
            return Repository.list(list).stream()
                    .map(line -> line.split("\\s+\\|\\s+", 4))
                    .map(parts -> new Word(Pattern.compile(parts[0]), parts[1], parts[2], parts[3]))
                    .toList();
        }
    }

    private record TrueUse(String file, String text) {

        static List<TrueUse> read(String list) {
            return Repository.list(list).stream()
                    .map(line -> line.split(": ", 2))
                    .map(parts -> new TrueUse(parts[0], parts[1]))
                    .toList();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links of the Markdown pages, and the index of the decision records. */
final class LinksTest {

    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final String RECORDS = "docs/adr/";

    @Test
    void shouldResolveEachRelativeLink() {
        List<String> broken = new ArrayList<>();
        for (String page : pages()) {
            for (MatchResult link : LINK.matcher(withoutCode(page)).results().toList()) {
                if (!resolves(page, link.group(1))) {
                    broken.add(page + " -> " + link.group(1));
                }
            }
        }

        assertThat(broken).as("Links that lead to a missing file or heading").isEmpty();
    }

    @Test
    void shouldListEachDecisionRecordWithItsTitle() {
        String index = Repository.text(RECORDS + "README.md");
        List<String> records =
                Repository.files(file -> file.matches("docs/adr/\\d{4}-[a-z0-9-]+\\.md"));

        assertThat(records).isNotEmpty();
        assertThat(records)
                .as("Decision records with their title in docs/adr/README.md")
                .allMatch(
                        record -> {
                            String number = record.substring(RECORDS.length()).substring(0, 4);
                            String title =
                                    Repository.lines(record).getFirst().substring(2 + 4).strip();
                            return index.contains(
                                    "| [%s](%s) | %s |"
                                            .formatted(
                                                    number,
                                                    record.substring(RECORDS.length()),
                                                    title));
                        });
        assertThat(Repository.files(file -> file.startsWith(RECORDS)))
                .as("Files in docs/adr: records have four digits and a title in lower case")
                .hasSize(records.size() + 1);
    }

    @Test
    void shouldLeadFromTheReadmeToEachPage() {
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(List.of("README.md"));
        while (!open.isEmpty()) {
            String page = open.pop();
            if (reached.add(page)) {
                open.addAll(targets(page));
            }
        }

        assertThat(pages().stream().filter(page -> !reached.contains(page)))
                .as("Pages that no link leads to, on any way from README.md")
                .isEmpty();
    }

    /** The pages that a page links to. A link to a folder shows its README. */
    private static List<String> targets(String page) {
        return LINK.matcher(withoutCode(page))
                .results()
                .map(link -> link.group(1).replaceFirst("#.*", ""))
                .filter(link -> !link.isEmpty() && !link.matches("[a-z]+:.*"))
                .map(link -> Repository.ROOT.resolve(page).resolveSibling(link).normalize())
                .map(path -> Files.isDirectory(path) ? path.resolve("README.md") : path)
                .filter(Files::exists)
                .map(path -> Repository.ROOT.relativize(path).toString().replace('\\', '/'))
                .filter(target -> target.endsWith(".md"))
                .toList();
    }

    private static List<String> pages() {
        return Repository.files(file -> file.endsWith(".md"));
    }

    private static String withoutCode(String page) {
        return Repository.text(page).replaceAll("(?s)```.*?```", "").replaceAll("`[^`\n]*`", "`");
    }

    private static boolean resolves(String page, String link) {
        if (link.matches("[a-z]+:.*")) {
            return true;
        }
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path from = Repository.ROOT.resolve(page);
        Path target = file.isEmpty() ? from : from.resolveSibling(file).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        String relative = Repository.ROOT.relativize(target).toString().replace('\\', '/');
        return hash < 0
                || !relative.endsWith(".md")
                || anchors(relative).anyMatch(link.substring(hash + 1)::equals);
    }

    /** Anchors of the headings, as GitHub makes them. */
    private static Stream<String> anchors(String page) {
        return Repository.lines(page).stream()
                .filter(line -> line.matches("#{1,6} .*"))
                .map(line -> line.replaceFirst("#+ ", "").strip().toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/development.md lists each switch of the build in one table. */
final class SwitchesTest {

    private static final String PAGE = "docs/development.md";

    /** Properties of the JDK, of frameworks and of Maven's own plugins. */
    private static final Pattern FOREIGN =
            Pattern.compile(
                    "-D(java|os|user|line|file|path|std|org|slf4j|quarkus|surefire|failsafe|jdk)\\..*");

    @Test
    void shouldListEachSwitchThatIsUsed() {
        Set<String> used = used();

        assertThat(listed()).as("Switches in the table of %s", PAGE).containsAll(used);
    }

    @Test
    void shouldListNoSwitchThatNothingReads() {
        Set<String> unread = listed();
        unread.removeAll(used());
        String everything =
                Repository.files(
                                file ->
                                        file.startsWith(".ci/")
                                                || file.equals("espalier")
                                                || file.equals(".mvn/find-jdk.sh")
                                                || file.endsWith("pom.xml"))
                        .stream()
                        .map(Repository::text)
                        .collect(Collectors.joining());
        unread.removeIf(name -> everything.contains(name.replaceFirst("^-D", "")));

        assertThat(unread).as("Switches in the table of %s that nothing reads", PAGE).isEmpty();
    }

    private static Set<String> used() {
        Set<String> used = new TreeSet<>();
        add(used, "Makefile"::equals, "^([A-Z_]+) *\\?=", "");
        add(used, "Makefile"::equals, "\\$\\((?:if )?([A-Z_]+)[,)]", "");
        add(used, "Makefile"::equals, "[ '](-D[a-zA-Z][\\w.]*)", "");
        add(used, file -> file.endsWith("pom.xml"), "<property>\\s*<name>!?([\\w.]+)</name>", "-D");
        add(
                used,
                file -> Repository.isTestJava(file) && !file.startsWith("house-rules/"),
                "(?:Integer\\.getInteger|Long\\.getLong|Boolean\\.getBoolean|System\\.getProperty)"
                        + "\\(\\s*\"([\\w.]+)\"",
                "-D");
        used.removeAll(Set.of("MAKEFILE_LIST", "MAKE", "MVN", "ANY"));
        used.removeIf(name -> FOREIGN.matcher(name).matches());
        return used;
    }

    private static void add(
            Set<String> names, Predicate<String> files, String regex, String prefix) {
        for (String file : Repository.files(files)) {
            for (MatchResult match : Repository.find(regex, Repository.text(file))) {
                names.add(prefix + match.group(1));
            }
        }
    }

    private static Set<String> listed() {
        return Repository.find("^\\| `(-D[\\w.]+|[A-Z_]+)`", Repository.text(PAGE)).stream()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/dependencies.md says of each direct dependency, and of each plugin, why it is here. */
final class DependenciesTest {

    private static final String PAGE = "docs/dependencies.md";

    @Test
    void shouldListEachDirectDependencyAndPlugin() {
        Set<String> used = new TreeSet<>();
        for (String pom : poms()) {
            Xml project = Xml.of(pom);
            project.all("/project/dependencies/dependency").forEach(it -> used.add(id(it)));
            project.all("//annotationProcessorPaths/path").forEach(it -> used.add(id(it)));
            project.all("/project/build//plugin").forEach(it -> used.add(id(it)));
        }
        used.removeIf(id -> id.startsWith("dev.espalier:"));

        assertThat(listed())
                .as("Dependencies and plugins in %s", PAGE)
                .containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void shouldGiveAReasonForEach() {
        assertThat(Repository.lines(PAGE).stream().filter(line -> line.startsWith("| `")))
                .as("Rows of %s: dependency | used by | reason", PAGE)
                .allMatch(line -> line.matches("\\| `\\S+` \\| .{3,} \\| .{10,} \\|"));
    }

    @Test
    void shouldKeepVersionsInTheParentAlone() {
        List<String> found = new ArrayList<>();
        for (String module : Repository.modules()) {
            for (String version :
                    Xml.of(module + "/pom.xml").texts("/project//dependency/version")) {
                if (!version.startsWith("${")) {
                    found.add(module + ": " + version);
                }
            }
        }

        assertThat(found)
                .as("Versions in a module's pom.xml. Try: a property in pom.xml")
                .isEmpty();
    }

    private static List<String> poms() {
        List<String> poms = new ArrayList<>(List.of("pom.xml"));
        Repository.modules().forEach(module -> poms.add(module + "/pom.xml"));
        return poms;
    }

    private static Set<String> listed() {
        return Repository.find("^\\| `([^`]+)` \\|", Repository.text(PAGE)).stream()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String id(Xml node) {
        return node.texts("groupId").getFirst() + ":" + node.texts("artifactId").getFirst();
    }
}

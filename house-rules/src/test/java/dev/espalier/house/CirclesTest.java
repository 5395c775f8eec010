// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Packages, and modules of the web page, that need each other. */
final class CirclesTest {

    private static final String PACKAGE = "^package (\\S+);";
    private static final String IMPORT =
            "^import (?:static )?(dev\\.espalier(?:\\.[a-z]\\w*)*)\\.[A-Z]";
    private static final List<String> TO_DO = Repository.list("circles-to-do.txt");
    private static final String SCRIPTS = "/META-INF/resources/js/";

    @Test
    void shouldHaveNoCircleOfPackages() {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (String file : Repository.files(CirclesTest::isPartOfALayer)) {
            String text = Repository.text(file);
            Set<String> targets =
                    arrows.computeIfAbsent(
                            Repository.find(PACKAGE, text).getFirst().group(1),
                            name -> new TreeSet<>());
            Repository.find(IMPORT, text).forEach(it -> targets.add(it.group(1)));
        }
        arrows.forEach((name, targets) -> targets.remove(name));
        TO_DO.forEach(arrows::remove);

        assertThat(arrows).hasSizeGreaterThan(20);
        assertThat(onCircles(arrows)).as("Packages that need each other").isEmpty();
    }

    @Test
    void shouldHaveNoCircleOfScripts() {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (String file : Repository.files(it -> it.contains(SCRIPTS) && it.endsWith(".js"))) {
            Set<String> targets = new TreeSet<>();
            Repository.find("from [\"'].*?([^/\"']+)[\"']", Repository.text(file))
                    .forEach(it -> targets.add(it.group(1)));
            arrows.put(file.substring(file.lastIndexOf('/') + 1), targets);
        }

        assertThat(arrows).isNotEmpty();
        assertThat(onCircles(arrows)).as("Scripts that need each other").isEmpty();
    }

    /** A main class starts what it needs, in each package; nothing needs it. */
    private static boolean isPartOfALayer(String file) {
        return Repository.isMainJava(file)
                && !file.endsWith("/package-info.java")
                && !Repository.text(file).contains("void main(");
    }

    private static List<Set<String>> onCircles(Map<String, Set<String>> arrows) {
        List<Set<String>> circles = new ArrayList<>();
        for (String start : arrows.keySet()) {
            Set<String> circle = new TreeSet<>(reachable(start, arrows));
            circle.removeIf(other -> !reachable(other, arrows).contains(start));
            if (!circle.isEmpty() && !circles.contains(circle)) {
                circles.add(circle);
            }
        }
        return circles;
    }

    private static Set<String> reachable(String start, Map<String, Set<String>> arrows) {
        Set<String> reached = new TreeSet<>();
        List<String> open = new ArrayList<>(List.of(start));
        while (!open.isEmpty()) {
            for (String target : arrows.getOrDefault(open.removeLast(), Set.of())) {
                if (reached.add(target)) {
                    open.add(target);
                }
            }
        }
        return reached;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files and packages that a reader takes in at a glance. */
final class SizesTest {

    private static final int LINES = 300;
    private static final int FILES = 25;
    private static final List<String> TO_DO = Repository.list("sizes-to-do.txt");

    @Test
    void shouldKeepJavaFilesBelowTheLimitOfLines() {
        List<String> tooLong =
                Repository.files(Repository::isMainJava).stream()
                        .filter(file -> Repository.lines(file).size() > LINES)
                        .filter(file -> !TO_DO.contains(file))
                        .toList();

        assertThat(tooLong).as("Java files with more than %d lines", LINES).isEmpty();
    }

    @Test
    void shouldKeepPackagesBelowTheLimitOfFiles() {
        Map<String, Long> sizes =
                Repository.files(Repository::isMainJava).stream()
                        .collect(groupingBy(SizesTest::folder, counting()));
        sizes.values().removeIf(size -> size <= FILES);
        TO_DO.forEach(sizes::remove);

        assertThat(sizes).as("Packages with more than %d files", FILES).isEmpty();
    }

    @Test
    void shouldExplainEachPackage() {
        List<String> files = Repository.files(Repository::isMainJava);
        List<String> unexplained =
                files.stream()
                        .map(SizesTest::folder)
                        .distinct()
                        .filter(folder -> !files.contains(folder + "/package-info.java"))
                        .toList();

        assertThat(unexplained).as("Packages without package-info.java").isEmpty();
    }

    private static String folder(String file) {
        return file.substring(0, file.lastIndexOf('/'));
    }
}

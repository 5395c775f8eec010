// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The files of the repository, without build outputs and caches. */
final class Repository {

    /** Root of the repository: the folder above this module. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Set<String> SKIPPED =
            Set.of(
                    "target",
                    "node_modules",
                    "__pycache__",
                    "build",
                    "dist",
                    "venv",
                    ".git",
                    ".espalier",
                    ".idea",
                    ".vscode",
                    ".venv",
                    ".mypy_cache",
                    ".pytest_cache",
                    ".ruff_cache");

    private static final List<String> FILES = walk();

    private Repository() {}

    /** Paths relative to the root, with {@code /}, in order. */
    static List<String> files(Predicate<String> wanted) {
        return FILES.stream().filter(wanted).toList();
    }

    static List<String> modules() {
        return Xml.of("pom.xml").texts("/project/modules/module");
    }

    static boolean isMainJava(String file) {
        return file.contains("/src/main/java/") && file.endsWith(".java");
    }

    static boolean isTestJava(String file) {
        return file.contains("/src/test/java/") && file.endsWith(".java");
    }

    static String text(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(String file) {
        return text(file).lines().toList();
    }

    /** Lines of a list in this module's resources, without comments and empty lines. */
    static List<String> list(String name) {
        return lines("house-rules/src/test/resources/" + name).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    static List<MatchResult> find(String regex, String text) {
        return Pattern.compile(regex, Pattern.MULTILINE).matcher(text).results().toList();
    }

    private static List<String> walk() {
        List<String> files = new ArrayList<>();
        try {
            Files.walkFileTree(
                    ROOT,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            return SKIPPED.contains(folder.getFileName().toString())
                                            || folder.toString().endsWith(".egg-info")
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            files.add(ROOT.relativize(file).toString().replace('\\', '/'));
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(null);
        return List.copyOf(files);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What matters of the last lines that a service logged: not its stack trace. */
final class FailureDigest {

    private static final Pattern TELLING = Pattern.compile("\\b(ERROR|FATAL|Caused by:)");
    private static final int MOST_LINES = 4;

    private FailureDigest() {}

    /**
     * @param message what happened, then lines of a log
     */
    static String of(String message) {
        List<String> lines = message.lines().toList();
        List<String> telling =
                lines.stream().skip(1).filter(line -> TELLING.matcher(line).find()).toList();
        Stream<String> shown =
                telling.isEmpty()
                        ? lines.stream().skip(Math.max(1, lines.size() - MOST_LINES))
                        : telling.stream().limit(MOST_LINES);
        return Stream.concat(lines.stream().limit(1), shown).collect(Collectors.joining("\n"));
    }
}

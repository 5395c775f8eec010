// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.cli.CliException;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.run.RunSpecification;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Names for runs. */
public final class RunIds {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
    private static final int MOST_OF_A_PART = 20;

    private RunIds() {}

    /** A run id as the user wrote it. */
    public static RunId parse(String text) {
        try {
            return new RunId(text);
        } catch (IllegalArgumentException e) {
            throw CliException.badInput(String.valueOf(e.getMessage()), e);
        }
    }

    /** Model, data set and time, such as {@code mlp-mnist-20261120-104500}. */
    public static RunId propose(
            RunSpecification specification, Clock clock, Predicate<RunId> taken) {
        String model = specification.model() == null ? "external" : specification.model();
        String dataset =
                specification.dataset() == null ? "" : "-" + part(specification.dataset().name());
        String base = part(model) + dataset + "-" + STAMP.format(LocalDateTime.now(clock));
        return Stream.iterate(1, n -> n + 1)
                .map(n -> new RunId(n == 1 ? base : base + "-" + n))
                .filter(taken.negate())
                .findFirst()
                .orElseThrow();
    }

    private static String part(String name) {
        String legal = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String cut = legal.substring(0, Math.min(legal.length(), MOST_OF_A_PART));
        String trimmed = cut.replaceAll("^-+|-+$", "");
        return trimmed.isEmpty() ? "run" : trimmed;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.http;

import dev.espalier.schemas.run.ReportedState;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The states that {@code ?status=} names; repeated or joined by commas. */
final class StateFilter {

    private StateFilter() {}

    static Set<ReportedState> parse(List<String> values) {
        Set<ReportedState> states = EnumSet.noneOf(ReportedState.class);
        values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(StateFilter::state)
                .forEach(states::add);
        return states.isEmpty() ? EnumSet.allOf(ReportedState.class) : states;
    }

    private static ReportedState state(String name) {
        return Arrays.stream(ReportedState.values())
                .filter(state -> label(state).equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ProblemException(
                                        ProblemCode.STATUS_UNKNOWN,
                                        "'%s' is no state of a run\nMaybe one of %s"
                                                .formatted(name, names())));
    }

    private static String names() {
        return Arrays.stream(ReportedState.values())
                .map(StateFilter::label)
                .collect(Collectors.joining(", "));
    }

    private static String label(ReportedState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.run;

import dev.espalier.cli.CliException;
import dev.espalier.cli.connect.LoopView;
import dev.espalier.cli.run.RunIds;
import dev.espalier.schemas.event.RunRequested;
import java.util.List;

/** A run that must have been asked for. */
public final class KnownRun {

    private static final int MOST_SHOWN = 5;

    private KnownRun() {}

    public static RunRequested in(LoopView view, String id) {
        return view.request(RunIds.parse(id))
                .orElseThrow(
                        () ->
                                CliException.badInput(
                                        "there is no run '%s'\n%s".formatted(id, advice(view))));
    }

    private static String advice(LoopView view) {
        List<String> known = view.requests().stream().map(RunRequested::key).toList();
        return switch (known.size()) {
            case 0 -> "Maybe start one: ./espalier run --model mlp --dataset wave-source";
            default ->
                    "Maybe one of %s%s"
                            .formatted(
                                    String.join(", ", known.stream().limit(MOST_SHOWN).toList()),
                                    known.size() > MOST_SHOWN
                                            ? "; all of them: ./espalier runs"
                                            : "");
        };
    }
}

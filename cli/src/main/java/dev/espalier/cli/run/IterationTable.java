// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.cli.console.Figures;
import dev.espalier.cli.console.Table;
import dev.espalier.cli.console.Table.Column;
import java.util.List;

/** The table of a run: one line per iteration, in widths that hold while lines still arrive. */
public final class IterationTable {

    private static final List<Column> COLUMNS =
            List.of(
                    Column.right("iteration"),
                    Column.right("remaining %"),
                    Column.right("PQI").atLeast(6),
                    Column.right("accuracy"),
                    Column.left("verdict").atLeast(9),
                    Column.left("reason"));

    private static final Table LAYOUT = new Table(COLUMNS);

    private IterationTable() {}

    public static String header() {
        return LAYOUT.header();
    }

    public static String line(IterationRow row) {
        return LAYOUT.line(
                List.of(
                        Integer.toString(row.iteration()),
                        Figures.percent(row.remaining()),
                        Figures.index(row.pqi()),
                        Figures.index(row.accuracy()),
                        row.verdict(),
                        oneLine(row.reason())));
    }

    /** A reason may have advice on a second line; in a table it has one. */
    public static String oneLine(String text) {
        return text.replaceAll("\\.?\\s*\\R\\s*", ". ");
    }
}

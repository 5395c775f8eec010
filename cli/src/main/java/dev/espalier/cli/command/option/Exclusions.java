// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.option;

import dev.espalier.cli.console.Table;
import dev.espalier.cli.console.Table.Column;
import dev.espalier.cli.console.Terminal;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.Scope;
import java.util.List;
import java.util.Locale;

/** What is left alone, and why. */
public final class Exclusions {

    private Exclusions() {}

    public static void print(List<ExcludedTensor> excluded, Terminal terminal) {
        if (excluded.isEmpty()) {
            return;
        }
        Table table = new Table(List.of(Column.left("excluded"), Column.left("reason")));
        excluded.forEach(tensor -> table.add(List.of(tensor.tensor(), tensor.reason())));
        terminal.print("");
        table.lines().forEach(terminal::print);
    }

    public static String label(Scope scope) {
        return scope.name().toLowerCase(Locale.ROOT);
    }
}

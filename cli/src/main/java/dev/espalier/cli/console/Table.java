// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.console;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows in columns, separated by two spaces. A column is as wide as its widest cell; the last one is
 * never padded. No frames and no colours, so that a table can be cut and grepped.
 */
public final class Table {

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param right whether the cells are numbers, which are aligned to the right
     * @param width at least this many characters, for tables whose rows are not yet known
     */
    public record Column(String title, boolean right, int width) {

        public static Column left(String title) {
            return new Column(title, false, title.length());
        }

        public static Column right(String title) {
            return new Column(title, true, title.length());
        }

        public Column atLeast(int characters) {
            return new Column(title, right, Math.max(width, characters));
        }
    }

    public Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    public Table add(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "%d cells for %d columns".formatted(cells.size(), columns.size()));
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    /** The titles and the rows. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(header());
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    public String header() {
        return line(columns.stream().map(Column::title).toList());
    }

    /** One row, in the widths known so far. */
    public String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String cell = cells.get(i);
            String padding = " ".repeat(Math.max(0, width(i) - cell.length()));
            boolean last = i == columns.size() - 1;
            line.append(columns.get(i).right() ? padding + cell : last ? cell : cell + padding);
            line.append(last ? "" : "  ");
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return rows.stream()
                .mapToInt(row -> row.get(column).length())
                .reduce(columns.get(column).width(), Math::max);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.cli.console.Table.Column;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void shouldAlignNumbersToTheRightAndLeaveNoTrailingSpaces() {
        Table table =
                new Table(List.of(Column.left("name"), Column.right("n"), Column.left("note")))
                        .add(List.of("a", "1000", "x"))
                        .add(List.of("longer", "1", ""));

        assertThat(table.lines())
                .containsExactly("name       n  note", "a       1000  x", "longer     1");
    }

    @Test
    void shouldRefuseARowOfAnotherWidth() {
        Table table = new Table(List.of(Column.left("name")));

        assertThatThrownBy(() -> table.add(List.of("a", "b")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldWriteFiguresAsPeopleReadThem() {
        assertThat(Figures.percent(0.6871)).isEqualTo("68.71");
        assertThat(Figures.percent(null)).isEqualTo("-");
        assertThat(Figures.index(0.30507)).isEqualTo("0.3051");
        assertThat(Figures.plain(1.0)).isEqualTo("1");
        assertThat(Figures.plain(0.5)).isEqualTo("0.5");
        assertThat(Figures.clock(Duration.ofSeconds(65))).isEqualTo("1:05");
        assertThat(Figures.clock(Duration.ofSeconds(3725))).isEqualTo("1:02:05");
    }
}

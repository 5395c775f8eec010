// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.option;

import dev.espalier.schemas.sparsity.NormPair;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 0.5,1.0} as a pair of norms, or {@code grid} as all those of the paper. */
public final class PairConverter implements ITypeConverter<PairConverter.Chosen> {

    /** What one word names. */
    public record Chosen(List<NormPair> pairs) {}

    /** What all words name together. */
    public static List<NormPair> all(List<Chosen> chosen) {
        return chosen.stream().flatMap(word -> word.pairs().stream()).distinct().toList();
    }

    @Override
    public Chosen convert(String text) {
        return new Chosen(text.equals("grid") ? NormPair.GRID : List.of(pair(text)));
    }

    private static NormPair pair(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 2) {
            throw new TypeConversionException(
                    "'%s' is no pair p,q such as 0.5,1, and not grid".formatted(text));
        }
        try {
            return new NormPair(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    "'%s' is no pair p,q such as 0.5,1, and not grid".formatted(text));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.option;

import dev.espalier.schemas.run.RunLength;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 30}, or {@code unbounded}. */
public final class RunLengthConverter implements ITypeConverter<RunLength> {

    @Override
    public RunLength convert(String text) {
        if (text.equals(RunLength.UNBOUNDED.json())) {
            return RunLength.UNBOUNDED;
        }
        try {
            return new RunLength.Bounded(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    "'%s' is neither a number of iterations nor 'unbounded'".formatted(text));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}

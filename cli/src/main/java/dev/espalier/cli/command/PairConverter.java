// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command;

import dev.espalier.schemas.sparsity.NormPair;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 0.5,1.0} as a pair of norms. */
final class PairConverter implements ITypeConverter<NormPair> {

    @Override
    public NormPair convert(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 2) {
            throw new TypeConversionException("'%s' is no pair p,q such as 0.5,1".formatted(text));
        }
        try {
            return new NormPair(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'%s' is no pair p,q such as 0.5,1".formatted(text));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}

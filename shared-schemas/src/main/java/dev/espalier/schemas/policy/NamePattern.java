// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.policy;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A tensor name in which {@code *} stands for any characters, dots included. */
public record NamePattern(String text) {

    public boolean matches(String name) {
        String regex =
                Pattern.compile("\\*")
                        .splitAsStream(text + "*")
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"));
        return (text.endsWith("*") ? Pattern.compile(regex + ".*") : Pattern.compile(regex))
                .matcher(name)
                .matches();
    }
}

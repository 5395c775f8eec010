// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A property: the method takes a {@link java.util.random.RandomGenerator} and holds whatever comes
 * out of it. It is called once per case, each with a seed of its own. A case that fails names its
 * seed; {@code -Dseed=} repeats that case alone.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SeededCases.class)
public @interface Seeded {

    /** How many cases. */
    int cases() default 100;
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

/**
 * How |w|^s is computed. It depends on the exponent alone, not on what else is asked for, and uses
 * nothing whose last bit differs between platforms.
 */
sealed interface Power {

    /** s = 0.5: the correctly rounded square root. */
    record Root() implements Power {}

    /** s = 1: |w|. */
    record Identity() implements Power {}

    /** s = 2: |w|·|w|, rounded once. */
    record Square() implements Power {}

    /**
     * s = k/10 otherwise: t, the {@link TenthRoot}, multiplied by itself from the left, k − 1
     * times.
     */
    record Tenths(int k) implements Power {}

    /** Any other s: {@link StrictMath#pow}. */
    record General(double exponent) implements Power {}

    static Power of(double exponent) {
        if (exponent == 0.5) {
            return new Root();
        }
        if (exponent == 1) {
            return new Identity();
        }
        if (exponent == 2) {
            return new Square();
        }
        int k = (int) Math.rint(10 * exponent);
        return k > 0 && k / 10.0 == exponent ? new Tenths(k) : new General(exponent);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

/**
 * How |w|^s is computed. It does not depend on what else is asked for, and uses nothing whose last
 * bit differs between platforms.
 */
sealed interface Power {

    /**
     * s = 0.5: the two parts of {@link FloatRoot}; where the weight is F64 or the run is {@link
     * FloatRoot#FAINT}, the correctly rounded square root of the double.
     */
    record Root() implements Power {}

    /** s = 1: |w|. */
    record Identity() implements Power {}

    /** s = 2: |w|·|w|, rounded once. */
    record Square() implements Power {}

    /**
     * s = k/10 otherwise: t, the {@link TenthRoot}, multiplied by itself from the left, k − 1
     * times. The root of a weight that is F64 is {@link TenthRoot#of}, that of others comes from
     * {@link TenthRoot#inverse}.
     */
    record Tenths(int k) implements Power {

        /** How many of them are added in one loop: as many as there are registers for. */
        static final int TOGETHER = 10;
    }

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

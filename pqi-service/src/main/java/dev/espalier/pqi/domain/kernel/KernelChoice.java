// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

/**
 * The kernel for this machine. All of them give the same bytes; they differ in speed alone.
 *
 * @param reason for the log
 */
public record KernelChoice(PowerSumKernel kernel, String reason) {

    /** What the user asks for. */
    public enum Preference {
        /** The fastest that works here. */
        AUTO,
        SCALAR,
        /** The Vector API, or an error where it is absent. */
        VECTOR
    }

    private static final String MODULE = "jdk.incubator.vector";

    public static KernelChoice of(Preference preference) {
        boolean present = ModuleLayer.boot().findModule(MODULE).isPresent();
        return switch (preference) {
            case SCALAR -> new KernelChoice(new ScalarPowerSums(), "it was asked for");
            case VECTOR -> {
                if (!present) {
                    throw new IllegalStateException(
                            "the vector kernel was asked for, but the module %s is absent\nMaybe start Java with --add-modules=%s"
                                    .formatted(MODULE, MODULE));
                }
                yield new KernelChoice(new VectorPowerSums(), "it was asked for");
            }
            case AUTO ->
                    present
                            ? new KernelChoice(new VectorPowerSums(), MODULE + " is there")
                            : new KernelChoice(
                                    new ScalarPowerSums(),
                                    "%s is absent; --add-modules=%s makes measuring faster"
                                            .formatted(MODULE, MODULE));
        };
    }
}

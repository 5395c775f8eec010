// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli;

/** How the program ends. Scripts rely on these numbers. */
public final class ExitCode {

    public static final int OK = 0;

    /** Something that should work did not: no stack, no broker, a full disk, an error of ours. */
    public static final int FAILURE = 1;

    /** What was given is not usable as it is: options, files, ids. Nothing was changed. */
    public static final int BAD_INPUT = 2;

    /** The run that was followed has failed. */
    public static final int RUN_FAILED = 3;

    /** The run that was followed was stopped by somebody before its end. */
    public static final int RUN_STOPPED = 4;

    private ExitCode() {}
}

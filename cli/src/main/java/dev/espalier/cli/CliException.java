// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The command cannot go on. The message is written for the user. */
public final class CliException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final int exitCode;

    private CliException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What the user gave is not usable. */
    public static CliException badInput(String message) {
        return new CliException(ExitCode.BAD_INPUT, message, null);
    }

    public static CliException badInput(String message, Throwable cause) {
        return new CliException(ExitCode.BAD_INPUT, message, cause);
    }

    public static CliException failure(String message) {
        return new CliException(ExitCode.FAILURE, message, null);
    }

    public static CliException failure(String message, Throwable cause) {
        return new CliException(ExitCode.FAILURE, message, cause);
    }

    public int exitCode() {
        return exitCode;
    }
}

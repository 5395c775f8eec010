// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;

/**
 * Where the libraries log. Nowhere by default: what a user has to know is said by the commands
 * themselves.
 */
public final class Logs {

    private static final String FORMAT_PROPERTY = "java.util.logging.SimpleFormatter.format";
    private static final String FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$s [%3$s] %5$s%6$s%n";

    private Logs() {}

    /**
     * @param loud leaves everything from information on to the standard error, as the JDK does
     */
    public static void begin(boolean loud) {
        System.setProperty(FORMAT_PROPERTY, FORMAT);
        Logger root = Logger.getLogger("");
        for (Handler handler : loud ? new Handler[0] : root.getHandlers()) {
            root.removeHandler(handler);
        }
    }

    /** To a file as well, which is appended to. */
    public static void toFile(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Logger.getLogger("").addHandler(new Appending(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot log to " + file, e);
        }
    }

    private static final class Appending extends StreamHandler {

        Appending(Path file) throws IOException {
            super(open(file), new SimpleFormatter());
            setLevel(Level.INFO);
        }

        private static OutputStream open(Path file) throws IOException {
            return Files.newOutputStream(
                    file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        @Override
        public synchronized void publish(LogRecord record) {
            super.publish(record);
            flush();
        }
    }
}

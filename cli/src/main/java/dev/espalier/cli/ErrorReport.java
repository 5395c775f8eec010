// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli;

import dev.espalier.local.host.LocalStackException;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.transport.documents.InvalidDocumentException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** One clear message for each error, and a stack trace only for those who ask for it. */
final class ErrorReport
        implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {

    static final String DEBUG = "--debug";

    /** What went wrong, and with which code the program ends. */
    record Told(int exitCode, String message) {}

    @Override
    public int handleExecutionException(
            Exception error, CommandLine command, CommandLine.ParseResult parsed) {
        Told told = tell(error);
        PrintWriter err = command.getErr();
        err.println("espalier: " + told.message());
        if (parsed.originalArgs().contains(DEBUG)) {
            error.printStackTrace(err);
        }
        err.flush();
        return told.exitCode();
    }

    @Override
    public int handleParseException(CommandLine.ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("espalier: " + error.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(error, err)) {
            err.println(
                    "Maybe look at: %s --help".formatted(command.getCommandSpec().qualifiedName()));
        }
        err.flush();
        return ExitCode.BAD_INPUT;
    }

    static Told tell(Throwable error) {
        return switch (error) {
            case CliException e -> new Told(e.exitCode(), message(e));
            case SafetensorsException e -> new Told(ExitCode.BAD_INPUT, message(e));
            case InvalidDocumentException e -> new Told(ExitCode.BAD_INPUT, message(e));
            case LocalStackException e -> new Told(ExitCode.FAILURE, message(e));
            case UncheckedIOException e -> tell(cause(e));
            case IOException e -> tellIo(e);
            default ->
                    new Told(
                            ExitCode.FAILURE,
                            "unexpected error: %s\nMaybe run it again with %s and report what it prints"
                                    .formatted(error, DEBUG));
        };
    }

    private static Told tellIo(IOException error) {
        return switch (error) {
            case NoSuchFileException e ->
                    new Told(ExitCode.BAD_INPUT, e.getFile() + " does not exist");
            case FileNotFoundException e -> new Told(ExitCode.BAD_INPUT, message(e));
            case AccessDeniedException e ->
                    new Told(ExitCode.BAD_INPUT, e.getFile() + " cannot be accessed: not allowed");
            case FileAlreadyExistsException e ->
                    new Told(ExitCode.BAD_INPUT, e.getFile() + " exists already");
            default -> new Told(ExitCode.FAILURE, message(error));
        };
    }

    private static Throwable cause(UncheckedIOException error) {
        return error.getCause() == null ? error : error.getCause();
    }

    private static String message(Throwable error) {
        @Nullable String message = error.getMessage();
        return message == null || message.isBlank()
                ? error.getClass().getSimpleName().toLowerCase(Locale.ROOT)
                : message;
    }
}

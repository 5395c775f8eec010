// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.failure;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.kafka.KafkaErrors;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** The table of failures. */
public final class Failures {

    private Failures() {}

    /** Returns the class of an error. */
    public static Failure classify(Throwable error) {
        return switch (error) {
            case FailureException e -> e.failure();
            case StoreUnavailableException e -> transientOf(Dependency.STORE, e);
            case Throwable e when KafkaErrors.isTransient(e) -> transientOf(Dependency.BROKER, e);
            // Files of ours are in the temporary folder only: the disk is full, or read-only.
            case UncheckedIOException e -> transientOf(Dependency.DISK, e);
            case CorruptArtifactException e -> aboutTheBytes("artifact-corrupt", e);
            case SafetensorsException e -> aboutTheBytes("weights-invalid", e);
            case InvalidDocumentException e -> aboutTheBytes("document-invalid", e);
            case MalformedEventException e -> new Failure.AboutTheEvent(text(e));
            case CompletionException e when e.getCause() != null -> classify(e.getCause());
            case ExecutionException e when e.getCause() != null -> classify(e.getCause());
            default -> new Failure.Unexpected(error);
        };
    }

    private static Failure transientOf(Dependency dependency, Throwable e) {
        return new Failure.Transient(dependency, text(e));
    }

    private static Failure aboutTheBytes(String code, Throwable e) {
        return new Failure.AboutTheBytes(Reason.of(code, text(e)));
    }

    private static String text(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}

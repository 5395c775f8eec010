// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.pqi.domain.MeasuredSnapshot;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.objects.ObjectSource;
import dev.espalier.transport.objects.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The documents in the store: the first of an iteration stays. */
public final class Measurements {

    /** A document of fewer numbers is short. */
    private static final long SHORT_NUMBERS = 100_000;

    private final ObjectStore store;
    private final Path folder;

    /**
     * @param folder for temporary files
     */
    public Measurements(ObjectStore store, Path folder) {
        this.store = store;
        this.folder = folder;
    }

    /**
     * The document of a snapshot, if it was measured before.
     *
     * @throws MeasurementConflictException if the iteration was measured on other input
     * @throws dev.espalier.transport.documents.InvalidDocumentException if what is there is none
     */
    public Optional<StoredMeasurement> find(SnapshotPublished snapshot) {
        ObjectKey key = key(snapshot);
        OptionalLong size = store.size(key);
        return size.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        checked(
                                snapshot,
                                size.getAsLong() <= LongDocument.SHORT_BYTES
                                        ? readShort(key)
                                        : readLong(key, size.getAsLong())));
    }

    /** Stores the document, unless one is there; the result is what is there afterwards. */
    public StoredMeasurement keep(SnapshotPublished snapshot, MeasuredSnapshot measured) {
        ObjectKey key = key(snapshot);
        Measurement document = document(snapshot, measured);
        Optional<ArtifactRef> kept =
                numbers(document) <= SHORT_NUMBERS
                        ? keepShort(key, document)
                        : LongDocument.keep(store, folder, key, document);
        return kept.map(ref -> new StoredMeasurement(document, ref))
                .or(() -> find(snapshot))
                .orElseThrow(() -> lost(key));
    }

    private static Measurement document(SnapshotPublished snapshot, MeasuredSnapshot measured) {
        return new Measurement(
                snapshot.runId(),
                snapshot.iteration(),
                snapshot.weights(),
                snapshot.mask(),
                measured.exponents(),
                measured.pairs(),
                measured.tensors(),
                measured.excluded(),
                measured.gini());
    }

    private static long numbers(Measurement document) {
        return document.tensors().stream()
                .mapToLong(t -> (long) t.units().count() * (t.units().sums().size() + 1))
                .sum();
    }

    private Optional<ArtifactRef> keepShort(ObjectKey key, Measurement document) {
        byte[] bytes = Json.bytes(document);
        return store.createIfAbsent(key, bytes) ? Optional.of(ref(key, bytes)) : Optional.empty();
    }

    private StoredMeasurement readShort(ObjectKey key) {
        byte[] bytes = store.read(key).orElseThrow(() -> lost(key));
        return new StoredMeasurement(
                Document.MEASUREMENT.readJson(key.value(), bytes), ref(key, bytes));
    }

    private StoredMeasurement readLong(ObjectKey key, long size) {
        try (LongDocument.Stream stream =
                new LongDocument.Stream(ObjectSource.of(store, key, size))) {
            Measurement document = Document.MEASUREMENT.readLongJson(key.value(), stream);
            var _ = stream.transferTo(OutputStream.nullOutputStream());
            return new StoredMeasurement(
                    document, ArtifactRef.of(store.bucket(), key, stream.sha256(), size));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + key, e);
        }
    }

    private static IllegalStateException lost(ObjectKey key) {
        return new IllegalStateException(
                "the store says that %s is there, but has it not".formatted(key));
    }

    private static StoredMeasurement checked(SnapshotPublished snapshot, StoredMeasurement stored) {
        Measurement document = stored.document();
        ObjectKey key = stored.ref().key();
        require(key, "weights", sha256(document.weights()), sha256(snapshot.weights()));
        require(key, "mask", sha256(document.mask()), sha256(snapshot.mask()));
        require(key, "pairs", document.pairs(), snapshot.pairs());
        return stored;
    }

    private static void require(ObjectKey key, String field, Object stored, Object announced) {
        if (!stored.equals(announced)) {
            throw new MeasurementConflictException(key, field, stored, announced);
        }
    }

    private static String sha256(@Nullable ArtifactRef ref) {
        return ref == null ? "none" : ref.sha256().hex();
    }

    private ArtifactRef ref(ObjectKey key, byte[] bytes) {
        return ArtifactRef.of(store.bucket(), key, Sha256.of(bytes), bytes.length);
    }

    private static ObjectKey key(SnapshotPublished snapshot) {
        return ObjectKey.measurement(snapshot.runId(), snapshot.iteration());
    }
}

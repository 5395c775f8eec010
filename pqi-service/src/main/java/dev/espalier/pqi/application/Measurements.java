// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.objects.ObjectStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The documents in the store: the first of an iteration stays. */
final class Measurements {

    private final ObjectStore store;

    Measurements(ObjectStore store) {
        this.store = store;
    }

    /**
     * The document of a snapshot, if it was measured before.
     *
     * @throws MeasurementConflictException if the iteration was measured on other input
     * @throws dev.espalier.transport.documents.InvalidDocumentException if what is there is none
     */
    Optional<StoredMeasurement> find(SnapshotPublished snapshot) {
        ObjectKey key = key(snapshot);
        return store.read(key).map(bytes -> stored(snapshot, key, bytes));
    }

    /** Stores the document, unless one is there; the result is what is there afterwards. */
    StoredMeasurement keep(SnapshotPublished snapshot, Measurement document) {
        ObjectKey key = key(snapshot);
        byte[] bytes = Json.bytes(document);
        if (store.createIfAbsent(key, bytes)) {
            return new StoredMeasurement(document, ref(key, bytes));
        }
        return find(snapshot)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the store says that %s is there, but has it not"
                                                .formatted(key)));
    }

    private StoredMeasurement stored(SnapshotPublished snapshot, ObjectKey key, byte[] bytes) {
        Measurement document = Document.MEASUREMENT.readJson(key.value(), bytes);
        require(key, "weights", sha256(document.weights()), sha256(snapshot.weights()));
        require(key, "mask", sha256(document.mask()), sha256(snapshot.mask()));
        require(key, "pairs", document.pairs(), snapshot.pairs());
        return new StoredMeasurement(document, ref(key, bytes));
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

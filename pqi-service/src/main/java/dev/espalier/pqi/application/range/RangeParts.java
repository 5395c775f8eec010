// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.range;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.pqi.application.LongDocument;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.ObjectSource;
import dev.espalier.transport.objects.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What is known of the ranges of snapshots so far, in the store. Everything that a part depends on
 * is in its key, so each has the same bytes whoever writes it, and parts of other input or of
 * another cut are not mistaken for it.
 */
final class RangeParts {

    private static final int NAME_DIGITS = 16;

    private final ObjectStore store;
    private final Path folder;

    /**
     * @param folder for temporary files
     */
    RangeParts(ObjectStore store, Path folder) {
        this.store = store;
        this.folder = folder;
    }

    boolean has(RangeRequested request) {
        return store.size(key(request)).isPresent();
    }

    void keep(RangeRequested request, Object part) {
        var _ = LongDocument.keep(store, folder, key(request), part);
    }

    /** Whether the parts of all ranges are there, and the digests. */
    boolean areComplete(RangeRequested request) {
        return store.list(prefix(request)).size() == request.ranges() + 1;
    }

    RangeDigests digests(RangeRequested request) {
        return read(digestKey(request), RangeDigests.class);
    }

    RangeSums sums(RangeRequested request, int range) {
        return read(sumsKey(request, range), RangeSums.class);
    }

    private <T> T read(ObjectKey key, Class<T> record) {
        OptionalLong size = store.size(key);
        if (size.isEmpty()) {
            throw new CorruptArtifactException(key + " is not in the store any more");
        }
        try (var json = new LongDocument.Stream(ObjectSource.of(store, key, size.getAsLong()))) {
            return Json.read(json, record);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + key, e);
        }
    }

    /** Removes the parts of one cut. */
    void remove(RangeRequested request) {
        store.list(prefix(request)).forEach(store::delete);
    }

    /** Removes every part of an iteration. */
    void removeAll(SnapshotPublished snapshot) {
        store.list(ObjectKey.rangePrefix(snapshot.runId(), snapshot.iteration()))
                .forEach(store::delete);
    }

    private static ObjectKey key(RangeRequested request) {
        Integer range = request.range();
        return range == null ? digestKey(request) : sumsKey(request, range);
    }

    private static ObjectKey digestKey(RangeRequested request) {
        return new ObjectKey(prefix(request) + "digests.json");
    }

    private static ObjectKey sumsKey(RangeRequested request, int range) {
        return new ObjectKey(prefix(request) + String.format(Locale.ROOT, "%09d.json", range));
    }

    private static String prefix(RangeRequested request) {
        SnapshotPublished snapshot = request.snapshot();
        ArtifactRef mask = snapshot.mask();
        String input =
                "%s %s %s %d"
                        .formatted(
                                snapshot.weights().sha256(),
                                mask == null ? "none" : mask.sha256(),
                                snapshot.pairs(),
                                request.rangeBytes());
        return ObjectKey.rangePrefix(request.runId(), request.iteration())
                + Sha256.of(input.getBytes(UTF_8)).hex().substring(0, NAME_DIGITS)
                + "/";
    }
}

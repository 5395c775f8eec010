// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.source;

import dev.espalier.pqi.domain.SnapshotLayout;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import org.jspecify.annotations.Nullable;

/** A large snapshot whose ranges come one after the other: header and mask are read once. */
public final class OpenSnapshot implements AutoCloseable {

    private final SnapshotPublished snapshot;
    private final Artifacts artifacts;
    private final SafetensorsHeader header;
    private final Sha256 headerDigest;
    private final SnapshotLayout layout;
    private @Nullable MaskLease mask;

    /**
     * @param header as it was read; whether it is the right one is known when its digest is
     */
    OpenSnapshot(
            SnapshotPublished snapshot,
            Artifacts artifacts,
            SafetensorsHeader header,
            Sha256 headerDigest) {
        this.snapshot = snapshot;
        this.artifacts = artifacts;
        this.header = header;
        this.headerDigest = headerDigest;
        this.layout = SnapshotLayout.of(header, Mask.DENSE, snapshot.pairs());
    }

    public boolean isOf(SnapshotPublished other) {
        return snapshot.equals(other);
    }

    SafetensorsHeader header() {
        return header;
    }

    public Sha256 headerDigest() {
        return headerDigest;
    }

    public SnapshotLayout layout() {
        return layout;
    }

    /** The mask, checked against its digest; it fits the header. */
    public Mask mask() {
        if (mask == null) {
            mask = fitting(artifacts.mask(snapshot.mask()));
        }
        return mask.mask();
    }

    private MaskLease fitting(MaskLease opened) {
        try {
            opened.mask().requireFits(header, "the mask");
            return opened;
        } catch (SafetensorsException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (mask != null) {
            mask.close();
        }
    }
}

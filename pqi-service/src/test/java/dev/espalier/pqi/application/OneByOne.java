// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.pqi.application.range.MeasureRange;
import dev.espalier.pqi.application.range.MeasureRangeTest;
import dev.espalier.pqi.application.source.ReadAhead;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.kernel.VectorPowerSums;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.transport.memory.MemoryObjectStore;
import dev.espalier.transport.objects.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Delivers a snapshot and its ranges one after the other, each again until it is acknowledged; a
 * process that is killed begins anew.
 */
public final class OneByOne {

    private final Killer killer;
    private final MemoryObjectStore store;
    private final Path folder;
    private final Queue<RangeRequested> ranges = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();

    public OneByOne(Killer killer, MemoryObjectStore store, Path folder) {
        this.killer = killer;
        this.store = store;
        store.onStep(_ -> killer.step());
        this.folder = folder;
    }

    public static MeasureSnapshot snapshots(ObjectStore store, Path folder, RangeSize rangeSize) {
        return new MeasureSnapshot(
                store,
                new SnapshotMeasurer(new VectorPowerSums(), 2),
                new ReadAhead(1 << 20, 1),
                folder,
                rangeSize);
    }

    /** Everything that was told of the snapshot. */
    public List<String> run(SnapshotPublished snapshot) {
        untilAcknowledged(
                () -> snapshots(store, folder, new RangeSize(0, 1)).measure(snapshot), () -> {});
        while (!ranges.isEmpty()) {
            RangeRequested request = ranges.element();
            MeasureRange replica =
                    new MeasureRange(
                            store,
                            new SnapshotMeasurer(new VectorPowerSums(), 1),
                            new ReadAhead(1 << 20, 1),
                            folder);
            untilAcknowledged(
                    () -> replica.measure(request), () -> replica.tidyUp(request.snapshot()));
            ranges.remove();
        }
        store.onStep(_ -> {});
        return told;
    }

    private void untilAcknowledged(Supplier<MeasurementOutcome> work, Runnable afterwards) {
        while (true) {
            try {
                publish(work.get(), afterwards);
                return;
            } catch (Killer.Killed e) {
                // It comes again.
            }
        }
    }

    private void publish(MeasurementOutcome outcome, Runnable afterwards) {
        switch (outcome) {
            case MeasurementOutcome.Cut cut -> {
                for (RangeRequested request : cut.requests()) {
                    killer.step();
                    ranges.add(request);
                    killer.step();
                }
            }
            case MeasurementOutcome.Partial _ -> killer.step();
            case MeasurementOutcome.Measured measured -> {
                killer.step();
                told.add(MeasureRangeTest.told(measured));
                killer.step();
                afterwards.run();
                killer.step();
            }
            case MeasurementOutcome.Failed failed -> told.add(MeasureRangeTest.told(failed));
        }
    }
}

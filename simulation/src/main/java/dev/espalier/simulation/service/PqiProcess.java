// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.pqi.adapter.objectstore.PatientStore;
import dev.espalier.pqi.adapter.objectstore.Waiting;
import dev.espalier.pqi.application.Failures;
import dev.espalier.pqi.application.MeasureSnapshot;
import dev.espalier.pqi.application.MeasurementObserver;
import dev.espalier.pqi.application.MeasurementOutcome;
import dev.espalier.pqi.application.Patience;
import dev.espalier.pqi.application.source.ReadAhead;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.kernel.ScalarPowerSums;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.simulation.schedule.Life;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * pqi-service, with the order of things that its RecordHandler has. Its snapshots are all too small
 * for ranges.
 */
public final class PqiProcess {

    private static final Patience PATIENCE =
            new Patience(Duration.ofMillis(200), Duration.ofSeconds(15), Duration.ofMinutes(10));

    /** One window at a time, so that one thread reads at a time. */
    private static final ReadAhead READ_AHEAD = new ReadAhead(1 << 20, 1);

    private final EventCodec codec;
    private final Outbox outbox;
    private final MeasureSnapshot measureSnapshot;

    private PqiProcess(World world, Life process, EventCodec codec) {
        this.codec = codec;
        this.outbox = new Outbox(world, process, codec);
        ObjectStore patient =
                new PatientStore(
                        new ProcessStore(world, process),
                        PATIENCE,
                        new SilentMeters(),
                        world.timeline().clock(),
                        new VirtualWaiting(world));
        this.measureSnapshot =
                new MeasureSnapshot(
                        patient,
                        new SnapshotMeasurer(new ScalarPowerSums()),
                        READ_AHEAD,
                        world.folder());
    }

    public static void start(World world, Life process, EventCodec codec) {
        world.timeline()
                .start(
                        process,
                        () -> {
                            var service = new PqiProcess(world, process, codec);
                            Intake.of(world, process, world.groups().snapshots())
                                    .run(service::refusal);
                        });
    }

    private @Nullable String refusal(ConsumerRecord<String, byte[]> message) {
        Received<SnapshotPublished> received;
        try {
            received = codec.read(message, SnapshotPublished.class);
        } catch (MalformedEventException e) {
            return e.getMessage();
        }
        SnapshotPublished snapshot = received.event();
        MeasurementOutcome outcome;
        try {
            outcome = measureSnapshot.measure(snapshot);
        } catch (StoreUnavailableException e) {
            outcome = Failures.givenUp(snapshot, e);
        } catch (RuntimeException e) {
            outcome = Failures.broken(snapshot, e);
        }
        return switch (outcome) {
            case MeasurementOutcome.Measured measured -> {
                publish(measured.event(), received.id());
                yield null;
            }
            case MeasurementOutcome.Cut cut ->
                    throw new IllegalStateException(
                            "%s is too small to be cut".formatted(cut.requests()));
            case MeasurementOutcome.Partial partial ->
                    throw new IllegalStateException("%s is of no range".formatted(partial));
            case MeasurementOutcome.Failed failed -> {
                publish(failed.event(), received.id());
                yield String.valueOf(failed.cause().getMessage());
            }
        };
    }

    /** A broker that is away is waited for. */
    private void publish(Event event, String cause) {
        boolean done = outbox.publish(event, cause);
        while (!done) {
            done = outbox.publish(event, cause);
        }
    }

    private static final class VirtualWaiting extends Waiting {

        private final World world;

        VirtualWaiting(World world) {
            this.world = world;
        }

        @Override
        protected boolean pause(Duration time, String why) {
            world.timeline().sleep(time.toMillis());
            return true;
        }
    }

    private static final class SilentMeters implements MeasurementObserver {

        @Override
        public void measured(Ending ending, Duration time) {}

        @Override
        public void handled(String type, Handling handling) {}

        @Override
        public void downloaded(long bytes) {}

        @Override
        public void uploaded(long bytes) {}

        @Override
        public void retried() {}
    }
}

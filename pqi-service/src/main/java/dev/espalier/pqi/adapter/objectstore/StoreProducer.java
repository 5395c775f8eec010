// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.objectstore;

import dev.espalier.pqi.application.MeasurementObserver;
import dev.espalier.pqi.application.Patience;
import dev.espalier.pqi.application.StoreProbe;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.S3ObjectStore;
import dev.espalier.transport.objects.StoreSettings;
import dev.espalier.transport.objects.StoreUnavailableException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;

/** One client for all: the patient store for the work, the bare one to ask how it is. */
@Singleton
final class StoreProducer {

    private static final ObjectKey ANY_KEY = new ObjectKey("probes/readiness");

    private final S3ObjectStore bare;
    private final Waiting waiting = new Waiting();
    private final PatientStore patient;

    StoreProducer(StoreSettings settings, Patience patience, MeasurementObserver observer) {
        this.bare = new S3ObjectStore(settings);
        this.patient = new PatientStore(bare, patience, observer, InstantSource.system(), waiting);
    }

    @Produces
    @Singleton
    ObjectStore store() {
        return patient;
    }

    @Produces
    @Singleton
    StoreProbe probe() {
        return () -> waiting.reason().or(this::answer);
    }

    private Optional<String> answer() {
        try {
            var _ = bare.size(ANY_KEY);
            return Optional.empty();
        } catch (StoreUnavailableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The first use of the client loads a second's worth of classes: before the first probe. */
    void warmUp(@Observes StartupEvent event) {
        Thread.ofVirtual().name("store-warm-up").start(this::answer);
    }

    void close(@Observes ShutdownEvent event) {
        patient.close();
    }
}

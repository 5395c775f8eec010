// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.config;

import dev.espalier.pqi.application.MeasureSnapshot;
import dev.espalier.pqi.application.Patience;
import dev.espalier.pqi.application.RangeSize;
import dev.espalier.pqi.application.range.MeasureRange;
import dev.espalier.pqi.application.source.ReadAhead;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.kernel.KernelChoice;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.StoreSettings;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Builds the inner layers from the configuration. */
@Singleton
final class Wiring {

    private static final Logger LOGGER = Logger.getLogger(Wiring.class);

    private final PqiConfig config;

    Wiring(PqiConfig config) {
        this.config = config;
    }

    @Produces
    @Singleton
    StoreSettings storeSettings() {
        PqiConfig.Store store = config.store();
        return new StoreSettings(
                store.endpoint(),
                store.region(),
                store.bucket(),
                store.accessKey().orElse(""),
                store.secretKey().orElse(""));
    }

    @Produces
    @Singleton
    Patience patience() {
        PqiConfig.Retry retry = config.retry();
        return new Patience(retry.firstPause(), retry.longestPause(), retry.inAll());
    }

    @Produces
    @Singleton
    SnapshotMeasurer measurer() {
        KernelChoice choice = KernelChoice.of(config.kernel());
        int threads = config.threads().orElse(Runtime.getRuntime().availableProcessors());
        LOGGER.infof(
                "Power sums: kernel %s on %d threads, for %s",
                choice.kernel().name(), threads, choice.reason());
        return new SnapshotMeasurer(choice.kernel(), threads);
    }

    @Produces
    @Singleton
    MeasureSnapshot measureSnapshot(ObjectStore store, SnapshotMeasurer measurer) {
        return new MeasureSnapshot(
                store,
                measurer,
                readAhead(),
                config.folder(),
                new RangeSize(
                        config.ranges().above().asLongValue(),
                        config.ranges().size().asLongValue()));
    }

    @Produces
    @Singleton
    MeasureRange measureRange(ObjectStore store, SnapshotMeasurer measurer) {
        return new MeasureRange(store, measurer, readAhead(), config.folder());
    }

    void close(@Disposes MeasureRange measureRange) {
        measureRange.close();
    }

    private ReadAhead readAhead() {
        return new ReadAhead(Math.toIntExact(config.window().asLongValue()), config.windows());
    }
}

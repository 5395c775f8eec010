// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.meters;

import dev.espalier.dashboard.application.BrowseRuns;
import dev.espalier.dashboard.application.BuildInfo;
import dev.espalier.dashboard.application.DashboardSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Renews the series from time to time, once the topics were read to their end. */
@Singleton
final class MeterRenewal {

    private static final Logger LOGGER = Logger.getLogger(MeterRenewal.class);
    private static final long CLOSE_SECONDS = 2;

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("meter-renewal").factory());
    private final BrowseRuns browse;
    private final DashboardMeters meters;
    private final RunSeries series;
    private final DashboardSettings settings;

    MeterRenewal(
            BrowseRuns browse,
            DashboardMeters meters,
            RunSeries series,
            DashboardSettings settings,
            BuildInfo build,
            MeterRegistry registry) {
        this.browse = browse;
        this.meters = meters;
        this.series = series;
        this.settings = settings;
        Gauge.builder(Metrics.BUILD_INFO.metric(), () -> 1)
                .description(Metrics.BUILD_INFO.documentation())
                .tag("version", build.version())
                .tag("commit_id", build.commitId())
                .register(registry);
    }

    void start(@Observes StartupEvent event) {
        long millis = settings.meterInterval().toMillis();
        var _ = timer.scheduleWithFixedDelay(this::renew, 0, millis, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        timer.shutdownNow();
        if (!timer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
            LOGGER.warn("The series were still being renewed at the end");
        }
    }

    private void renew() {
        if (!browse.isCaughtUp()) {
            return;
        }
        try {
            meters.register();
            series.renew();
        } catch (RuntimeException e) {
            LOGGER.warn("The series could not be renewed; trying again", e);
        }
    }
}

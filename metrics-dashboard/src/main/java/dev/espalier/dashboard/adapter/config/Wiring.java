// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.config;

import dev.espalier.dashboard.application.ActiveRuns;
import dev.espalier.dashboard.application.BrowseRuns;
import dev.espalier.dashboard.application.BuildInfo;
import dev.espalier.dashboard.application.DashboardSettings;
import dev.espalier.dashboard.application.EventObserver;
import dev.espalier.dashboard.application.ReadingProgress;
import dev.espalier.dashboard.application.RecordEvents;
import dev.espalier.dashboard.application.TopicSource;
import dev.espalier.dashboard.domain.ReadModel;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Makes the objects of the inner layers, which know no framework. */
@Singleton
final class Wiring {

    private final DashboardConfig config;

    Wiring(DashboardConfig config) {
        this.config = config;
    }

    @Produces
    @Singleton
    DashboardSettings settings() {
        return new DashboardSettings(
                config.stream().interval(),
                config.stream().keepAlive(),
                config.meters().interval(),
                config.meters().maxActiveRuns(),
                config.meters().linger());
    }

    @Produces
    @Singleton
    TopicSource topicSource() {
        return new TopicSource(config.bootstrapServers());
    }

    @Produces
    @Singleton
    BuildInfo buildInfo() {
        return new BuildInfo(config.version(), config.commitId());
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    ReadModel readModel() {
        return new ReadModel();
    }

    @Produces
    @Singleton
    RecordEvents recordEvents(ReadModel model, EventObserver observer) {
        return new RecordEvents(model, observer);
    }

    @Produces
    @Singleton
    BrowseRuns browseRuns(ReadModel model, ReadingProgress progress) {
        return new BrowseRuns(model, progress);
    }

    @Produces
    @Singleton
    ActiveRuns activeRuns(ReadModel model, DashboardSettings settings, Clock clock) {
        return new ActiveRuns(model, settings, clock);
    }
}

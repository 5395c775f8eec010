// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.http;

import dev.espalier.dashboard.application.BrowseRuns;
import dev.espalier.dashboard.application.DashboardSettings;
import dev.espalier.dashboard.domain.Changes;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Changes for browsers: at once the last state of everything, then at most one message per interval
 * with the last state of what changed. A slow browser misses steps, never the end.
 */
@Singleton
final class RunStream {

    private final BrowseRuns browse;
    private final DashboardSettings settings;

    RunStream(BrowseRuns browse, DashboardSettings settings) {
        this.browse = browse;
        this.settings = settings;
    }

    Multi<StreamMessage> open() {
        return Multi.createFrom()
                .deferred(
                        () -> {
                            Cursor cursor = new Cursor();
                            return Multi.createFrom()
                                    .ticks()
                                    .every(settings.streamInterval())
                                    .onOverflow()
                                    .drop()
                                    .map(tick -> cursor.next())
                                    .filter(Optional::isPresent)
                                    .map(Optional::get);
                        });
    }

    /** Where one browser is; its ticks come one after the other. */
    private final class Cursor {
        private final long quietTicks =
                Math.max(1, settings.keepAlive().dividedBy(settings.streamInterval()));
        private long revision = Changes.BEGINNING;
        private boolean caughtUp;
        private long ticksLeft;

        private Optional<StreamMessage> next() {
            boolean nowCaughtUp = browse.isCaughtUp();
            Changes changes = browse.changesSince(revision);
            if (ticksLeft-- > 0 && changes.isEmpty() && nowCaughtUp == caughtUp) {
                return Optional.empty();
            }
            revision = changes.revision();
            caughtUp = nowCaughtUp;
            ticksLeft = quietTicks;
            return Optional.of(StreamMessage.of(caughtUp, changes));
        }
    }
}

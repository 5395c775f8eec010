// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Everything that can be set, but for Quarkus' own. */
@ConfigMapping(prefix = "espalier.dashboard")
interface DashboardConfig {

    /** Kafka's {@code bootstrap.servers}. */
    @WithDefault("127.0.0.1:19092")
    String bootstrapServers();

    /** The version that was built; a label of {@code espalier_build_info}. */
    @WithDefault("unknown")
    String version();

    /** The commit that was built; a label of {@code espalier_build_info}. */
    @WithDefault("unknown")
    String commitId();

    Stream stream();

    Meters meters();

    /** The stream of changes to the browsers. */
    interface Stream {

        /** Least time between two messages. */
        @WithDefault("500ms")
        Duration interval();

        /** Longest time without a message, so that a lost browser is noticed. */
        @WithDefault("15s")
        Duration keepAlive();
    }

    /** The series per run at {@code /q/metrics}. */
    interface Meters {

        /** Time between two renewals. */
        @WithDefault("2s")
        Duration interval();

        /** Most runs that have series of their own; those updated last. */
        @WithDefault("100")
        int maxActiveRuns();

        /** How long a run that has ended keeps its series; a few scrapes. */
        @WithDefault("5m")
        Duration linger();
    }
}

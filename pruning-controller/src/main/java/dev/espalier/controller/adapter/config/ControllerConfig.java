// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** All that can be set, but for what Quarkus and its Kafka connector have of their own. */
@ConfigMapping(prefix = "espalier.controller")
interface ControllerConfig {

    /**
     * Where weights and masks are kept while they are worked on; of this process alone, for it is
     * emptied of their files at the start. Needs room for two snapshots.
     */
    Path workFolder();

    Store store();

    Retry retry();

    /** The object store. */
    interface Store {

        /** Such as {@code http://127.0.0.1:19000}. */
        String endpoint();

        @WithDefault("us-east-1")
        String region();

        /** Must exist. */
        @WithDefault("espalier")
        String bucket();

        Optional<String> accessKey();

        Optional<String> secretKey();
    }

    /** How long a message is tried again in place before it goes to the dead letters. */
    interface Retry {

        /** While its run is unknown: the view of the runs may lag behind. */
        @WithDefault("PT1M")
        Duration forRun();

        /** While store or broker are away. */
        @WithDefault("PT10M")
        Duration forOutage();

        /** Between the first two attempts; doubles from one to the next. */
        @WithDefault("PT0.25S")
        Duration firstPause();

        /** Where the pause stops doubling. */
        @WithDefault("PT15S")
        Duration longestPause();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Configuration of the trainer. */
@ConfigMapping(prefix = "espalier.trainer")
interface TrainerConfig {

    /**
     * Threads of PyTorch. One is as fast as two for small networks, and does not suffer when
     * another process needs a core.
     */
    @WithDefault("1")
    int threads();

    /** Folder for temporary files; the system's by default. */
    Optional<String> temporaryFolder();

    /** When to keep the state within an iteration. */
    Checkpoint checkpoint();

    /** The object store. */
    Store store();

    /** When to keep the state within an iteration. It is also kept when the service is stopped. */
    interface Checkpoint {

        /** At the end of every so many epochs. */
        @WithDefault("1")
        int epochs();

        /** But not more often than this. */
        @WithDefault("10s")
        Duration interval();
    }

    /** Where the object store is, and how to get in. */
    interface Store {

        /** For example {@code http://127.0.0.1:19000}. */
        String endpoint();

        /** Region that requests are signed for. */
        String region();

        /** Bucket of all runs. */
        String bucket();

        /** Access key. */
        Optional<String> accessKey();

        /** Secret key; never logged. */
        Optional<String> secretKey();
    }
}

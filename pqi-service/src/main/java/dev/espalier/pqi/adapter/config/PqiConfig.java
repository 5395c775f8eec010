// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.config;

import dev.espalier.pqi.domain.kernel.KernelChoice;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What can be configured. */
@ConfigMapping(prefix = "espalier.pqi")
interface PqiConfig {

    /** Which implementation adds up the powers. All give the same bytes. */
    @WithDefault("auto")
    KernelChoice.Preference kernel();

    /** How much of a snapshot is fetched by one request. */
    @WithDefault("8M")
    MemorySize window();

    /** How many windows are in flight or in memory at a time; they are outside the heap. */
    @WithDefault("4")
    int windows();

    /** How many threads add up the powers; as many as there are processors where it is absent. */
    OptionalInt threads();

    /** For temporary files: large masks, long documents. */
    @WithDefault("${java.io.tmpdir}/espalier-pqi")
    Path folder();

    Ranges ranges();

    Store store();

    Retry retry();

    /** How large snapshots are shared out among the replicas. */
    interface Ranges {

        /** Snapshots with more bytes of weights are measured in ranges. */
        @WithDefault("1G")
        MemorySize above();

        /** How large a range is, at least; it consists of whole chunks. */
        @WithDefault("512M")
        MemorySize size();
    }

    /** Where the objects are. */
    interface Store {

        /** Such as {@code http://127.0.0.1:19000}. */
        String endpoint();

        @WithDefault("us-east-1")
        String region();

        @WithDefault("espalier")
        String bucket();

        /** There is no default: without credentials the service does not start. */
        Optional<String> accessKey();

        Optional<String> secretKey();
    }

    /** What to do while the store is away. */
    interface Retry {

        /** The first pause; each further one is twice as long. */
        @WithDefault("200ms")
        Duration firstPause();

        @WithDefault("15s")
        Duration longestPause();

        /** After this time, for one operation, the snapshot is given up. */
        @WithDefault("10m")
        Duration inAll();
    }
}

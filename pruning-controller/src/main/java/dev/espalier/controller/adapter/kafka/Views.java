// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.kafka;

import dev.espalier.transport.events.CompactedTopic;
import java.time.Duration;

/** What the two views share. */
final class Views {

    private static final Duration LOOK = Duration.ofMinutes(1);

    private Views() {}

    static void awaitCaughtUp(CompactedTopic<?> topic) throws InterruptedException {
        while (!topic.awaitCaughtUp(LOOK)) {
            // The broker may be away for as long as it likes.
        }
    }
}

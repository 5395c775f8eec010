// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import java.util.Optional;

/** Whether the store can be used now. */
public interface StoreProbe {

    /** What is wrong with it; empty where nothing is. May ask the store, so it may take a while. */
    Optional<String> trouble();
}

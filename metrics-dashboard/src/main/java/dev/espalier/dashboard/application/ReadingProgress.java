// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.application;

/** How far the topics were read. */
public interface ReadingProgress {

    /** Whether everything was read that the topics held at the start. */
    boolean isCaughtUp();
}

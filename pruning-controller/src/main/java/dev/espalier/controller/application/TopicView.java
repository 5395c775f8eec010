// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

/** A topic that is held in memory. */
public interface TopicView {

    /** Waits until everything was read that the topic held at the start. */
    void awaitCaughtUp() throws InterruptedException;
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import java.time.Duration;

/** Waiting, and how long it took. */
public interface Time {

    /** Time since some fixed moment. */
    Duration elapsed();

    void pause(Duration duration) throws InterruptedException;
}

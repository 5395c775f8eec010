// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.application;

import java.time.Duration;

/**
 * @param streamInterval least time between two messages of a stream
 * @param keepAlive longest time without a message, so that a lost browser is noticed
 * @param meterInterval time between two renewals of the series
 * @param maxActiveRuns most runs that have series of their own; those updated last
 * @param seriesLinger how long a run that has ended keeps its series
 */
public record DashboardSettings(
        Duration streamInterval,
        Duration keepAlive,
        Duration meterInterval,
        int maxActiveRuns,
        Duration seriesLinger) {}

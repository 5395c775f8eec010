// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import java.time.Clock;

/** What every run of this trainer works with. */
public record RunServices(
        RunArtifacts artifacts,
        EventPublisher events,
        ReportedRuns reported,
        TrainingEngine engine,
        Datasets datasets,
        TrainingObserver observer,
        CheckpointPlan checkpoints,
        Clock clock) {}

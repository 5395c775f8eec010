// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import java.nio.file.Path;

/**
 * What an operator decides.
 *
 * @param threads of the engine; results are the same bytes only at the same number
 * @param temporaryFolder for weights on their way to and from the store
 * @param checkpoints when to keep the state within an iteration
 */
public record TrainerSettings(int threads, Path temporaryFolder, CheckpointPlan checkpoints) {}

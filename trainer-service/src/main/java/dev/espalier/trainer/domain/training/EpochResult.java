// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

/**
 * What an epoch achieved.
 *
 * @param epoch from 0
 * @param trainLoss mean loss over the batches, each before its own step
 * @param test of the weights after the epoch
 */
public record EpochResult(int epoch, double learningRate, double trainLoss, Score test) {}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

/**
 * What an epoch achieved.
 *
 * @param epoch from 0
 * @param trainLoss mean loss over the batches, each before its own step
 * @param test of the weights after the epoch
 * @param validation likewise; {@link Score#NONE} where nothing is held out
 */
public record EpochResult(
        int epoch, double learningRate, double trainLoss, Score test, Score validation) {

    static final EpochResult NONE = new EpochResult(-1, 0, 0, Score.NONE, Score.NONE);
}

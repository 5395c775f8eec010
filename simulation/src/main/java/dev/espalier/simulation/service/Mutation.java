// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

/** A bug that is put in on purpose, to see whether the simulation finds it. */
public enum Mutation {
    NONE,
    /** The register of decisions is written without {@code If-None-Match}. */
    REGISTER_OVERWRITES,
    /** Uploads are acknowledged before they take effect, and die with their process. */
    EVENT_BEFORE_OBJECT,
    /** The trainer's checkpoint is there before the weights that it names. */
    CHECKPOINT_BEFORE_WEIGHTS,
    /** An upload that is cut off leaves half an object. */
    PARTIAL_UPLOAD_VISIBLE,
    /** Records are committed before they are worked on. */
    COMMIT_BEFORE_WORK,
    /** A record that is no event is skipped in silence. */
    MALFORMED_SKIPPED,
    /** The state within an iteration lacks the momentum. */
    MOMENTUM_NOT_KEPT,
    /** Pruned weights grow again. */
    MASK_NOT_HELD,
    /** A swap restarts the trainers. */
    POLICY_SWAP_RESTARTS_TRAINER,
    /** A decision is made under the policy of yesterday, with the name of today's. */
    POLICY_MIXED
}

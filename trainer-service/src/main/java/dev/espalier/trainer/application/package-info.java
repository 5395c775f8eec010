// SPDX-License-Identifier: Apache-2.0

/**
 * What the trainer does: it takes runs in, trains their iterations one after the other on a single
 * thread, stores each and waits for its decision. The ports say what it needs for that: a store, a
 * way to tell others, an engine.
 */
@NullMarked
package dev.espalier.trainer.application;

import org.jspecify.annotations.NullMarked;

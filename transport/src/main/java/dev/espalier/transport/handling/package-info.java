// SPDX-License-Identifier: Apache-2.0
/**
 * What happens to every record that a service consumes, without a messaging framework. A service
 * writes a {@code RecordHandler}. The {@code RecordProcessor} handles one record: it classifies
 * failures, retries, and writes the dead letter. The {@code RecordPump} runs the processor for many
 * records: in order per key, different keys at the same time. The simulation drives the same
 * classes.
 */
@NullMarked
package dev.espalier.transport.handling;

import org.jspecify.annotations.NullMarked;

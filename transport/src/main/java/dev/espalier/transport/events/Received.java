// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import dev.espalier.schemas.event.Event;

/**
 * An event that was read.
 *
 * @param id the CloudEvents id: the cause of what follows from the event
 * @param source the CloudEvents source: who says it
 */
public record Received<E extends Event>(E event, String id, String source) {}

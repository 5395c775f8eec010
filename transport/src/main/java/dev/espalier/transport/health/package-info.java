// SPDX-License-Identifier: Apache-2.0
/**
 * One rule of readiness for all services: the last success with the broker and with the store is
 * recent, and nothing else holds the service back. Probes read memory only; a background check
 * keeps the memory fresh.
 */
@NullMarked
package dev.espalier.transport.health;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * A real Kafka broker and a real S3 server inside this JVM, with their data in one folder, and the
 * services as child processes: what {@code espalier up} runs and what every integration test stands
 * on. Nothing here knows what a service does.
 */
@NullMarked
package dev.espalier.local;

import org.jspecify.annotations.NullMarked;

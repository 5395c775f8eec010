// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.application;

/**
 * Where the topics are.
 *
 * @param bootstrapServers as Kafka's clients want it: {@code host:port,host:port}
 */
public record TopicSource(String bootstrapServers) {}

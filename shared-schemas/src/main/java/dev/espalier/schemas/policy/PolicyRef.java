// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.policy;

/**
 * The policy that a decision used.
 *
 * @param name of the policy
 * @param version the first 12 hexadecimal digits of the sha256 of its canonical JSON
 * @param setBy the id of the event that put it in force, or {@code built-in}
 */
public record PolicyRef(String name, String version, String setBy) {}

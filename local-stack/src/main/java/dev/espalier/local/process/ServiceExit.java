// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import java.util.List;

/**
 * A service's process has ended.
 *
 * @param requested whether this side stopped or killed it
 * @param lastLines of its log
 */
public record ServiceExit(String name, int code, boolean requested, List<String> lastLines) {}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.application;

/** Which build this is. */
public record BuildInfo(String version, String commitId) {}

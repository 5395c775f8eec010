// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

/**
 * Where a group is cut.
 *
 * @param key active weights below it go
 * @param ties number of active weights equal to it that go, the first ones by index
 * @param equal number of active weights equal to it
 */
record Threshold(long key, long ties, long equal) {}

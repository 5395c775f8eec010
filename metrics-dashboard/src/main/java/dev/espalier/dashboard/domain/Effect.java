// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

/** What an event did to the read model. */
public enum Effect {
    /** It said something for the first time. */
    NEW,
    /** It was known already, or older than what is known. */
    REPEATED
}

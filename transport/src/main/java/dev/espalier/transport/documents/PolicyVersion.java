// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.documents;

import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.policy.Policy;

/**
 * The version of a policy: a digest of what it says, so that equal documents have equal versions.
 */
public final class PolicyVersion {

    private static final int DIGITS = 12;

    private PolicyVersion() {}

    public static String of(Policy policy) {
        return Sha256.of(Json.bytes(policy)).hex().substring(0, DIGITS);
    }
}

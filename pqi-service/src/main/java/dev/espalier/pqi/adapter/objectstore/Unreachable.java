// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.objectstore;

import dev.espalier.transport.objects.StoreUnavailableException;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * The MinIO client reports a refused connection as an IllegalStateException around the IOException.
 * Here it becomes what every other failure of the network is.
 */
final class Unreachable {

    private Unreachable() {}

    static <T> T translated(Supplier<T> operation) {
        try {
            return operation.get();
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof IOException cause) {
                throw new StoreUnavailableException(
                        "the store does not answer: " + cause.getMessage(), e);
            }
            throw e;
        }
    }
}

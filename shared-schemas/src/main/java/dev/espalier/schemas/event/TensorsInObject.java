// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rule for events whose tensors are in an object, because the event would be too large. */
final class TensorsInObject {

    private TensorsInObject() {}

    static void requireValid(List<?> tensors, @Nullable Integer tensorsInObject) {
        if (tensorsInObject == null) {
            return;
        }
        if (tensorsInObject < 1) {
            throw new IllegalArgumentException(
                    "tensorsInObject is %d, below 1".formatted(tensorsInObject));
        }
        if (!tensors.isEmpty()) {
            throw new IllegalArgumentException(
                    "tensorsInObject is %d and tensors has %d entries: one of them tells the tensors"
                            .formatted(tensorsInObject, tensors.size()));
        }
    }
}

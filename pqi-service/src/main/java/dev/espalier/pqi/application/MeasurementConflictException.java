// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.schemas.ObjectKey;
import java.io.Serial;

/** The iteration was measured before, on other input. The first document stays what it is. */
public final class MeasurementConflictException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public MeasurementConflictException(
            ObjectKey key, String field, Object stored, Object announced) {
        super(
                "%s was made with the %s %s, the snapshot now names %s\nMaybe two trainers work on one run"
                        .formatted(key, field, stored, announced));
    }
}

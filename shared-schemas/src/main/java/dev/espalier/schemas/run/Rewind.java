// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Objects;

/**
 * Where training starts from after a mask was applied. In JSON {@code "initial"}, {@code "none"} or
 * {@code {"epoch": 3}}.
 */
public sealed interface Rewind {

    /** From w_init under the new mask, as in Algorithm 1 of the paper. */
    Rewind INITIAL = new Named("initial");

    /** From w_t under the new mask. */
    Rewind NONE = new Named("none");

    /** The form in JSON. */
    @JsonValue
    Object json();

    /** The two that consist of a name only. */
    record Named(String name) implements Rewind {

        @Override
        public Object json() {
            return name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * From the weights that iteration 0 had after some of its epochs, under the new mask.
     *
     * @param epoch number of epochs, from 1
     */
    record ToEpoch(int epoch) implements Rewind {

        public ToEpoch {
            if (epoch < 1) {
                throw new IllegalArgumentException("rewind.epoch is " + epoch + ", below 1");
            }
        }

        @Override
        public Object json() {
            return Map.of("epoch", epoch);
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Rewind of(Object json) {
        if (Objects.equals(json, INITIAL.json())) {
            return INITIAL;
        }
        if (Objects.equals(json, NONE.json())) {
            return NONE;
        }
        if (json instanceof Map<?, ?> map && map.get("epoch") instanceof Integer epoch) {
            return new ToEpoch(epoch);
        }
        throw new IllegalArgumentException(
                "rewind is " + json + "; expected initial, none or {\"epoch\": 3}");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;

/** The length of a run. In JSON a number, or {@code "unbounded"}. */
public sealed interface RunLength {

    /** Until a policy or a user stops it: a run may keep its mask as long as nothing is pruned. */
    RunLength UNBOUNDED = new Unbounded("unbounded");

    /** The form in JSON. */
    @JsonValue
    Object json();

    /**
     * N: prune after trainings 0 to N-1 and stop after training N.
     *
     * @param iterations N
     */
    record Bounded(int iterations) implements RunLength {

        public Bounded {
            if (iterations < 0 || iterations > 999_999) {
                throw new IllegalArgumentException(
                        "iterations is " + iterations + ", outside 0 to 999999");
            }
        }

        @Override
        public Object json() {
            return iterations;
        }
    }

    /** No last iteration. */
    record Unbounded(String name) implements RunLength {

        @Override
        public Object json() {
            return name;
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static RunLength of(Object json) {
        if (Objects.equals(json, UNBOUNDED.json())) {
            return UNBOUNDED;
        }
        if (json instanceof Integer iterations) {
            return new Bounded(iterations);
        }
        throw new IllegalArgumentException(
                "iterations is %s; expected a number from 0 to 999999, or unbounded"
                        .formatted(json));
    }
}

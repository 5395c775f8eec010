// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.handling;

import dev.espalier.transport.failure.Failure;

/** What becomes of a record. */
public sealed interface Outcome {

    /** The record is done: its offset may be committed. */
    record Acknowledge() implements Outcome {}

    /**
     * The record goes to the dead-letter topic. As the result of a {@link RecordProcessor}: its
     * dead letter is written, so its offset may be committed.
     */
    record DeadLetter(Failure failure) implements Outcome {}

    /**
     * The record is unfinished, because the service stops. It is not acknowledged, so Kafka
     * redelivers it after the restart.
     */
    record Leave() implements Outcome {}

    /**
     * The record waits for an event of another topic, outside every thread. It is handled again
     * when {@link RecordPump#wake} names its key, and a last time when the waiting room's time is
     * over.
     *
     * @param place identifies the record among those of its key; a later record takes the place of
     *     an earlier one, which is then acknowledged
     * @param afterwards what the dead letter says if the record still has to wait at the end
     */
    record Park(String place, Failure.AboutTheEvent afterwards) implements Outcome {}

    static Outcome acknowledge() {
        return new Acknowledge();
    }

    static Outcome leave() {
        return new Leave();
    }

    static Outcome deadLetter(Failure failure) {
        return new DeadLetter(failure);
    }

    /** True if the offset may be committed. */
    default boolean isSettled() {
        return switch (this) {
            case Acknowledge _, DeadLetter _ -> true;
            case Leave _, Park _ -> false;
        };
    }
}

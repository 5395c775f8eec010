// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.schedule;

import java.util.ArrayList;
import java.util.List;

/** One life of one replica of a service. Its actors live and die together. */
public final class Life {

    private final String name;
    private final String instance;
    private final List<Actor> actors = new ArrayList<>();
    private boolean isDead;
    private long stalledUntil;

    /**
     * @param instance what its next life is called as well, such as {@code trainer-0}
     * @param life 1, 2, …
     */
    public Life(String instance, int life) {
        this.instance = instance;
        this.name = instance + "#" + life;
    }

    public String name() {
        return name;
    }

    public String instance() {
        return instance;
    }

    public boolean isDead() {
        return isDead;
    }

    /** In milliseconds of the timeline; in the past where it is not stalled. */
    public long stalledUntil() {
        return stalledUntil;
    }

    void stallUntil(long millis) {
        stalledUntil = Math.max(stalledUntil, millis);
    }

    void die() {
        isDead = true;
    }

    void add(Actor actor) {
        actors.add(actor);
    }

    List<Actor> actors() {
        return actors;
    }

    @Override
    public String toString() {
        return name;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.schedule;

import java.util.function.Consumer;

/**
 * Where processes meet the world. Every step takes time, in which others go on, and before and
 * after it the process may die. A step that changes something is taken by {@link #change}.
 */
public final class Steps {

    /** Who has to know what befalls a process. */
    public interface Witness {

        /** It will die next. */
        void dies(Life process);

        /** It stands still, and does not know it. */
        void stalls(Life process);
    }

    private final Timeline timeline;
    private final Faults faults;
    private final Consumer<String> trace;
    private final Witness witness;
    private long count;

    /**
     * @param trace hears of everything that happens
     */
    public Steps(Timeline timeline, Faults faults, Consumer<String> trace, Witness witness) {
        this.timeline = timeline;
        this.faults = faults;
        this.trace = trace;
        this.witness = witness;
    }

    public long count() {
        return count;
    }

    public long now() {
        return timeline.now();
    }

    /** What happens without anybody's doing. */
    public void note(String what) {
        trace.accept("%10.3f s  %6d  %s".formatted(timeline.now() / 1000.0, count, what));
    }

    /** A step that changes nothing. */
    public void take(Life process, String what) {
        begin(process, what);
        mayDie(process, "before it " + what);
    }

    /** A step that takes as long as is said. */
    public void take(Life process, String what, long millis) {
        begin(process, what, millis);
        mayDie(process, "before it " + what);
    }

    /**
     * A step that changes something, or not at all.
     *
     * @param effect which may come late, when the process that asked for it is dead
     */
    public void change(Life process, String what, Runnable effect) {
        begin(process, what);
        if (faults.kills(timeline.now())) {
            long late = faults.lateMillis();
            if (late >= 0) {
                timeline.at(
                        timeline.now() + late,
                        () -> {
                            note("late, for %s: %s".formatted(process, what));
                            effect.run();
                        });
            }
            die(process, "before it " + what);
        }
        effect.run();
        mayDie(process, "after it " + what);
    }

    private void begin(Life process, String what) {
        begin(process, what, faults.stepMillis());
    }

    private void begin(Life process, String what, long millis) {
        timeline.sleep(millis);
        long stall = faults.stallMillis(timeline.now());
        if (stall > 0) {
            stall(process, stall);
            timeline.sleep(0);
        }
        count++;
        note("%s %s".formatted(process, what));
    }

    /** The process stands still for a while; others take it for dead. */
    public void stall(Life process, long millis) {
        note("%s stands still for %d ms".formatted(process, millis));
        timeline.stall(process, millis);
        witness.stalls(process);
    }

    /** The process ends, as it wanted to. Does not return. */
    public void end(Life process) {
        note("%s ends".formatted(process));
        witness.dies(process);
        timeline.kill(process);
    }

    private void mayDie(Life process, String when) {
        if (faults.kills(timeline.now())) {
            die(process, when);
        }
    }

    private void die(Life process, String when) {
        note("%s is killed %s".formatted(process, when));
        witness.dies(process);
        timeline.kill(process);
    }
}

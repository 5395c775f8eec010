// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of an object in the bucket. Objects are written once and never overwritten; one folder
 * per iteration, zero-padded, so that a listing is in order. No key is the prefix folder of
 * another.
 */
public record ObjectKey(@JsonValue String value) {

    /** No part is {@code .} or {@code ..}, and no two dots follow each other. */
    private static final Pattern LEGAL =
            Pattern.compile("(?!.*\\.\\.)(?!(.*/)?\\.(/|$))[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

    private static final int MAX_LENGTH = 512;

    private static final Pattern OF_ITERATION =
            Pattern.compile("^runs/[^/]+/(?:iterations|checkpoints)/([0-9]{6})[/.]");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ObjectKey {
        if (!isLegal(value)) {
            throw new IllegalArgumentException(
                    "'%s' is not an object key: parts of A-Z a-z 0-9 . _ - joined by '/', none of them '.' or '..', at most %d characters"
                            .formatted(ForeignText.escaped(value), MAX_LENGTH));
        }
    }

    /**
     * A key that is in a bucket; empty if Espalier does not write such keys, such as a folder
     * marker.
     */
    public static Optional<ObjectKey> ifLegal(String value) {
        return isLegal(value) ? Optional.of(new ObjectKey(value)) : Optional.empty();
    }

    private static boolean isLegal(String value) {
        return value.length() <= MAX_LENGTH && LEGAL.matcher(value).matches();
    }

    /** The prefix of everything that belongs to a run, ending in a slash. */
    public static String prefix(RunId run) {
        return "runs/" + run + "/";
    }

    /** What was asked for when the run was first accepted: the specification that holds. */
    public static ObjectKey specification(RunId run) {
        return new ObjectKey(prefix(run) + "specification.json");
    }

    /** w_init, the rewind target. */
    public static ObjectKey initial(RunId run) {
        return new ObjectKey(prefix(run) + "initial.safetensors");
    }

    /** w_t after training, with its mask applied. */
    public static ObjectKey weights(RunId run, int iteration) {
        return ofIteration(run, iteration, "weights.safetensors");
    }

    /** m_t, the mask that iteration t trains with. Iteration 0 has no mask. */
    public static ObjectKey mask(RunId run, int iteration) {
        return ofIteration(run, iteration, "mask.safetensors");
    }

    /** The power sums of every group. */
    public static ObjectKey measurement(RunId run, int iteration) {
        return ofIteration(run, iteration, "measurement.json");
    }

    /**
     * The prefix of what was measured of the ranges of a large snapshot, ending in a slash. It is
     * pqi-service's own, and removed when the measurement is stored.
     */
    public static String rangePrefix(RunId run, int iteration) {
        return prefix(run) + "iterations/" + padded(iteration) + "/ranges/";
    }

    /** The decision register: created with If-None-Match, the first writer wins. */
    public static ObjectKey decision(RunId run, int iteration) {
        return ofIteration(run, iteration, "decision.json");
    }

    /** The prefix of our trainer's resumable state, ending in a slash. */
    public static String checkpointPrefix(RunId run) {
        return prefix(run) + "checkpoints/";
    }

    /**
     * The snapshot event of an iteration whose weights are safely stored: the proof that it is
     * done.
     */
    public static ObjectKey checkpoint(RunId run, int iteration) {
        return new ObjectKey(checkpointPrefix(run) + padded(iteration) + ".json");
    }

    /** The prefix of the objects of all iterations, ending in a slash. */
    public static String iterationsPrefix(RunId run) {
        return prefix(run) + "iterations/";
    }

    /** The iteration that an object or a checkpoint belongs to; empty where it is of none. */
    public OptionalInt iteration() {
        Matcher matcher = OF_ITERATION.matcher(value);
        return matcher.find()
                ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
                : OptionalInt.empty();
    }

    /** The last part. */
    public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    private static ObjectKey ofIteration(RunId run, int iteration, String name) {
        return new ObjectKey(iterationsPrefix(run) + padded(iteration) + "/" + name);
    }

    private static String padded(int iteration) {
        if (iteration < 0 || iteration > 999_999) {
            throw new IllegalArgumentException(
                    "iteration " + iteration + " is outside 0 to 999999");
        }
        return String.format(Locale.ROOT, "%06d", iteration);
    }

    @Override
    public String toString() {
        return value;
    }
}

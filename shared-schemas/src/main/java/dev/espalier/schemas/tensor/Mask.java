// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The masks of a network by tensor name. A tensor that is not named is wholly active. A mask is
 * explicit and never inferred from zeros: an active weight may be exactly 0.
 *
 * @param tensors sorted by name
 */
public record Mask(SortedMap<String, MaskTensor> tensors) {

    /** m_0: every weight active. */
    public static final Mask DENSE = new Mask(Map.of());

    public Mask {
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    }

    public Mask(Map<String, MaskTensor> tensors) {
        this(new TreeMap<>(tensors));
    }

    public @Nullable MaskTensor tensor(String name) {
        return tensors.get(name);
    }

    /** Number of active weights in the named tensors. */
    public long active() {
        return tensors.values().stream().mapToLong(MaskTensor::active).sum();
    }

    /** Refuses a mask that does not fit the weights it is used with. */
    public void requireFits(SafetensorsHeader weights, String maskName) {
        tensors.forEach(
                (name, mask) -> {
                    TensorInfo info =
                            weights.tensor(name)
                                    .orElseThrow(
                                            () ->
                                                    new SafetensorsException(
                                                            "%s masks '%s', which the weights do not have"
                                                                    .formatted(maskName, name)));
                    if (!info.shape().equals(mask.shape())) {
                        throw new SafetensorsException(
                                "%s masks '%s' with the shape %s, the weights have %s"
                                        .formatted(maskName, name, mask.shape(), info.shape()));
                    }
                });
    }
}

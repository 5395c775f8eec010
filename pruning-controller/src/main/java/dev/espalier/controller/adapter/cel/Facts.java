// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.cel;

import dev.espalier.controller.domain.planning.GroupFacts;
import dev.espalier.controller.domain.planning.Moment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an expression may name. Every number is a double, for CEL mixes no types in arithmetic. */
final class Facts {

    static final List<String> NUMBERS =
            List.of(
                    "pqi",
                    "d",
                    "r",
                    "total",
                    "group",
                    "unit",
                    "iteration",
                    "remaining",
                    "metric",
                    "metric_dense");

    static final String TENSOR = "tensor";

    private Facts() {}

    /** What is not known is NaN, and of a formula that needs it nobody asks. */
    static Map<String, Object> of(GroupFacts group, Moment moment) {
        Map<String, Object> facts = new HashMap<>();
        facts.put("pqi", group.pqi());
        facts.put("d", (double) group.d());
        facts.put("r", group.r());
        facts.put("total", (double) group.total());
        facts.put("group", (double) group.number());
        facts.put("unit", group.unit() == null ? -1.0 : (double) group.unit());
        facts.put("iteration", (double) moment.iteration());
        facts.put("remaining", moment.remaining());
        facts.put("metric", orNaN(moment.metric()));
        facts.put("metric_dense", orNaN(moment.denseMetric()));
        facts.put(TENSOR, group.tensor() == null ? "" : group.tensor());
        return facts;
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code espalier_*} metrics of one scrape in the text format of Prometheus. */
final class Scrape {

    private static final Pattern META = Pattern.compile("^# (HELP|TYPE) (espalier_[a-z_]+) (.*)$");
    private static final Pattern SAMPLE =
            Pattern.compile("^(espalier_[a-z_]+)(?:\\{(.*)})? (\\S+)(?: .*)?$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final List<String> PARTS = List.of("_bucket", "_count", "_sum", "_max");

    private final Map<String, String> types = new HashMap<>();
    private final Map<String, String> helps = new HashMap<>();
    private final Map<String, List<Map<String, String>>> series = new TreeMap<>();
    private final Set<String> notANumber = new HashSet<>();

    private Scrape() {}

    static Scrape of(String text) {
        var scrape = new Scrape();
        text.lines().forEach(scrape::meta);
        text.lines().forEach(scrape::sample);
        return scrape;
    }

    private void meta(String line) {
        Matcher meta = META.matcher(line);
        if (meta.matches()) {
            (meta.group(1).equals("TYPE") ? types : helps)
                    .put(meta.group(2), meta.group(3).strip());
        }
    }

    private void sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            return;
        }
        Map<String, String> labels = new TreeMap<>();
        if (sample.group(2) != null) {
            LABEL.matcher(sample.group(2))
                    .results()
                    .forEach(l -> labels.put(l.group(1), l.group(2)));
        }
        labels.remove("le");
        String name = family(sample.group(1));
        series.computeIfAbsent(name, key -> new ArrayList<>()).add(labels);
        if (sample.group(3).equals("NaN")) {
            notANumber.add(name);
        }
    }

    /** The metric that a sample belongs to: a histogram has samples of several names. */
    private String family(String sample) {
        for (String part : PARTS) {
            if (sample.endsWith(part)) {
                String name = sample.substring(0, sample.length() - part.length());
                String type = types.getOrDefault(name, "");
                if (type.equals("histogram") || type.equals("summary")) {
                    return name;
                }
            }
        }
        return sample;
    }

    Set<String> names() {
        return series.keySet();
    }

    String type(String name) {
        return types.getOrDefault(
                name, types.getOrDefault(withoutTotal(name), "metric without TYPE"));
    }

    String help(String name) {
        return helps.getOrDefault(name, helps.getOrDefault(withoutTotal(name), ""));
    }

    List<Map<String, String>> series(String name) {
        return series.getOrDefault(name, List.of());
    }

    boolean hasNaN(String name) {
        return notANumber.contains(name);
    }

    /** OpenMetrics names the family of a counter without its suffix. */
    private static String withoutTotal(String name) {
        return name.endsWith("_total")
                ? name.substring(0, name.length() - "_total".length())
                : name;
    }
}

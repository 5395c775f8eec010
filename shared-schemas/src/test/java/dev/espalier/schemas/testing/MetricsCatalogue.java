// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The metrics of all services as {@code docs/metrics.md} lists them. The test of each service
 * compares its scrape with this catalogue.
 */
public final class MetricsCatalogue {

    private static final String EVERY_SERVICE = "all";
    private static final String PER_RUN = "run_id";
    private static final Pattern ROW = Pattern.compile("^\\| `(espalier_[a-z_]+)` \\|(.*)\\|$");
    private static final Pattern LABEL = Pattern.compile("`([a-z_]+)`(?:: (.*))?");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private final Map<String, Metric> metrics = new TreeMap<>();

    /**
     * One row.
     *
     * @param labels label names, each with its values if they are a closed list, otherwise empty
     */
    public record Metric(
            String name,
            Set<String> services,
            String kind,
            Map<String, Set<String>> labels,
            String meaning) {

        boolean isOf(String service) {
            return services.contains(EVERY_SERVICE) || services.contains(service);
        }

        boolean isPerRun() {
            return labels.containsKey(PER_RUN);
        }

        boolean isCounted() {
            return kind.equals("counter") || kind.equals("histogram");
        }

        /** The kind as Prometheus knows it. */
        String type() {
            return isCounted() ? kind : "gauge";
        }
    }

    private MetricsCatalogue(Stream<String> lines) {
        lines.map(ROW::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(row -> metric(row.group(1), row.group(2)))
                .forEach(
                        metric -> {
                            if (metrics.put(metric.name, metric) != null) {
                                throw new IllegalStateException(
                                        metric.name + " is listed twice in docs/metrics.md");
                            }
                        });
    }

    /** Reads the catalogue. The working directory is the folder of a module. */
    public static MetricsCatalogue read() {
        try (Stream<String> lines = Files.lines(Path.of("..", "docs", "metrics.md"))) {
            return new MetricsCatalogue(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MetricsCatalogue of(String... lines) {
        return new MetricsCatalogue(Arrays.stream(lines));
    }

    public Collection<Metric> metrics() {
        return metrics.values();
    }

    /**
     * Compares a scrape with the catalogue.
     *
     * @param service such as {@code pqi-service}
     * @param scrape of {@code /q/metrics}, asked for with {@code Accept: text/plain}
     * @return what differs, one sentence each; empty if nothing does. Metrics per run may be absent
     */
    public List<String> faults(String service, String scrape) {
        Scrape found = Scrape.of(scrape);
        List<String> faults = new ArrayList<>();
        for (String name : found.names()) {
            Metric metric = metrics.get(name);
            if (metric == null || !metric.isOf(service)) {
                faults.add(
                        "%s exports %s, which docs/metrics.md does not list for it"
                                .formatted(service, name));
            } else {
                check(metric, found, faults);
            }
        }
        metrics.values().stream()
                .filter(metric -> metric.isOf(service) && !metric.isPerRun())
                .filter(metric -> !found.names().contains(metric.name))
                .forEach(
                        metric ->
                                faults.add(
                                        "%s does not export %s".formatted(service, metric.name)));
        return faults;
    }

    private static void check(Metric metric, Scrape found, List<String> faults) {
        String name = metric.name;
        if (!found.type(name).equals(metric.type())) {
            faults.add("%s is a %s, not a %s".formatted(name, found.type(name), metric.type()));
        }
        if (!found.help(name).equals(metric.meaning)) {
            faults.add(
                    "%s: HELP is '%s', docs/metrics.md says '%s'"
                            .formatted(name, found.help(name), metric.meaning));
        }
        for (Map<String, String> labels : found.series(name)) {
            if (!labels.keySet().equals(metric.labels.keySet())) {
                faults.add(
                        "%s has the labels %s, not %s"
                                .formatted(name, labels.keySet(), metric.labels.keySet()));
            }
        }
        metric.labels.forEach(
                (label, values) -> {
                    Set<String> seen =
                            found.series(name).stream()
                                    .map(labels -> labels.getOrDefault(label, ""))
                                    .collect(Collectors.toCollection(TreeSet::new));
                    if (!values.isEmpty() && !values.containsAll(seen)) {
                        faults.add(
                                "%s has the values %s of %s; known are %s"
                                        .formatted(name, seen, label, values));
                    }
                    if (metric.isCounted() && !seen.containsAll(values)) {
                        faults.add(
                                "%s counts %s of %s from the start, not %s"
                                        .formatted(name, seen, label, values));
                    }
                });
        if (found.hasNaN(name)) {
            faults.add(name + " is NaN");
        }
    }

    private static Metric metric(String name, String rest) {
        List<String> cells = Arrays.stream(rest.split("\\|", -1)).map(String::strip).toList();
        if (cells.size() != 4) {
            throw new IllegalStateException(
                    "%s has %d columns, not 5: metric, services, kind, labels, meaning"
                            .formatted(name, cells.size() + 1));
        }
        Map<String, Set<String>> labels = new LinkedHashMap<>();
        Arrays.stream(cells.get(2).split(";", -1))
                .map(cell -> LABEL.matcher(cell.strip()))
                .filter(java.util.regex.Matcher::matches)
                .forEach(label -> labels.put(label.group(1), quoted(label.group(2))));
        return new Metric(
                name,
                Set.of(cells.getFirst().split(", ", -1)),
                cells.get(1),
                labels,
                cells.get(3).replace("`", ""));
    }

    private static Set<String> quoted(String text) {
        return QUOTED.matcher(Optional.ofNullable(text).orElse(""))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.meters;

import java.util.Arrays;
import java.util.List;

/** Every metric of the dashboard; {@code METRICS.md} is checked against it. */
enum Metrics {
    RUN_INFO(
            "espalier_run_info",
            "run_id model dataset policy policy_version",
            "1 for each active run; its labels are joined to the other series of the run"),
    RUN_STATE(
            "espalier_run_state",
            "run_id state",
            "1 for the state that the run is in, 0 for the others"),
    RUN_PROGRESS("espalier_run_progress_ratio", "run_id", "Progress of the whole run, from 0 to 1"),
    RUN_LAST_ITERATION(
            "espalier_run_last_iteration_timestamp_seconds",
            "run_id",
            "When the last snapshot was published, in seconds since 1970"),
    RUN_SPARSITY(
            "espalier_run_sparsity_ratio",
            "run_id kind",
            "Part of the maskable weights that is masked: as last measured (effective), as decided for the next training (planned)"),
    RUN_REMAINING(
            "espalier_run_remaining_parameters",
            "run_id",
            "Number of maskable weights that were active when last measured"),
    RUN_PQ_INDEX(
            "espalier_run_pq_index",
            "run_id",
            "PQ Index of all active weights, for the first pair of the run"),
    RUN_ACCURACY(
            "espalier_run_accuracy_ratio", "run_id split", "Latest known accuracy, from 0 to 1"),
    RUN_LOSS("espalier_run_loss", "run_id split", "Latest known loss"),
    RUN_SHADOW_PRUNED(
            "espalier_run_shadow_pruned_ratio",
            "run_id shadow",
            "Part of the active weights that a shadow policy would have taken at the last decision"),
    RUN_SHADOW_OVERLAP(
            "espalier_run_shadow_overlap_ratio",
            "run_id shadow",
            "Part of what the shadow would have taken that does go"),
    ITERATIONS(
            "espalier_iterations_total",
            "outcome",
            "Iterations that were trained and measured (completed), or could not be measured (failed)"),
    DECISIONS("espalier_decisions_total", "verdict", "Decisions"),
    POLICY_SWAPS(
            "espalier_policy_swaps_total",
            "outcome",
            "Policies that were selected, that a decision used for the first time (applied), whose event was malformed (refused)"),
    EVENTS(
            "espalier_events_total",
            "type outcome",
            "Records read: processed, duplicate (nothing new in it), or malformed (no valid event; its type is then unknown)"),
    BUILD_INFO("espalier_build_info", "version commit_id", "1; its labels say which build this is");

    static final String RUN_ID = "run_id";

    private final String metric;
    private final String labels;
    private final String documentation;

    Metrics(String metric, String labels, String documentation) {
        this.metric = metric;
        this.labels = labels;
        this.documentation = documentation;
    }

    /** The name as Prometheus sees it. */
    String metric() {
        return metric;
    }

    List<String> labels() {
        return Arrays.asList(labels.split(" ", -1));
    }

    String documentation() {
        return documentation;
    }
}

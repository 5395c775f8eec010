// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.http;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Everything that can go wrong with a request. The list is closed. */
enum ProblemCode {
    /** No event names such a run. */
    @JsonProperty("run-unknown")
    RUN_UNKNOWN("No such run", 404),
    /** What is asked for is no run id. */
    @JsonProperty("run-id-invalid")
    RUN_ID_INVALID("No run id", 400),
    /** The filter names a state that does not exist. */
    @JsonProperty("status-unknown")
    STATUS_UNKNOWN("No such state", 400),
    /** The topics are still being read from the beginning. */
    @JsonProperty("catching-up")
    CATCHING_UP("Still reading the topics", 503);

    private final String title;
    private final int status;

    ProblemCode(String title, int status) {
        this.title = title;
        this.status = status;
    }

    String title() {
        return title;
    }

    int status() {
        return status;
    }
}

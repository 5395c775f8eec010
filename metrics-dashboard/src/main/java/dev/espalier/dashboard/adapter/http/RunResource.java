// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.http;

import dev.espalier.dashboard.application.BrowseRuns;
import dev.espalier.dashboard.domain.RunRow;
import dev.espalier.schemas.RunId;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** What is known about the runs. Nothing can be changed here. */
@Path("/runs")
@Produces(MediaType.APPLICATION_JSON)
final class RunResource {

    private final BrowseRuns browse;
    private final RunStream stream;

    RunResource(BrowseRuns browse, RunStream stream) {
        this.browse = browse;
        this.stream = stream;
    }

    @GET
    @Operation(summary = "All runs, the newest first")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "400",
            description = "status-unknown",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class)))
    public List<RunRow> runs(@QueryParam("status") List<String> status) {
        var states = StateFilter.parse(status);
        requireCaughtUp();
        return browse.in(states);
    }

    @GET
    @Path("{id}")
    @Operation(summary = "One run with all its iterations")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "run-unknown",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class)))
    public RunDocument run(@PathParam("id") String id) {
        RunId runId = runId(id);
        return browse.find(runId)
                .map(RunDocument::of)
                .orElseThrow(
                        () -> {
                            requireCaughtUp();
                            return new ProblemException(
                                    ProblemCode.RUN_UNKNOWN,
                                    "no event names a run '%s'\nMaybe list them: GET /runs"
                                            .formatted(runId));
                        });
    }

    @GET
    @Path("events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Operation(summary = "The last state of every run, then changes, as server-sent events")
    public Multi<StreamMessage> events() {
        return stream.open();
    }

    /** A run may be named like the stream; who asks for JSON means the run. */
    @GET
    @Path("events")
    @Produces(MediaType.APPLICATION_JSON + ";qs=0.5")
    @Operation(hidden = true)
    public RunDocument runNamedEvents() {
        return run("events");
    }

    private void requireCaughtUp() {
        if (!browse.isCaughtUp()) {
            throw new ProblemException(
                    ProblemCode.CATCHING_UP,
                    "the topics are still being read from the beginning\nMaybe ask again in a second; if this lasts, Kafka cannot be reached");
        }
    }

    private static RunId runId(String id) {
        try {
            return new RunId(id);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemCode.RUN_ID_INVALID, String.valueOf(e.getMessage()));
        }
    }
}

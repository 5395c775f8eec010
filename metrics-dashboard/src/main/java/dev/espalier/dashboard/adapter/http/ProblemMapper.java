// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Writes problems as {@code application/problem+json}. */
final class ProblemMapper {

    @ServerExceptionMapper
    Response write(ProblemException exception) {
        Problem problem = exception.problem();
        Response.ResponseBuilder response =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
        if (problem.code() == ProblemCode.CATCHING_UP) {
            response.header(HttpHeaders.RETRY_AFTER, 1);
        }
        return response.build();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks the dashboard over HTTP. */
public final class Browser implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper mapper = new ObjectMapper();
    private final URI root;

    public Browser(URI root) {
        this.root = root;
    }

    public HttpResponse<String> get(String path) {
        return send(path, "*/*", HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> getAs(String path, String mediaType) {
        return send(path, mediaType, HttpResponse.BodyHandlers.ofString());
    }

    public JsonNode json(String path) {
        return parse(get(path).body());
    }

    public JsonNode parse(String text) {
        try {
            return mapper.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException("no JSON: " + text, e);
        }
    }

    /** The body of a stream, as it comes. */
    public InputStream stream(String path) {
        return send(path, "text/event-stream", HttpResponse.BodyHandlers.ofInputStream()).body();
    }

    private <T> HttpResponse<T> send(
            String path, String mediaType, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(
                    HttpRequest.newBuilder(root.resolve(path))
                            .header("Accept", mediaType)
                            .timeout(TIMEOUT)
                            .build(),
                    handler);
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(path, e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

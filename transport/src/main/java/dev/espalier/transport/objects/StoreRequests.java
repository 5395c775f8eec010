// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** What the answers of the store mean, and those of the client if the store does not answer. */
final class StoreRequests {

    private static final Set<Integer> EXPECTED =
            Set.of(
                    StoreRefusal.NOT_FOUND,
                    StoreRefusal.CONFLICT,
                    StoreRefusal.PRECONDITION_FAILED,
                    StoreRefusal.RANGE_NOT_SATISFIABLE);
    private static final int MOST_ATTEMPTS = 20;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final String endpoint;
    private final String bucket;

    StoreRequests(String endpoint, String bucket) {
        this.endpoint = endpoint;
        this.bucket = bucket;
    }

    /** One request to the store. */
    interface Call<T> {
        T run() throws MinioException, IOException;
    }

    /**
     * @throws StoreRefusal if the store answers, and the answer may be an expected one
     * @throws StoreUnavailableException if it does not answer, or not as it should
     */
    <T> T ask(String verb, String what, Call<T> call) throws StoreRefusal {
        try {
            return call.run();
        } catch (ErrorResponseException e) {
            int status = e.response() == null ? 0 : e.response().code();
            StoreUnavailableException unavailable = unavailable(verb, what, e);
            if (EXPECTED.contains(status)) {
                throw new StoreRefusal(status, unavailable);
            }
            throw unavailable;
        } catch (MinioException | IOException e) {
            throw unavailable(verb, what, e);
        } catch (IllegalStateException e) {
            // The client wraps a refused connection in one.
            if (e.getCause() instanceof IOException cause) {
                throw unavailable(verb, what, cause);
            }
            throw e;
        }
    }

    /**
     * Whether this conditional creation has won.
     *
     * @return false where an object was there already
     */
    boolean created(String key, Call<?> creation) {
        for (int attempt = 1; ; attempt++) {
            try {
                var _ = ask("create", key, creation);
                return true;
            } catch (StoreRefusal e) {
                if (e.isPreconditionFailed()) {
                    return false;
                }
                // A conflict: another writer is at it, and who wins is still open.
                if (!e.isConflict() || attempt == MOST_ATTEMPTS) {
                    throw e.unavailable();
                }
                pause(e.unavailable());
            }
        }
    }

    private static void pause(StoreUnavailableException conflict) {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw conflict;
        }
    }

    private StoreUnavailableException unavailable(String verb, String what, Exception e) {
        return new StoreUnavailableException(
                "cannot %s %s in the bucket %s at %s: %s"
                        .formatted(verb, what, bucket, endpoint, e.getMessage()),
                e);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.UploadObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import okhttp3.OkHttpClient;

/** The store behind the MinIO client. It uses only what every S3-compatible store has. */
public final class S3ObjectStore implements ObjectStore {

    /** Up to this size an object is one conditional put, which is atomic. */
    private static final long PART_BYTES = 16L << 20;

    private static final int BUFFER_BYTES = 1 << 18;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final Set<Integer> EXPECTED =
            Set.of(NOT_FOUND, CONFLICT, PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE);
    private static final int MOST_ATTEMPTS = 20;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Map<String, String> ONLY_IF_ABSENT = Map.of("If-None-Match", "*");

    private final MinioClient client;
    private final OkHttpClient http;
    private final String endpoint;
    private final String bucket;

    public S3ObjectStore(StoreSettings settings) {
        this.endpoint = settings.endpoint();
        this.bucket = settings.bucket();
        this.http =
                new OkHttpClient.Builder()
                        .connectTimeout(TIMEOUT)
                        .readTimeout(TIMEOUT)
                        .writeTimeout(TIMEOUT)
                        .build();
        this.client =
                MinioClient.builder()
                        .endpoint(settings.endpoint())
                        .region(settings.region())
                        .credentials(settings.accessKey(), settings.secretKey())
                        .httpClient(http)
                        .build();
    }

    @Override
    public String bucket() {
        return bucket;
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        try {
            return OptionalLong.of(
                    ask(
                            "look for",
                            key.value(),
                            () ->
                                    client.statObject(
                                                    StatObjectArgs.builder()
                                                            .bucket(bucket)
                                                            .object(key.value())
                                                            .build())
                                            .size()));
        } catch (Refusal e) {
            return e.orEmpty(OptionalLong.empty());
        }
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        try {
            return Optional.of(ask("read", key.value(), () -> readAll(key)));
        } catch (Refusal e) {
            return e.orEmpty(Optional.empty());
        }
    }

    private byte[] readAll(ObjectKey key) throws MinioException, IOException {
        try (InputStream in =
                client.getObject(
                        GetObjectArgs.builder().bucket(bucket).object(key.value()).build())) {
            return in.readAllBytes();
        }
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        if (target.byteSize() == 0) {
            return;
        }
        try {
            var _ =
                    ask(
                            "read",
                            key.value(),
                            () -> {
                                readInto(key, offset, target);
                                return target;
                            });
        } catch (Refusal e) {
            throw new CorruptArtifactException(
                    "%s has no bytes %d to %d in the bucket %s: %s"
                            .formatted(
                                    key,
                                    offset,
                                    offset + target.byteSize(),
                                    bucket,
                                    e.status == NOT_FOUND ? "it is not there" : "it ends before"));
        }
    }

    private void readInto(ObjectKey key, long offset, MemorySegment target)
            throws MinioException, IOException {
        try (InputStream in =
                client.getObject(
                        GetObjectArgs.builder()
                                .bucket(bucket)
                                .object(key.value())
                                .offset(offset)
                                .length(target.byteSize())
                                .build())) {
            fill(key, offset, target, in);
        }
    }

    private static void fill(ObjectKey key, long offset, MemorySegment target, InputStream in)
            throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, target.byteSize())];
        MemorySegment heap = MemorySegment.ofArray(buffer);
        for (long done = 0; done < target.byteSize(); ) {
            int wanted = (int) Math.min(buffer.length, target.byteSize() - done);
            int n = in.readNBytes(buffer, 0, wanted);
            if (n < wanted) {
                throw new CorruptArtifactException(
                        "%s ends at byte %d, wanted are bytes %d to %d"
                                .formatted(
                                        key,
                                        offset + done + n,
                                        offset,
                                        offset + target.byteSize()));
            }
            MemorySegment.copy(heap, 0, target, done, n);
            done += n;
        }
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        return won(
                key,
                () ->
                        client.putObject(
                                PutObjectArgs.builder()
                                        .bucket(bucket)
                                        .object(key.value())
                                        .data(content, content.length)
                                        .contentType("application/json")
                                        .headers(ONLY_IF_ABSENT)
                                        .build()));
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        try {
            long size = Files.size(file);
            Sha256 sha256 = Sha256.of(file);
            if (size > PART_BYTES) {
                // A multipart upload is not conditional everywhere, so look first.
                OptionalLong there = size(key);
                if (there.isPresent()) {
                    return stored(key, there.getAsLong());
                }
            }
            return put(key, file)
                    ? ArtifactRef.of(bucket, key, sha256, size)
                    : stored(key, size(key).orElse(0));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private boolean put(ObjectKey key, Path file) {
        return won(
                key,
                () ->
                        client.uploadObject(
                                UploadObjectArgs.builder()
                                        .bucket(bucket)
                                        .object(key.value())
                                        .filename(file.toString(), PART_BYTES)
                                        .contentType("application/octet-stream")
                                        .headers(ONLY_IF_ABSENT)
                                        .build()));
    }

    private boolean won(ObjectKey key, Call<?> creation) {
        for (int attempt = 1; ; attempt++) {
            try {
                var _ = ask("create", key.value(), creation);
                return true;
            } catch (Refusal e) {
                if (e.status == PRECONDITION_FAILED) {
                    return false;
                }
                // A conflict: another writer is at it, and who wins is still open.
                if (e.status != CONFLICT || attempt == MOST_ATTEMPTS) {
                    throw e.unavailable;
                }
                pause(e.unavailable);
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

    private ArtifactRef stored(ObjectKey key, long size) {
        try {
            return ask("read", key.value(), () -> digested(key, size));
        } catch (Refusal e) {
            throw e.unavailable;
        }
    }

    private ArtifactRef digested(ObjectKey key, long size) throws MinioException, IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in =
                client.getObject(
                        GetObjectArgs.builder().bucket(bucket).object(key.value()).build())) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return ArtifactRef.of(bucket, key, Sha256.of(digest), size);
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        try {
            return ask("list", prefix, () -> listed(prefix));
        } catch (Refusal e) {
            throw e.unavailable;
        }
    }

    private List<ObjectKey> listed(String prefix) throws MinioException {
        List<ObjectKey> keys = new ArrayList<>();
        for (Result<Item> item :
                client.listObjects(
                        ListObjectsArgs.builder()
                                .bucket(bucket)
                                .prefix(prefix)
                                .recursive(true)
                                .build())) {
            keys.add(new ObjectKey(item.get().objectName()));
        }
        keys.sort(Comparator.comparing(ObjectKey::value));
        return keys;
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    /** One request to the store. */
    private interface Call<T> {
        T run() throws MinioException, IOException;
    }

    /**
     * @throws Refusal if the store answers, and the answer may be an expected one
     * @throws StoreUnavailableException if it does not answer, or not as it should
     */
    private <T> T ask(String verb, String what, Call<T> call) throws Refusal {
        try {
            return call.run();
        } catch (ErrorResponseException e) {
            int status = e.response() == null ? 0 : e.response().code();
            StoreUnavailableException unavailable = unavailable(verb, what, e);
            if (EXPECTED.contains(status)) {
                throw new Refusal(status, unavailable);
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

    private StoreUnavailableException unavailable(String verb, String what, Exception e) {
        return new StoreUnavailableException(
                "cannot %s %s in the bucket %s at %s: %s"
                        .formatted(verb, what, bucket, endpoint, e.getMessage()),
                e);
    }

    /** The store has answered, but not with what was asked for. */
    private static final class Refusal extends Exception {

        @Serial private static final long serialVersionUID = 1;

        private final int status;
        private final StoreUnavailableException unavailable;

        Refusal(int status, StoreUnavailableException unavailable) {
            super(unavailable);
            this.status = status;
            this.unavailable = unavailable;
        }

        <T> T orEmpty(T empty) {
            if (status == NOT_FOUND) {
                return empty;
            }
            throw unavailable;
        }
    }
}

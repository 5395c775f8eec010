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
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import okhttp3.OkHttpClient;

/** The store behind the MinIO client. It uses only what every S3-compatible store has. */
public final class S3ObjectStore implements ObjectStore {

    /** Up to this size an object is one conditional put, which is atomic. */
    private static final long PART_BYTES = 16L << 20;

    private static final int BUFFER_BYTES = 1 << 18;
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
                    client.statObject(
                                    StatObjectArgs.builder()
                                            .bucket(bucket)
                                            .object(key.value())
                                            .build())
                            .size());
        } catch (MinioException e) {
            if (status(e) == 404) {
                return OptionalLong.empty();
            }
            throw unavailable("look for", key, e);
        }
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        try (InputStream in =
                client.getObject(
                        GetObjectArgs.builder().bucket(bucket).object(key.value()).build())) {
            return Optional.of(in.readAllBytes());
        } catch (MinioException e) {
            if (status(e) == 404) {
                return Optional.empty();
            }
            throw unavailable("read", key, e);
        } catch (IOException e) {
            throw unavailable("read", key, e);
        }
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        if (target.byteSize() == 0) {
            return;
        }
        try (InputStream in =
                client.getObject(
                        GetObjectArgs.builder()
                                .bucket(bucket)
                                .object(key.value())
                                .offset(offset)
                                .length(target.byteSize())
                                .build())) {
            fill(key, offset, target, in);
        } catch (MinioException e) {
            int status = status(e);
            if (status == 404 || status == 416) {
                throw new CorruptArtifactException(
                        "%s has no bytes %d to %d in the bucket %s: %s"
                                .formatted(
                                        key,
                                        offset,
                                        offset + target.byteSize(),
                                        bucket,
                                        status == 404 ? "it is not there" : "it ends before"));
            }
            throw unavailable("read", key, e);
        } catch (IOException e) {
            throw unavailable("read", key, e);
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

    /** One conditional write. */
    private interface Creation {
        void run() throws MinioException;
    }

    private boolean won(ObjectKey key, Creation creation) {
        for (int attempt = 1; ; attempt++) {
            try {
                creation.run();
                return true;
            } catch (MinioException e) {
                int status = status(e);
                if (status == 412) {
                    return false;
                }
                // 409: another writer is at it, and who wins is still open.
                if (status != 409 || attempt == MOST_ATTEMPTS) {
                    throw unavailable("create", key, e);
                }
                pause(key, e);
            }
        }
    }

    private void pause(ObjectKey key, MinioException conflict) {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("create", key, conflict);
        }
    }

    private ArtifactRef stored(ObjectKey key, long size) {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in =
                client.getObject(
                        GetObjectArgs.builder().bucket(bucket).object(key.value()).build())) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        } catch (MinioException | IOException e) {
            throw unavailable("read", key, e);
        }
        return ArtifactRef.of(bucket, key, Sha256.of(digest), size);
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        List<ObjectKey> keys = new ArrayList<>();
        try {
            for (Result<Item> item :
                    client.listObjects(
                            ListObjectsArgs.builder()
                                    .bucket(bucket)
                                    .prefix(prefix)
                                    .recursive(true)
                                    .build())) {
                keys.add(new ObjectKey(item.get().objectName()));
            }
        } catch (MinioException e) {
            throw new StoreUnavailableException(
                    "cannot list %s in the bucket %s at %s: %s"
                            .formatted(prefix, bucket, endpoint, e.getMessage()),
                    e);
        }
        keys.sort(java.util.Comparator.comparing(ObjectKey::value));
        return keys;
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private static int status(MinioException e) {
        return e instanceof ErrorResponseException error && error.response() != null
                ? error.response().code()
                : 0;
    }

    private StoreUnavailableException unavailable(String verb, ObjectKey key, Exception e) {
        return new StoreUnavailableException(
                "cannot %s %s in the bucket %s at %s: %s"
                        .formatted(verb, key, bucket, endpoint, e.getMessage()),
                e);
    }
}

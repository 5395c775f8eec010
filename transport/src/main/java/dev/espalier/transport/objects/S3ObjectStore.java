// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.transport.health.Probe;
import io.minio.BucketExistsArgs;
import io.minio.ListObjectsArgs;
import io.minio.MinioAsyncClient;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.UploadObjectArgs;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;

/** The store behind the MinIO client. It uses only what every S3-compatible store has. */
public final class S3ObjectStore implements ObjectStore {

    /** Up to this size an object is one conditional put, which is atomic. */
    private static final long PART_BYTES = 16L << 20;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    static final Map<String, String> ONLY_IF_ABSENT = Map.of("If-None-Match", "*");
    static final String BINARY = "application/octet-stream";

    private final Supplier<MinioClient.Builder> builder;
    private final MinioClient client;
    private final S3Reads reads;
    private final MultipartUpload multipart;
    private final OkHttpClient http;
    private final StoreRequests requests;
    private final String bucket;

    public S3ObjectStore(StoreSettings settings) {
        this.bucket = settings.bucket();
        this.requests = new StoreRequests(settings.endpoint(), settings.bucket());
        this.http =
                new OkHttpClient.Builder()
                        .connectTimeout(TIMEOUT)
                        .readTimeout(TIMEOUT)
                        .writeTimeout(TIMEOUT)
                        .build();
        this.builder =
                () ->
                        MinioClient.builder()
                                .endpoint(settings.endpoint())
                                .region(settings.region())
                                .credentials(settings.accessKey(), settings.secretKey());
        this.client = builder.get().httpClient(http).build();
        this.reads = new S3Reads(client, bucket);
        this.multipart =
                new MultipartUpload(
                        MinioAsyncClient.builder()
                                .endpoint(settings.endpoint())
                                .region(settings.region())
                                .credentials(settings.accessKey(), settings.secretKey())
                                .httpClient(http)
                                .build(),
                        bucket,
                        PART_BYTES);
    }

    @Override
    public String bucket() {
        return bucket;
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        try {
            return OptionalLong.of(
                    requests.ask(
                            "look for",
                            key.value(),
                            () ->
                                    client.statObject(
                                                    StatObjectArgs.builder()
                                                            .bucket(bucket)
                                                            .object(key.value())
                                                            .build())
                                            .size()));
        } catch (StoreRefusal e) {
            return e.orEmpty(OptionalLong.empty());
        }
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        try {
            return Optional.of(requests.ask("read", key.value(), () -> reads.all(key)));
        } catch (StoreRefusal e) {
            return e.orEmpty(Optional.empty());
        }
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        if (target.byteSize() == 0) {
            return;
        }
        try {
            var _ =
                    requests.ask(
                            "read",
                            key.value(),
                            () -> {
                                reads.into(key, offset, target);
                                return target;
                            });
        } catch (StoreRefusal e) {
            throw new CorruptArtifactException(
                    "%s has no bytes %d to %d in the bucket %s: %s"
                            .formatted(
                                    key,
                                    offset,
                                    offset + target.byteSize(),
                                    bucket,
                                    e.isNotFound() ? "it is not there" : "it ends before"));
        }
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        return requests.created(
                key.value(),
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
                // Spares an upload that cannot win.
                OptionalLong there = size(key);
                if (there.isPresent()) {
                    return stored(key, there.getAsLong());
                }
            }
            return put(key, file, size)
                    ? ArtifactRef.of(bucket, key, sha256, size)
                    : stored(key, size(key).orElse(0));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    @Override
    public void delete(ObjectKey key) {
        try {
            var _ =
                    requests.ask(
                            "delete",
                            key.value(),
                            () -> {
                                client.removeObject(
                                        RemoveObjectArgs.builder()
                                                .bucket(bucket)
                                                .object(key.value())
                                                .build());
                                return key;
                            });
        } catch (StoreRefusal e) {
            var _ = e.orEmpty(Optional.empty());
        }
    }

    private boolean put(ObjectKey key, Path file, long size) {
        if (size > PART_BYTES) {
            return requests.created(key.value(), () -> multipart.upload(key, file));
        }
        return requests.created(
                key.value(),
                () ->
                        client.uploadObject(
                                UploadObjectArgs.builder()
                                        .bucket(bucket)
                                        .object(key.value())
                                        .filename(file.toString(), PART_BYTES)
                                        .contentType(BINARY)
                                        .headers(ONLY_IF_ABSENT)
                                        .build()));
    }

    /** Asks the store whether the bucket exists, and gives up after two seconds. */
    public Probe probe() {
        OkHttpClient impatient = http.newBuilder().callTimeout(PROBE_TIMEOUT).build();
        MinioClient prober = builder.get().httpClient(impatient).build();
        return () -> {
            if (!prober.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
                throw new IllegalStateException("the bucket %s does not exist".formatted(bucket));
            }
        };
    }

    private ArtifactRef stored(ObjectKey key, long size) {
        try {
            return requests.ask("read", key.value(), () -> reads.digested(key, size));
        } catch (StoreRefusal e) {
            throw e.unavailable();
        }
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        try {
            return requests.ask("list", prefix, () -> listed(prefix));
        } catch (StoreRefusal e) {
            throw e.unavailable();
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
            // Espalier does not write folder markers; other tools do.
            ObjectKey.ifLegal(item.get().objectName()).ifPresent(keys::add);
        }
        keys.sort(Comparator.comparing(ObjectKey::value));
        return keys;
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ObjectKey;
import io.minio.AbortMultipartUploadArgs;
import io.minio.CompleteMultipartUploadArgs;
import io.minio.CreateMultipartUploadArgs;
import io.minio.Http;
import io.minio.MinioAsyncClient;
import io.minio.ObjectWriteResponse;
import io.minio.UploadPartArgs;
import io.minio.errors.MinioException;
import io.minio.messages.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads a large file in parts. Its completion is conditional ({@code If-None-Match: *}), so of
 * two uploads that race, one wins and the other one learns of it. A store that ignores the header
 * lets the later one win.
 */
final class MultipartUpload {

    private static final Logger LOGGER = LoggerFactory.getLogger(MultipartUpload.class);
    private static final int MOST_PARTS = 10_000;
    private static final int MIB = 1 << 20;

    private final MinioAsyncClient client;
    private final String bucket;
    private final long partBytes;

    MultipartUpload(MinioAsyncClient client, String bucket, long partBytes) {
        this.client = client;
        this.bucket = bucket;
        this.partBytes = partBytes;
    }

    ObjectWriteResponse upload(ObjectKey key, Path file) throws MinioException, IOException {
        String id =
                answer(
                                client.createMultipartUpload(
                                        CreateMultipartUploadArgs.builder()
                                                .bucket(bucket)
                                                .object(key.value())
                                                .headers(
                                                        new Http.Headers(
                                                                "Content-Type",
                                                                S3ObjectStore.BINARY))
                                                .build()))
                        .result()
                        .uploadId();
        boolean isComplete = false;
        try {
            Part[] parts = parts(key, id, file);
            ObjectWriteResponse written =
                    answer(
                            client.completeMultipartUpload(
                                    CompleteMultipartUploadArgs.builder()
                                            .bucket(bucket)
                                            .object(key.value())
                                            .uploadId(id)
                                            .parts(parts)
                                            .extraHeaders(S3ObjectStore.ONLY_IF_ABSENT)
                                            .build()));
            isComplete = true;
            return written;
        } finally {
            if (!isComplete) {
                abort(key, id);
            }
        }
    }

    private Part[] parts(ObjectKey key, String id, Path file) throws MinioException, IOException {
        byte[] buffer = new byte[partSize(Files.size(file))];
        List<Part> parts = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.readNBytes(buffer, 0, buffer.length);
                    n > 0;
                    n = in.readNBytes(buffer, 0, buffer.length)) {
                parts.add(
                        answer(
                                        client.uploadPart(
                                                UploadPartArgs.builder()
                                                        .bucket(bucket)
                                                        .object(key.value())
                                                        .uploadId(id)
                                                        .partNumber(parts.size() + 1)
                                                        .data(buffer, n)
                                                        .build()))
                                .part());
            }
        }
        return parts.toArray(Part[]::new);
    }

    /** S3 takes 10,000 parts at most. */
    private int partSize(long size) {
        long needed = Math.ceilDiv(size, MOST_PARTS);
        return Math.toIntExact(Math.max(partBytes, Math.ceilDiv(needed, MIB) * MIB));
    }

    /** Removes the parts from the store: the upload will not be completed. */
    private void abort(ObjectKey key, String id) {
        try {
            var _ =
                    answer(
                            client.abortMultipartUpload(
                                    AbortMultipartUploadArgs.builder()
                                            .bucket(bucket)
                                            .object(key.value())
                                            .uploadId(id)
                                            .build()));
        } catch (MinioException | IOException | RuntimeException e) {
            LOGGER.debug("The parts of {} stay until the store forgets them", key, e);
        }
    }

    private static <T> T answer(CompletableFuture<T> request) throws MinioException, IOException {
        try {
            return request.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case MinioException cause -> throw cause;
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }
}

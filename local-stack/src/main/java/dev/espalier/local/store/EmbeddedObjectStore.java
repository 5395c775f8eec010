// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.store;

import dev.espalier.local.host.LocalStackException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.jspecify.annotations.Nullable;

/**
 * An S3 server (s3proxy) on the loopback address whose objects are plain files: {@code
 * <folder>/<bucket>/<key>}. It can be stopped and started again on the same folder and port.
 *
 * <p>A conditional create is atomic for an object put in one request, and not enforced for one put
 * in parts. Keys {@code a} and {@code a/b} cannot both exist.
 */
public final class EmbeddedObjectStore {
    private static final int MAX_THREADS = 32;

    private final Path folder;
    private final int port;
    private final String bucket;
    private final StoreCredentials credentials;
    private @Nullable S3Proxy server;

    public EmbeddedObjectStore(Path folder, int port, String bucket, StoreCredentials credentials) {
        // With a relative folder, puts succeed but lists are empty and multipart uploads fail.
        this.folder = folder.toAbsolutePath().normalize();
        this.port = port;
        this.bucket = bucket;
        this.credentials = credentials;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public synchronized void start() {
        if (server != null) {
            return;
        }
        try {
            Files.createDirectories(folder);
            BlobStore files = openFolder();
            if (!files.containerExists(bucket)) {
                files.createContainer(bucket);
            }
            S3Proxy starting =
                    S3Proxy.builder()
                            .blobStore(files)
                            .endpoint(endpoint())
                            .awsAuthentication(
                                    AuthenticationType.AWS_V2_OR_V4,
                                    credentials.accessKey(),
                                    credentials.secretKey())
                            .ignoreUnknownHeaders(true)
                            .jettyMaxThreads(MAX_THREADS)
                            .build();
            starting.start();
            server = starting;
        } catch (Exception e) {
            throw new LocalStackException(
                    "The object store did not start on port %d with its data in %s"
                            .formatted(port, folder),
                    e);
        }
    }

    private BlobStore openFolder() {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        return BlobStores.create("filesystem", properties);
    }

    public synchronized void stop() {
        if (server == null) {
            return;
        }
        try {
            server.stop();
        } catch (Exception e) {
            throw new LocalStackException("The object store did not stop", e);
        } finally {
            server = null;
        }
    }
}

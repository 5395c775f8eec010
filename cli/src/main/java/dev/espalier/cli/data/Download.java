// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.data;

import dev.espalier.cli.CliException;
import dev.espalier.cli.console.ProgressLine;
import dev.espalier.cli.data.PublicSet.PublicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Locale;

/** One file over HTTP, length and checksum looked at on the way. */
final class Download {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int REPORT_EVERY = 16;

    private final ProgressLine progress;

    Download(ProgressLine progress) {
        this.progress = progress;
    }

    /**
     * @param target is overwritten, and is no good after an exception
     */
    void to(Path target, URI source, PublicFile file) {
        progress.show(file.name(), 0, "asking " + source.getAuthority());
        try {
            URLConnection connection = source.toURL().openConnection();
            connection.setConnectTimeout((int) PATIENCE.toMillis());
            connection.setReadTimeout((int) PATIENCE.toMillis());
            if (connection instanceof HttpURLConnection http && http.getResponseCode() != 200) {
                throw CliException.failure(
                        "%s answers %d %s\nMaybe it has moved; a mirror is given by --from."
                                .formatted(
                                        source, http.getResponseCode(), http.getResponseMessage()));
            }
            long announced = connection.getContentLengthLong();
            if (announced >= 0 && announced != file.sizeBytes()) {
                throw wrong(source, "has %d bytes, not %d".formatted(announced, file.sizeBytes()));
            }
            copy(connection, target, source, file);
        } catch (UnknownHostException e) {
            throw CliException.failure(
                    "%s cannot be reached: there is no host %s\nMaybe this machine has no way out."
                            .formatted(source, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw CliException.failure(
                    "%s cannot be downloaded: %s".formatted(source, e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw CliException.badInput("%s is no address of a file".formatted(source), e);
        } finally {
            progress.clear();
        }
    }

    private void copy(URLConnection connection, Path target, URI source, PublicFile file)
            throws IOException {
        MessageDigest digest = Md5.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        int reads = 0;
        try (InputStream in = connection.getInputStream();
                OutputStream out = Files.newOutputStream(target)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (size > file.sizeBytes()) {
                    throw wrong(source, "has more than %d bytes".formatted(file.sizeBytes()));
                }
                digest.update(buffer, 0, n);
                out.write(buffer, 0, n);
                if (reads++ % REPORT_EVERY == 0) {
                    report(file, size);
                }
            }
        }
        if (size < file.sizeBytes()) {
            throw wrong(source, "ended after %d of %d bytes".formatted(size, file.sizeBytes()));
        }
        String md5 = Md5.of(digest);
        if (!md5.equals(file.md5())) {
            throw wrong(source, "has the checksum %s, not %s".formatted(md5, file.md5()));
        }
    }

    private void report(PublicFile file, long size) {
        progress.show(
                file.name(),
                (double) size / file.sizeBytes(),
                String.format(Locale.ROOT, "%.1f of %.1f MB", size / 1e6, file.sizeBytes() / 1e6));
    }

    private static CliException wrong(URI source, String what) {
        return CliException.failure(
                "%s %s; nothing of it was kept\nMaybe try again, or another mirror by --from."
                        .formatted(source, what));
    }
}

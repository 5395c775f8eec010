// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.store;

import dev.espalier.local.host.LocalStackException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;

/**
 * The keys of the object store: made at random once for each data folder, and kept in it in a file
 * that only its owner can read.
 */
public record StoreCredentials(String accessKey, String secretKey) {
    private static final String FILE = "store-credentials.properties";
    private static final String ACCESS = "access-key";
    private static final String SECRET = "secret-key";

    public StoreCredentials {
        if (accessKey.isBlank() || secretKey.isBlank()) {
            throw new IllegalArgumentException("A key of the object store is blank");
        }
    }

    /** Those of a data folder, whether its stack runs or not; empty before its first start. */
    public static Optional<StoreCredentials> in(Path dataFolder) {
        Path file = dataFolder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new LocalStackException("Cannot read " + file, e);
        }
        String access = properties.getProperty(ACCESS, "");
        String secret = properties.getProperty(SECRET, "");
        if (access.isBlank() || secret.isBlank()) {
            throw new LocalStackException(
                    "%s has no %s or %s.%nTry: remove the file; the next start makes new keys."
                            .formatted(file, ACCESS, SECRET));
        }
        return Optional.of(new StoreCredentials(access, secret));
    }

    /** The caller must hold the folder's lock. */
    public static StoreCredentials inOrNew(Path dataFolder) {
        return in(dataFolder).orElseGet(() -> random().writtenTo(dataFolder));
    }

    private static StoreCredentials random() {
        SecureRandom random = new SecureRandom();
        byte[] access = new byte[8];
        byte[] secret = new byte[30];
        random.nextBytes(access);
        random.nextBytes(secret);
        return new StoreCredentials(
                "espalier-" + HexFormat.of().formatHex(access),
                Base64.getUrlEncoder().encodeToString(secret));
    }

    private StoreCredentials writtenTo(Path dataFolder) {
        Properties properties = new Properties();
        properties.setProperty(ACCESS, accessKey);
        properties.setProperty(SECRET, secretKey);
        Path file = dataFolder.resolve(FILE);
        try {
            // A temporary file is readable by its owner only, and stays so.
            Path unfinished = Files.createTempFile(dataFolder, FILE, ".tmp");
            try (Writer writer = Files.newBufferedWriter(unfinished)) {
                properties.store(writer, "Keys of the local object store");
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LocalStackException("Cannot write " + file, e);
        }
        return this;
    }

    /** Without the secret, which must not reach a log. */
    @Override
    public String toString() {
        return "StoreCredentials[accessKey=" + accessKey + ", secretKey=***]";
    }
}

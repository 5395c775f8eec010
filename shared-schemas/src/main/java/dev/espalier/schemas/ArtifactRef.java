// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A claim check: where an object is, and the digest and size that it must have.
 *
 * @param uri {@code s3://bucket/key}
 * @param sha256 of the object's bytes; a mismatch on reading is fatal
 * @param sizeBytes of the object
 */
public record ArtifactRef(String uri, Sha256 sha256, long sizeBytes) {

    private static final String SCHEME = "s3://";
    private static final Pattern URI = Pattern.compile("s3://[A-Za-z0-9._-]+/(.+)");
    private static final int MAX_LENGTH = 1024;

    public ArtifactRef {
        Matcher matcher = URI.matcher(uri);
        if (uri.length() > MAX_LENGTH
                || !matcher.matches()
                || ObjectKey.ifLegal(matcher.group(1)).isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s' is not an artefact uri: it has the form s3://BUCKET/KEY, with a key of parts of A-Z a-z 0-9 . _ - joined by '/', none of them '.' or '..'"
                            .formatted(ForeignText.escaped(uri)));
        }
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("sizeBytes is " + sizeBytes + ", below 0");
        }
    }

    public static ArtifactRef of(String bucket, ObjectKey key, Sha256 sha256, long sizeBytes) {
        return new ArtifactRef(SCHEME + bucket + "/" + key, sha256, sizeBytes);
    }

    public String bucket() {
        return uri.substring(SCHEME.length(), uri.indexOf('/', SCHEME.length()));
    }

    public ObjectKey key() {
        return new ObjectKey(uri.substring(uri.indexOf('/', SCHEME.length()) + 1));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas;

/**
 * A claim check: where an object is, and the digest and size that it must have.
 *
 * @param uri {@code s3://bucket/key}
 * @param sha256 of the object's bytes; a mismatch on reading is fatal
 * @param sizeBytes of the object
 */
public record ArtifactRef(String uri, Sha256 sha256, long sizeBytes) {

    private static final String SCHEME = "s3://";

    public ArtifactRef {
        int slash = uri.startsWith(SCHEME) ? uri.indexOf('/', SCHEME.length()) : -1;
        if (slash <= SCHEME.length() || slash == uri.length() - 1) {
            throw new IllegalArgumentException(
                    "'%s' is no artefact uri: s3://BUCKET/KEY is".formatted(uri));
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

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

/**
 * Where the store is.
 *
 * @param endpoint such as {@code http://127.0.0.1:19000}
 * @param secretKey never logged
 */
public record StoreSettings(
        String endpoint, String region, String bucket, String accessKey, String secretKey) {

    public StoreSettings {
        if (accessKey.isBlank() || secretKey.isBlank()) {
            throw new IllegalArgumentException(
                    "the credentials of the store at %s are missing\nTry: set ESPALIER_STORE_ACCESS_KEY and ESPALIER_STORE_SECRET_KEY"
                            .formatted(endpoint));
        }
    }

    @Override
    public String toString() {
        return "StoreSettings[%s, %s, %s]".formatted(endpoint, region, bucket);
    }
}

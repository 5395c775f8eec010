// SPDX-License-Identifier: Apache-2.0
package dev.espalier.testing;

import dev.espalier.local.LocalStack;
import dev.espalier.transport.objects.S3ObjectStore;
import dev.espalier.transport.objects.StoreSettings;

/** Clients of the store of a stack. */
public final class Stores {

    private Stores() {}

    public static S3ObjectStore of(LocalStack stack) {
        return new S3ObjectStore(
                new StoreSettings(
                        stack.storeEndpoint().toString(),
                        "us-east-1",
                        stack.bucket(),
                        stack.storeCredentials().accessKey(),
                        stack.storeCredentials().secretKey()));
    }
}

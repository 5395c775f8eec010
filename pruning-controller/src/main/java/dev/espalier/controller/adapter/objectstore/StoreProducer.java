// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.objectstore;

import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.S3ObjectStore;
import dev.espalier.transport.objects.StoreSettings;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The one client of this process. */
@Singleton
final class StoreProducer {

    @Produces
    @Singleton
    ObjectStore store(StoreSettings settings) {
        return new S3ObjectStore(settings);
    }

    void close(@Disposes ObjectStore store) {
        store.close();
    }
}

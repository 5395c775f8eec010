// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.objectstore;

import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.S3ObjectStore;
import dev.espalier.transport.objects.StoreSettings;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The one client of this process. */
@Dependent
final class StoreProducer {

    @Produces
    @Singleton
    static ObjectStore open(StoreSettings settings) {
        return new S3ObjectStore(settings);
    }

    static void close(@Disposes ObjectStore store) {
        store.close();
    }
}

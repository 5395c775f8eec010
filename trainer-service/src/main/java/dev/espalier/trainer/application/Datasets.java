// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.trainer.domain.catalogue.DatasetCatalogue;
import dev.espalier.trainer.domain.data.Dataset;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the data sets of the last runs in memory, so that runs in turn do not read them anew. */
public final class Datasets {

    private static final int KEPT = 2;

    /**
     * @param seed 0 where the data do not depend on it
     */
    private record Key(DatasetSpec spec, long seed) {}

    private final DatasetCatalogue catalogue = new DatasetCatalogue();
    private final Map<Key, Dataset> loaded =
            new LinkedHashMap<>(4, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Dataset> eldest) {
                    return size() > KEPT;
                }
            };

    public Dataset load(DatasetSpec spec, long seed) {
        return loaded.computeIfAbsent(
                new Key(spec, spec.dir() == null || spec.validation() != null ? seed : 0),
                key -> catalogue.load(spec, seed));
    }
}

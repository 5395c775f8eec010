// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.catalogue;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.trainer.domain.data.UnusableDataException;
import org.junit.jupiter.api.Test;

class DatasetCatalogueTest {

    private final DatasetCatalogue catalogue = new DatasetCatalogue();

    @Test
    void shouldListKnownDatasetsWhenNameIsUnknown() {
        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> catalogue.load(new DatasetSpec("mnits", null), 0))
                .withMessage(
                        "Unknown dataset 'mnits'\n"
                                + "Maybe one of: wave-source, mnist, fashion-mnist, cifar10, cifar100, image-folder.");
    }

    @Test
    void shouldAskForFolderWhenDataAreRead() {
        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> catalogue.load(new DatasetSpec("mnist", null), 0))
                .withMessageContaining("dataset.dir");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.ObjectKey;
import dev.espalier.transport.memory.MemoryObjectStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryObjectStoreTest extends ObjectStoreContract {

    private final MemoryObjectStore store = new MemoryObjectStore();

    @Override
    ObjectStore store() {
        return store;
    }

    @Test
    void shouldBeAwayForAsManyOperationsAsItWasTold() {
        // Given
        var key = new ObjectKey("a/b");
        store.goAway(2);

        // Then
        assertThatThrownBy(() -> store.size(key)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> store.list("a/")).isInstanceOf(StoreUnavailableException.class);
        assertThat(store.size(key)).isEmpty();
    }

    @Test
    void shouldTellOfItsStepsBeforeAndAfterTheirEffect() {
        // Given
        var key = new ObjectKey("a/b");
        List<String> told = new ArrayList<>();
        store.onStep(step -> told.add(step + ": " + store.digests().size()));

        // When
        store.createIfAbsent(key, new byte[1]);

        // Then
        assertThat(told).containsExactly("before creating b: 0", "after creating b: 1");
    }
}

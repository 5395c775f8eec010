// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

final class CreationProbeTest {

    @Test
    void shouldRefuseAStoreThatLetsEverybodyWin() {
        // Given
        ObjectStore store = answering(true);

        // Then
        assertThatThrownBy(() -> new CreationProbe(store).run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("let 8 of 8 creators")
                .hasMessageContaining("does not honour If-None-Match");
    }

    @Test
    void shouldRefuseAStoreThatLetsNobodyWin() {
        assertThatThrownBy(() -> new CreationProbe(answering(false)).run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("let 0 of 8");
    }

    private static ObjectStore answering(boolean created) {
        return (ObjectStore)
                Proxy.newProxyInstance(
                        ObjectStore.class.getClassLoader(),
                        new Class<?>[] {ObjectStore.class},
                        (proxy, method, args) -> created);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.ObjectKey;
import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.memory.MemoryObjectStore;
import dev.espalier.transport.retry.RetrySchedule;
import dev.espalier.transport.testing.VirtualTime;
import dev.espalier.transport.time.WaitInterruptedException;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

final class PatientStoreTest {

    private static final ObjectKey KEY = new ObjectKey("runs/a/initial.safetensors");

    private final VirtualTime time = new VirtualTime();
    private final MemoryObjectStore objects = new MemoryObjectStore();
    private final Availability availability = new Availability(time, EnumSet.of(Dependency.STORE));
    private final PatientStore store =
            new PatientStore(
                    objects,
                    new RetrySchedule(Duration.ofMillis(200), Duration.ofSeconds(15)),
                    time,
                    availability);

    @Test
    void shouldWaitHalfAnHourAndLongerForTheStore() {
        objects.goAway(1000);

        boolean isCreated = store.createIfAbsent(KEY, "w".getBytes(UTF_8));

        assertThat(isCreated).isTrue();
        assertThat(time.elapsed()).isGreaterThan(Duration.ofMinutes(30));
        assertThat(availability.waiting()).isEmpty();
        assertThat(availability.readiness().isReady()).isTrue();
    }

    @Test
    void shouldNotBeReadyDuringAnOutageAndSayWhatFor() {
        objects.goAway(6);
        time.onPause(
                () -> {
                    if (time.elapsed().compareTo(Duration.ofSeconds(11)) > 0) {
                        assertThat(availability.readiness().text())
                                .contains("waiting for the object store")
                                .contains("away");
                    }
                });

        assertThat(store.read(KEY)).isEmpty();
    }

    @Test
    void shouldEndTheWaitWhenInterrupted() {
        objects.goAway(1000);
        time.onPause(() -> Thread.currentThread().interrupt());

        assertThatThrownBy(() -> store.size(KEY)).isInstanceOf(WaitInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(availability.waiting()).isEmpty();
    }
}

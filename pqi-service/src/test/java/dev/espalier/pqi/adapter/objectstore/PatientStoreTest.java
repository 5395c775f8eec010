// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.pqi.application.MeasurementObserver;
import dev.espalier.pqi.application.Patience;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.transport.memory.MemoryObjectStore;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PatientStoreTest {

    private static final ObjectKey KEY = new ObjectKey("a");
    private static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(20));

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final VirtualWaiting waiting = new VirtualWaiting();
    private final CountingMeters observer = new CountingMeters();
    private final PatientStore patient =
            new PatientStore(store, PATIENCE, observer, () -> waiting.now, waiting);

    @Test
    void shouldAskAgainWithGrowingPausesUntilTheStoreAnswers() {
        store.put(KEY, new byte[] {1, 2});
        store.goAway(5);

        assertThat(patient.read(KEY)).isPresent();

        assertThat(waiting.pauses)
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 4L, 4L);
        assertThat(waiting.reason()).isEmpty();
        assertThat(observer.retried).isEqualTo(5);
        assertThat(observer.downloaded).isEqualTo(2);
    }

    @Test
    void shouldSayWhyItWaits() {
        store.goAway(2);

        var _ = patient.size(KEY);

        assertThat(waiting.reasons).containsExactly("away", "away");
    }

    @Test
    void shouldGiveUpWhenItsPatienceEnds() {
        store.goAway(1000);

        assertThatThrownBy(() -> patient.createIfAbsent(KEY, new byte[1]))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(Duration.between(Instant.EPOCH, waiting.now)).isEqualTo(Duration.ofSeconds(19));
    }

    @Test
    void shouldStopWaitingWhenTheServiceStops() {
        store.goAway(1000);
        waiting.ends = true;

        assertThatThrownBy(() -> patient.read(KEY)).isInstanceOf(StoreUnavailableException.class);

        assertThat(waiting.pauses).hasSize(1);
    }

    private static final class VirtualWaiting extends Waiting {

        private final List<Duration> pauses = new ArrayList<>();
        private final List<String> reasons = new ArrayList<>();
        private Instant now = Instant.EPOCH;
        private boolean ends;

        @Override
        protected boolean pause(Duration time, String why) {
            pauses.add(time);
            reasons.add(why);
            now = now.plus(time);
            return !ends;
        }
    }

    private static final class CountingMeters implements MeasurementObserver {

        private int retried;
        private long downloaded;

        @Override
        public void measured(Ending ending, Duration time) {}

        @Override
        public void handled(String type, Handling handling) {}

        @Override
        public void downloaded(long bytes) {
            downloaded += bytes;
        }

        @Override
        public void uploaded(long bytes) {}

        @Override
        public void retried() {
            retried++;
        }
    }
}

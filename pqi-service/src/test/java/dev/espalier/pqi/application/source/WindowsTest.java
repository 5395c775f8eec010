// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.ByteSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WindowsTest {

    private static final int WINDOW = 1000;

    private final byte[] bytes = new byte[20 * WINDOW - 1];

    @Test
    void shouldFetchAsManyWindowsAsAllowedAndNoMoreBeforeOneIsRead() throws IOException {
        Slow source = new Slow(bytes);
        try (Windows windows = new Windows(source, 0, source.size(), new ReadAhead(WINDOW, 3))) {
            Awaitility.await().until(() -> source.running.get() == 3);

            source.open.countDown();

            Awaitility.await().until(() -> source.started.get() == 3 && source.running.get() == 0);
            assertThat(windows.next().byteSize()).isEqualTo(WINDOW);
            Awaitility.await().during(Duration.ofMillis(50)).until(() -> source.started.get() == 3);
            assertThat(windows.next().byteSize()).isEqualTo(WINDOW);
            Awaitility.await().until(() -> source.started.get() == 4);
        }
    }

    @Test
    void shouldGiveEveryByteInOrderAndItsDigest() throws IOException {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / WINDOW);
        }
        Slow source = new Slow(bytes);
        source.open.countDown();
        try (Windows windows = new Windows(source, 0, source.size(), new ReadAhead(WINDOW, 4))) {
            for (int at = 0; windows.hasNext(); ) {
                for (byte b : windows.next().toArray(ValueLayout.JAVA_BYTE)) {
                    assertThat(b).isEqualTo(bytes[at++]);
                }
            }
            assertThat(windows.digest()).isEqualTo(Sha256.of(bytes));
        }
    }

    @Test
    void shouldLeaveNothingRunningWhenClosedInTheMiddle() throws IOException {
        Slow source = new Slow(bytes);
        Windows windows = new Windows(source, 0, source.size(), new ReadAhead(WINDOW, 3));
        Awaitility.await().until(() -> source.running.get() == 3);

        windows.close();

        assertThat(source.running).hasValue(0);
        assertThat(source.started).hasValue(3);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("digest slow");
    }

    @Test
    void shouldTellTheReaderWhyAFetchFailed() throws IOException {
        Slow source = new Slow(bytes);
        source.failing = true;
        source.open.countDown();
        try (Windows windows = new Windows(source, 0, source.size(), new ReadAhead(WINDOW, 3))) {
            assertThatThrownBy(windows::next).isInstanceOf(IOException.class).hasMessage("broken");
            assertThatThrownBy(windows::digest).hasMessage("broken");
        }
    }

    @Test
    void shouldStopWaitingWhenInterrupted() throws IOException {
        Slow source = new Slow(bytes);
        try (Windows windows = new Windows(source, 0, source.size(), new ReadAhead(WINDOW, 1))) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(windows::next).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Answers when it is opened. */
    private static final class Slow implements ByteSource {

        private final byte[] bytes;
        private final CountDownLatch open = new CountDownLatch(1);
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger started = new AtomicInteger();
        private boolean failing;

        Slow(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void read(long offset, MemorySegment target) throws IOException {
            started.incrementAndGet();
            running.incrementAndGet();
            try {
                if (!open.await(20, TimeUnit.SECONDS) || failing) {
                    throw new IOException("broken");
                }
                MemorySegment source = MemorySegment.ofArray(bytes);
                MemorySegment.copy(source, offset, target, 0, target.byteSize());
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            } finally {
                running.decrementAndGet();
            }
        }

        @Override
        public void close() {}
    }
}

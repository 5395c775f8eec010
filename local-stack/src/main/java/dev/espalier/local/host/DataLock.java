// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.host;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to use a data folder, held until closed or until the process dies. It is taken before
 * anything else: a second broker on the same folder activates the metadata log before Kafka's own
 * check fails, and then hangs.
 */
public final class DataLock implements AutoCloseable {
    private static final String FILE = "stack.lock";

    /** The byte that is locked; far behind the pid, which others must be able to read. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /**
     * What this JVM holds. POSIX drops all locks that a process has on a file when it closes any
     * channel to it, so a second attempt in the same JVM must not even open the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path key;
    private final FileChannel channel;

    private DataLock(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * @throws DataFolderInUseException when another stack holds it
     */
    public static DataLock take(Path folder) {
        Path key;
        try {
            key = Files.createDirectories(folder).toRealPath();
        } catch (IOException e) {
            throw new LocalStackException("Cannot create the data folder " + folder, e);
        }
        if (!HELD.add(key)) {
            throw new DataFolderInUseException(key, ownPid() + " (this one)");
        }
        try {
            return new DataLock(key, lock(key));
        } catch (IOException e) {
            HELD.remove(key);
            throw new LocalStackException("Cannot lock the data folder " + key, e);
        } catch (RuntimeException e) {
            HELD.remove(key);
            throw e;
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve(FILE), CREATE, READ, WRITE);
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw new DataFolderInUseException(folder, readPid(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(ownPid().getBytes(StandardCharsets.US_ASCII)), 0);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String readPid(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        String pid = StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
        return pid.isEmpty() ? "unknown" : pid;
    }

    private static String ownPid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new LocalStackException("Cannot unlock the data folder " + key, e);
        } finally {
            HELD.remove(key);
        }
    }
}

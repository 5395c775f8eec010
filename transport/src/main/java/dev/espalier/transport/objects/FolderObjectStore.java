// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.FileSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A folder with the layout of a bucket. It serves one machine, without a server. */
public final class FolderObjectStore implements ObjectStore {

    private static final String UNFINISHED = ".part-";

    private final Path folder;
    private final String bucket;

    public FolderObjectStore(Path folder, String bucket) {
        this.folder = folder;
        this.bucket = bucket;
    }

    @Override
    public String bucket() {
        return bucket;
    }

    private Path path(ObjectKey key) {
        return folder.resolve(key.value());
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        try {
            return OptionalLong.of(Files.size(path(key)));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        try {
            return Optional.of(Files.readAllBytes(path(key)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        OptionalLong size = size(key);
        if (size.isEmpty() || offset + target.byteSize() > size.getAsLong()) {
            throw new CorruptArtifactException(
                    "%s has no bytes %d to %d: %s"
                            .formatted(
                                    path(key),
                                    offset,
                                    offset + target.byteSize(),
                                    size.isEmpty() ? "it is not there" : "it ends before"));
        }
        try (FileSource source = FileSource.open(path(key))) {
            source.read(offset, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        try {
            Path unfinished = unfinished(key);
            try {
                Files.write(unfinished, content);
                return isLinked(unfinished, path(key));
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path(key), e);
        }
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        try {
            Path unfinished = unfinished(key);
            try {
                Files.copy(file, unfinished, StandardCopyOption.REPLACE_EXISTING);
                boolean _ = isLinked(unfinished, path(key));
            } finally {
                Files.deleteIfExists(unfinished);
            }
            return ArtifactRef.of(bucket, key, Sha256.of(path(key)), Files.size(path(key)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path(key), e);
        }
    }

    private Path unfinished(ObjectKey key) throws IOException {
        Path parent = path(key).toAbsolutePath().getParent();
        return Files.createTempFile(Files.createDirectories(parent), UNFINISHED, "");
    }

    /** A link makes the whole file visible at once, and only if the name is free. */
    private static boolean isLinked(Path unfinished, Path target) throws IOException {
        try {
            Files.createLink(target, unfinished);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith(UNFINISHED))
                    .map(file -> folder.relativize(file).toString())
                    .filter(key -> key.startsWith(prefix))
                    .sorted()
                    .map(ObjectKey::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void delete(ObjectKey key) {
        try {
            Files.deleteIfExists(path(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing is open. */
    @Override
    public void close() {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.data;

import dev.espalier.cli.CliException;
import dev.espalier.cli.console.ProgressLine;
import dev.espalier.cli.data.PublicSet.PublicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Brings the files of a public data set into a folder, where the trainer reads them. A file is
 * there under its name only when its checksum was right.
 */
public final class Fetch {

    private final Download download;

    public Fetch(ProgressLine progress) {
        this.download = new Download(progress);
    }

    /**
     * Returns what is in the folder now, in the order in which it came.
     *
     * @throws CliException that says what was wrong with which file; nothing half-done is left
     */
    public List<Path> into(Path folder, PublicSet set) {
        try {
            Files.createDirectories(folder);
            return set.unpacked().isEmpty() ? asTheyAre(folder, set) : unpacked(folder, set);
        } catch (IOException e) {
            throw CliException.failure("cannot write to %s: %s".formatted(folder, e), e);
        }
    }

    private List<Path> asTheyAre(Path folder, PublicSet set) {
        return set.files().stream()
                .map(
                        file -> {
                            try {
                                return one(folder, set.home(), file);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                .toList();
    }

    private Path one(Path folder, URI home, PublicFile file) throws IOException {
        Path target = folder.resolve(file.name());
        if (Files.exists(target)) {
            requireSame(target, file);
            return target;
        }
        Path part = Files.createTempFile(folder, file.name() + ".", ".part");
        try {
            download.to(part, home.resolve(file.name()), file);
            move(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
        return target;
    }

    private static void requireSame(Path there, PublicFile file) throws IOException {
        String md5 = Md5.of(there);
        if (!md5.equals(file.md5())) {
            throw CliException.badInput(
                    "%s is there already, with the checksum %s; the authors' has %s\nMaybe it was packed anew, and is good as it is; else remove it."
                            .formatted(there, md5, file.md5()));
        }
    }

    private List<Path> unpacked(Path folder, PublicSet set) throws IOException {
        List<Path> targets = set.unpacked().stream().map(folder::resolve).toList();
        if (targets.stream().allMatch(Files::exists)) {
            return targets;
        }
        PublicFile file = set.files().getFirst();
        Path archive = Files.createTempFile(folder, file.name() + ".", ".part");
        Path aside = Files.createTempDirectory(folder, "unpacked-");
        try {
            download.to(archive, set.home().resolve(file.name()), file);
            TarGz.unpack(archive, set.unpacked(), aside);
            for (Path target : targets) {
                move(aside.resolve(target.getFileName()), target);
            }
        } finally {
            Files.deleteIfExists(archive);
            for (String name : set.unpacked()) {
                Files.deleteIfExists(aside.resolve(name));
            }
            Files.deleteIfExists(aside);
        }
        return targets;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }
}

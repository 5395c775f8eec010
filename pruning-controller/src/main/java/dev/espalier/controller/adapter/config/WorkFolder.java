// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder for temporary files, rid of what a killed process left there. */
final class WorkFolder {

    private static final String LEFT_BEHIND = "{artifact,mask}-*.tmp";

    private WorkFolder() {}

    static Path emptied(Path folder) {
        try {
            Files.createDirectories(folder);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, LEFT_BEHIND)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot use the folder %s\nMaybe set espalier.controller.work-folder to another"
                            .formatted(folder),
                    e);
        }
    }
}

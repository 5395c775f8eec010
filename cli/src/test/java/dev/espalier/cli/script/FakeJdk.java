// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What looks like a JDK, and tells how it was called. */
final class FakeJdk {

    private FakeJdk() {}

    static Path of(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
        executable(
                home.resolve("bin/java"),
                """
                #!/bin/sh
                if [ "$1" = -version ]; then
                    echo 'openjdk version "%s" 2026-01-01' >&2
                    exit 0
                fi
                for argument in "$@"; do echo "$argument"; done
                exit 3
                """
                        .formatted(version));
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

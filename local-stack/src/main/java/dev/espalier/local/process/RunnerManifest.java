// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import dev.espalier.local.host.LocalStackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * The modules that a jar wants open. The JVM reads that from the manifest only under {@code java
 * -jar}; a jar on a class path needs the flags, and Quarkus's thread pools fail without them.
 */
public final class RunnerManifest {
    private RunnerManifest() {}

    static List<String> jvmFlags(List<Path> classPath) {
        return classPath.stream()
                .filter(Files::isRegularFile)
                .flatMap(RunnerManifest::jvmFlags)
                .distinct()
                .toList();
    }

    private static Stream<String> jvmFlags(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            if (manifest == null) {
                return Stream.empty();
            }
            Attributes attributes = manifest.getMainAttributes();
            return Stream.concat(
                    packages(attributes, "Add-Opens").map(p -> "--add-opens=" + p + "=ALL-UNNAMED"),
                    packages(attributes, "Add-Exports")
                            .map(p -> "--add-exports=" + p + "=ALL-UNNAMED"));
        } catch (IOException e) {
            throw new LocalStackException(
                    "Cannot read %s.%nTry: make build (an earlier build may have been interrupted)."
                            .formatted(jar),
                    e);
        }
    }

    private static Stream<String> packages(Attributes attributes, String name) {
        String value = attributes.getValue(name);
        return value == null
                ? Stream.empty()
                : Arrays.stream(value.strip().split("\\s+", -1)).filter(p -> !p.isEmpty());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.local.host.LocalStackException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerManifestTest {
    @TempDir Path folder;

    @Test
    void shouldTurnAttributesIntoFlags() throws Exception {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Add-Opens", "java.base/java.lang java.base/java.nio");
        attributes.putValue("Add-Exports", "java.base/jdk.internal.misc");
        Path jar = folder.resolve("run.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();

        assertThat(RunnerManifest.jvmFlags(List.of(folder, jar)))
                .containsExactly(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
    }

    @Test
    void shouldNameJarThatIsBroken() throws Exception {
        Path jar = Files.writeString(folder.resolve("run.jar"), "half a jar");

        assertThatThrownBy(() -> RunnerManifest.jvmFlags(List.of(jar)))
                .isInstanceOf(LocalStackException.class)
                .hasMessageContaining(jar.toString());
    }
}

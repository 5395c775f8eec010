// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.domain.planning.PolicyCheck;
import dev.espalier.transport.documents.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void shouldShowPoliciesThatWork() throws IOException {
        List<String> documents =
                YAML.matcher(Files.readString(Path.of("README.md")))
                        .results()
                        .map((MatchResult block) -> block.group(1))
                        .toList();

        assertThat(documents).hasSizeGreaterThanOrEqualTo(3);
        for (String document : documents) {
            PolicyCheck.require(Document.POLICY.readText("README.md", document), new CelFormulas());
        }
    }
}

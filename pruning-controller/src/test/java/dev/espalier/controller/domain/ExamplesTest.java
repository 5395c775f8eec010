// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.Moment;
import dev.espalier.controller.testing.HeapSource;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.transport.documents.Document;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The published examples of the contract. */
class ExamplesTest {

    private static final Path OBJECTS = Path.of("../shared-schemas/examples/objects");

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(OBJECTS.resolve(name));
    }

    @Test
    void shouldMakeTheMaskOfTheExamples() throws IOException {
        Measurement measured =
                Document.MEASUREMENT.readJson("measurement.json", bytes("measurement.json"));
        var weights = new HeapSource("weights.safetensors", bytes("weights.safetensors"));

        Proposal proposal =
                Decider.decide(
                        weights,
                        Mask.DENSE,
                        Policy.DEFAULT,
                        Moment.FIRST,
                        measured.exponents(),
                        measured.tensors(),
                        weights,
                        Formulas.NONE);

        var mask = new ByteArrayOutputStream();
        MaskCodec.write(mask, proposal.mask());
        assertThat(mask.toByteArray()).isEqualTo(bytes("mask.safetensors"));
        assertThat(proposal.total()).isEqualTo(20);
        assertThat(proposal.active()).isEqualTo(20);
        assertThat(proposal.pruned()).isEqualTo(5);
        assertThat(proposal.excluded()).isEqualTo(measured.excluded());
    }
}

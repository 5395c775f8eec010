// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.pqi.domain.kernel.ScalarPowerSums;
import dev.espalier.pqi.testing.BytesSource;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.transport.documents.Json;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MeasurementReportTest {

    @Test
    void shouldBeTheDocumentThatTheCommandLinePromises() throws IOException {
        MeasuredSnapshot snapshot =
                new SnapshotMeasurer(new ScalarPowerSums())
                        .measure(
                                new BytesSource(
                                        Tensors.file(
                                                Tensors.f32("a.weight", List.of(2L, 1L), 2, 2),
                                                Tensors.f32("bias", List.of(1L), 1))),
                                Mask.DENSE,
                                List.of(new NormPair(1, 2)));

        var mapper = new ObjectMapper();
        var actual = mapper.readTree(Json.bytes(MeasurementReport.of(snapshot)));

        assertThat(actual)
                .isEqualTo(
                        mapper.readTree(
                                """
                                {"groups": [
                                  {"scope": "global", "tensor": null, "unit": null, "active": 2,
                                   "pqi": [{"p": 1.0, "q": 2.0, "value": 0.0, "retain": 2.0}]},
                                  {"scope": "layer", "tensor": "a.weight", "unit": null, "active": 2,
                                   "pqi": [{"p": 1.0, "q": 2.0, "value": 0.0, "retain": 2.0}]},
                                  {"scope": "neuron", "tensor": "a.weight", "unit": 0, "active": 1,
                                   "pqi": [{"p": 1.0, "q": 2.0, "value": 0.0, "retain": 1.0}]},
                                  {"scope": "neuron", "tensor": "a.weight", "unit": 1, "active": 1,
                                   "pqi": [{"p": 1.0, "q": 2.0, "value": 0.0, "retain": 1.0}]}],
                                 "excluded": [
                                  {"tensor": "bias", "reason": "its name does not end in 'weight'"}]}
                                """));
        assertThat(MeasurementReport.of(snapshot, Set.of(Scope.LAYER)).groups()).hasSize(1);
    }
}

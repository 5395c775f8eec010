// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KernelChoiceTest {

    @Test
    void shouldTakeTheVectorKernelWhereTheModuleIs() {
        KernelChoice choice = KernelChoice.of(KernelChoice.Preference.AUTO);

        assertThat(choice.kernel()).isInstanceOf(VectorPowerSums.class);
        assertThat(choice.reason()).contains("jdk.incubator.vector");
    }

    @Test
    void shouldTakeTheScalarKernelWhenAsked() {
        assertThat(KernelChoice.of(KernelChoice.Preference.SCALAR).kernel())
                .isInstanceOf(ScalarPowerSums.class);
    }
}

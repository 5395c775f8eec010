// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.cel;

import dev.espalier.controller.domain.planning.Formulas;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Apart, for the command line uses {@link CelFormulas} without a container. */
@Singleton
final class FormulasProducer {

    @Produces
    @Singleton
    Formulas formulas() {
        return new CelFormulas();
    }
}

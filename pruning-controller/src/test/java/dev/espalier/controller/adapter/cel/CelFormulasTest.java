// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.controller.domain.planning.FormulaFailedException;
import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.GroupFacts;
import dev.espalier.controller.domain.planning.Moment;
import dev.espalier.controller.domain.planning.PolicyCheck;
import dev.espalier.controller.domain.planning.PolicyNotApplicableException;
import dev.espalier.controller.testing.Policies;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.Shadow;
import dev.espalier.schemas.sparsity.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelFormulasTest {

    private static final Formulas FORMULAS = new CelFormulas();
    private static final GroupFacts GROUP =
            new GroupFacts(1, "conv1.weight", 4, 200, 100, 0.3, 60.0);
    private static final Moment MOMENT = new Moment(3, 1, 0.5, 0.88, 0.9);

    private static double value(String expression) {
        return FORMULAS.of(expression).ratio(GROUP, MOMENT);
    }

    private static Policy policy(String expression) {
        return Policies.of(new PruningRule.Expression(expression, 0.5, 1, 0), Scope.LAYER);
    }

    private static void check(String expression) {
        PolicyCheck.require(policy(expression), FORMULAS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pqi > 0.25 ? 0.2 : 0.05 | 0.2",
                "min((d - r) / d, 0.3) | 0.3",
                "max(0.0, metric - metric_dense) | 0",
                "tensor.startsWith('conv') ? 0.1 : 0.0 | 0.1",
                "iteration > 3 ? 1 : 0 | 0",
                "pow(remaining, 2.0) + sqrt(0.25) / 10.0 | 0.3",
                "(total - d) / total | 0.5",
                "group * unit / 100.0 | 0.04"
            })
    void shouldComputeFromWhatIsKnown(String expression, double expected) {
        assertThat(value(expression)).isEqualTo(expected);
    }

    @Test
    void shouldSayWhatAFormulaUses() {
        assertThat(FORMULAS.of("pqi * 0.5").uses("pqi")).isTrue();
        assertThat(FORMULAS.of("pqi * 0.5").uses("metric")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1, 2, 3].map(x, x * 2).size() > 1 ? 0.1 : 0.2 | undeclared reference to 'map'",
                "[1.0].exists(x, x > 0.0) ? 0.1 : 0.2 | undeclared reference to 'exists'",
                "has(tensor.name) ? 0.1 : 0.2 | undeclared reference to 'has'",
                "accuracy | undeclared reference to 'accuracy'",
                "pqi * 2 | write numbers with a point: 2.0",
                "tensor | of the type string, a number is wanted",
                "pqi > 0.2 | of the type bool, a number is wanted",
                "dyn(pqi) | of the type dyn, a number is wanted",
                "pqi + | no expression at character"
            })
    void shouldRefuseWhatIsNoFormula(String expression, String why) {
        assertThatThrownBy(() -> FORMULAS.of(expression))
                .isInstanceOf(PolicyNotApplicableException.class)
                .hasMessageContaining("rule.ratio is '" + expression + "'")
                .hasMessageContaining(why);
    }

    @Test
    void shouldRefuseWhatIsTooDeep() {
        assertThatThrownBy(() -> FORMULAS.of("(".repeat(200) + "0.1" + ")".repeat(200)))
                .isInstanceOf(PolicyNotApplicableException.class)
                .hasMessageContaining("recursion limit");
        assertThatThrownBy(() -> policy("0.1 + ".repeat(300) + "0.1"))
                .hasMessageContaining("an expression of 1 to 1000 is wanted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7.0 | its value is 7.0",
                "0.1 / iteration | its value is Infinity for 'fc1.weight' (pqi 0.0, d 1,",
                "0.1 / (pqi - pqi) | its value is Infinity",
                "(pqi - pqi) / (pqi - pqi) | its value is NaN",
                "1 / 0 | / by zero",
                "pow(10.0, d) - 1.0 | its value is 9.0",
                "metric - metric_dense | its value is -0.4",
                "{'fc1.weight': 0.1}[tensor] | conv1.weight"
            })
    void shouldRefuseWhatFailsInARunThatMayCome(String expression, String why) {
        assertThatThrownBy(() -> check(expression))
                .isInstanceOf(PolicyNotApplicableException.class)
                .hasMessageContaining("rule.ratio is '" + expression + "'")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "min((d - r) / d, 0.9)",
                "metric < metric_dense - 0.01 ? 0.0 : min((d - r) / d, 0.9)",
                "0.2 * pow(0.9, iteration)",
                "tensor == 'conv1.weight' || tensor.matches('bn.*') ? 0.0 : 0.2",
                "remaining < 0.1 ? 0.02 : 0.2"
            })
    void shouldTakeWhatWorksEverywhere(String expression) {
        check(expression);
    }

    @Test
    void shouldLookAtShadowsAsWell() {
        Policy watched =
                Policies.watched(
                        Policies.sap(Scope.LAYER),
                        new Shadow("wild", null, new PruningRule.Expression("pqi * 9.0", 1, 2, 0)));

        assertThatThrownBy(() -> PolicyCheck.require(watched, FORMULAS))
                .hasMessageContaining("the shadow 'wild': rule.ratio is 'pqi * 9.0'");
    }

    @Test
    void shouldSayWhichMetricIsMissing() {
        assertThatThrownBy(() -> FORMULAS.of("metric").ratio(GROUP, Moment.at(1, 0.5)))
                .isInstanceOf(FormulaFailedException.class)
                .hasMessageContaining("metric is not known");
        assertThat(FORMULAS.of("0.5 * remaining").ratio(GROUP, Moment.at(1, 0.5))).isEqualTo(0.25);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyTest {

    private static final PruningRule RULE = new PruningRule.FixedRatio(0.2);

    @Test
    void shouldDefaultToThePolicyOfThePaper() {
        assertThat(Policy.DEFAULT)
                .isEqualTo(
                        new Policy(
                                "sap-default",
                                Scope.LAYER,
                                new PruningRule.Sap(0.5, 1, 0, 1, 0.9),
                                1,
                                List.of(),
                                new StopRule(30, null)));
    }

    @Test
    void shouldRefusePoliciesThatMeanNothing() {
        assertThatThrownBy(() -> new Policy(" ", Scope.LAYER, RULE, 1, List.of(), StopRule.NONE))
                .hasMessage("name is blank: give the policy a name");
        assertThatThrownBy(() -> new Policy("x", Scope.LAYER, RULE, -1, List.of(), StopRule.NONE))
                .hasMessage("keepAtLeast is -1, below 0");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 1.1, Double.NaN})
    void shouldRefuseRatiosThatPruneNothingOrAll(double ratio) {
        assertThatThrownBy(() -> new PruningRule.FixedRatio(ratio))
                .hasMessage("ratio is %s: it must lie above 0 and below 1", ratio);
        assertThatThrownBy(() -> new PruningRule.OneShot(ratio)).hasMessageContaining("ratio is");
        assertThatThrownBy(() -> new PruningRule.Sap(0.5, 1, 0, 1, ratio))
                .hasMessage("beta is %s: it must lie above 0 and below 1", ratio);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.5, 0, 1, Did you mean p 0.5 and q 1.0?",
        "1, 1, 0, 1, p must be below q",
        "0.5, 1, -0.1, 1, eta is -0.1",
        "0.5, 1, NaN, 1, eta is NaN",
        "0.5, 1, Infinity, 1, eta is Infinity",
        "0.5, 1, 0, 0, gamma is 0.0",
        "0.5, 1, 0, NaN, gamma is NaN"
    })
    void shouldRefuseSapThatIsNone(double p, double q, double eta, double gamma, String message) {
        assertThatThrownBy(() -> new PruningRule.Sap(p, q, eta, gamma, 0.9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldNameThePairOfSap() {
        assertThat(new PruningRule.Sap(0.5, 1, 0, 1, 0.9).pair()).isEqualTo(new NormPair(0.5, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "fc1.weight, fc1.weight, true",
        "fc1.weight, fc1xweight, false",
        "fc1.weight, fc1.weight.x, false",
        "fc1.*, fc1.weight, true",
        "fc1.*, fc10.weight, false",
        "*.weight, a.b.weight, true",
        "*.weight, weight, false",
        "*, anything, true",
        "a*c*e, abcde, true",
        "a*c*e, abde, false",
        "a**, a, true",
        "'', x, false",
        "'[a-z]', a, false",
        "'\\Qa', '\\Qa', true"
    })
    void shouldMatchNamesByStarsAlone(String pattern, String name, boolean matches) {
        assertThat(new NamePattern(pattern).matches(name)).isEqualTo(matches);
        Policy policy = new Policy("x", Scope.LAYER, RULE, 1, List.of(pattern), StopRule.NONE);
        assertThat(policy.excludedBy(name)).isEqualTo(matches ? pattern : null);
    }

    @Test
    void shouldRefuseStopRulesThatNeverHold() {
        assertThatThrownBy(() -> new StopRule(-1, null))
                .hasMessage("stop.iterations is -1, outside 0 to 999999");
        assertThatThrownBy(() -> new StopRule(1_000_000, null)).hasMessageContaining("1000000");
        assertThatThrownBy(() -> new StopRule(null, 5.0))
                .hasMessage("stop.remainingBelow is 5.0: it is a fraction from 0 to 1");
        assertThatThrownBy(() -> new StopRule(null, Double.NaN)).hasMessageContaining("NaN");
    }
}

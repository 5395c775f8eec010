// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.espalier.controller.domain.planning.Formula;
import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.PolicyNotApplicableException;
import dev.espalier.schemas.policy.PruningRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compiles and checks expressions. Nothing in them can repeat or grow: there are no macros, no
 * comprehensions, no concatenation, and both length and depth are limited. So an evaluation takes
 * no longer than its text, and the same on every machine; no clock has to end it.
 */
public final class CelFormulas implements Formulas {

    private static final int DEEPEST = 32;

    private static final CelOptions OPTIONS =
            CelOptions.current()
                    .enableComprehension(false)
                    .enableStringConcatenation(false)
                    .enableListConcatenation(false)
                    .enableHeterogeneousNumericComparisons(true)
                    .maxExpressionCodePointSize(PruningRule.Expression.LONGEST)
                    .maxParseRecursionDepth(DEEPEST)
                    .build();

    private final CelCompiler compiler;
    private final CelRuntime runtime;

    public CelFormulas() {
        CelCompilerBuilder environment =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(OPTIONS)
                        .setStandardMacros(List.of())
                        .addFunctionDeclarations(
                                binary("min"), binary("max"), binary("pow"), unary("sqrt"));
        for (String name : Facts.NUMBERS) {
            environment.addVar(name, SimpleType.DOUBLE);
        }
        this.compiler = environment.addVar(Facts.TENSOR, SimpleType.STRING).build();
        this.runtime =
                CelRuntimeFactory.standardCelRuntimeBuilder()
                        .setOptions(OPTIONS)
                        .addFunctionBindings(
                                CelFunctionBinding.from(
                                        "min_doubles", Double.class, Double.class, Math::min),
                                CelFunctionBinding.from(
                                        "max_doubles", Double.class, Double.class, Math::max),
                                CelFunctionBinding.from(
                                        "pow_doubles", Double.class, Double.class, StrictMath::pow),
                                CelFunctionBinding.from(
                                        "sqrt_double", Double.class, StrictMath::sqrt))
                        .build();
    }

    private static CelFunctionDecl binary(String name) {
        return CelFunctionDecl.newFunctionDeclaration(
                name,
                CelOverloadDecl.newGlobalOverload(
                        name + "_doubles",
                        SimpleType.DOUBLE,
                        SimpleType.DOUBLE,
                        SimpleType.DOUBLE));
    }

    private static CelFunctionDecl unary(String name) {
        return CelFunctionDecl.newFunctionDeclaration(
                name,
                CelOverloadDecl.newGlobalOverload(
                        name + "_double", SimpleType.DOUBLE, SimpleType.DOUBLE));
    }

    /** The first error, with its place in the line. */
    private static String first(CelValidationException e) {
        if (e.getErrors().isEmpty()) {
            return ": " + e.getMessage();
        }
        CelIssue issue = e.getErrors().getFirst();
        int column = issue.getSourceLocation().getColumn();
        return (column < 0 ? "" : " at character " + (column + 1)) + ": " + issue.getMessage();
    }

    @Override
    public Formula of(String expression) {
        try {
            CelAbstractSyntaxTree tree = compiler.compile(expression).getAst();
            CelKind kind = tree.getResultType().kind();
            if (kind != CelKind.DOUBLE && kind != CelKind.INT) {
                throw new PolicyNotApplicableException(
                        "rule.ratio is '%s': its value is of the type %s, a number is wanted"
                                .formatted(expression, tree.getResultType().name()));
            }
            Set<String> names =
                    tree.getReferenceMap().values().stream()
                            .map(CelReference::name)
                            .collect(Collectors.toUnmodifiableSet());
            return new CelFormula(runtime.createProgram(tree), names);
        } catch (CelValidationException e) {
            throw new PolicyNotApplicableException(
                    "rule.ratio is '%s', no expression%s\nMaybe a name is none of %s, %s; or write numbers with a point: 2.0"
                            .formatted(
                                    expression,
                                    first(e),
                                    String.join(", ", Facts.NUMBERS),
                                    Facts.TENSOR));
        } catch (CelEvaluationException e) {
            throw new PolicyNotApplicableException(
                    "rule.ratio is '%s': %s".formatted(expression, e.getMessage()));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.testing;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Calls a {@link Seeded} method once per case. */
final class SeededCases implements TestTemplateInvocationContextProvider {

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(Seeded.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
            ExtensionContext context) {
        Long given = Long.getLong("seed");
        int cases = context.getRequiredTestMethod().getAnnotation(Seeded.class).cases();
        LongStream seeds =
                given == null ? new SplittableRandom().longs(cases) : LongStream.of(given);
        return seeds.mapToObj(SeededCases::one);
    }

    static TestTemplateInvocationContext one(long seed) {
        return new Case(seed);
    }

    private record Case(long seed) implements TestTemplateInvocationContext {

        @Override
        public String getDisplayName(int invocationIndex) {
            return "seed " + seed;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Generator(seed), new SeedInFailure(seed));
        }
    }

    private record Generator(long seed) implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RandomGenerator.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return new SplittableRandom(seed);
        }
    }

    private record SeedInFailure(long seed) implements TestExecutionExceptionHandler {

        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable failure) {
            throw new AssertionError(
                    "%s%nThe seed was %d: repeat this case with -Dseed=%d"
                            .formatted(failure.getMessage(), seed, seed),
                    failure);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to start a service as a child process.
 *
 * @param name prefixes its log lines
 * @param classPath what the main class needs, besides the supervisor
 * @param httpPort on 127.0.0.1, where its health is asked
 * @param jvmFlags in addition to those that every process of the project gets
 * @param environment in addition to this process's own
 * @param logFile is appended to, if there is one
 */
public record ServiceSpec(
        String name,
        List<Path> classPath,
        String mainClass,
        List<String> arguments,
        int httpPort,
        List<String> jvmFlags,
        Map<String, String> environment,
        Optional<Path> logFile) {
    private static final String QUARKUS_MAIN = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";

    public ServiceSpec {
        if (httpPort < 1) {
            throw new IllegalArgumentException(
                    "Service %s: the HTTP port is %d".formatted(name, httpPort));
        }
        classPath = classPath.stream().map(Path::toAbsolutePath).toList();
        arguments = List.copyOf(arguments);
        jvmFlags = List.copyOf(jvmFlags);
        environment = Map.copyOf(environment);
    }

    /**
     * @param runnerJar {@code target/quarkus-app/quarkus-run.jar} of the service
     */
    public static ServiceSpec quarkus(String name, Path runnerJar, int httpPort) {
        return new ServiceSpec(
                name,
                List.of(runnerJar),
                QUARKUS_MAIN,
                List.of(),
                httpPort,
                List.of(),
                Map.of(),
                Optional.empty());
    }

    public ServiceSpec withJvmFlags(String... flags) {
        List<String> all = new ArrayList<>(jvmFlags);
        all.addAll(List.of(flags));
        return new ServiceSpec(
                name, classPath, mainClass, arguments, httpPort, all, environment, logFile);
    }

    public ServiceSpec withEnvironment(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        return new ServiceSpec(
                name, classPath, mainClass, arguments, httpPort, jvmFlags, all, logFile);
    }

    public ServiceSpec withLogFile(Path file) {
        return new ServiceSpec(
                name,
                classPath,
                mainClass,
                arguments,
                httpPort,
                jvmFlags,
                environment,
                Optional.of(file));
    }

    URI readyUri() {
        return URI.create("http://127.0.0.1:" + httpPort + "/q/health/ready");
    }
}

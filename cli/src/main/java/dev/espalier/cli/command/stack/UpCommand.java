// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.stack;

import dev.espalier.cli.CliException;
import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.console.Logs;
import dev.espalier.cli.console.Terminal;
import dev.espalier.cli.stack.Home;
import dev.espalier.cli.stack.LoopService;
import dev.espalier.cli.stack.RunningStack;
import dev.espalier.cli.stack.StackFile;
import dev.espalier.cli.stack.StackPlan;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description =
                "Run Kafka, the object store and the four services on this machine, until Ctrl-C.",
        footer = {
            "",
            "What was trained stays in the data folder: the next 'up' on it goes on where this one ended.",
            "A port of 0 stands for any free one. Everything listens on 127.0.0.1 only."
        })
public final class UpCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where the data is kept. Default: .espalier/up in the repository.")
    private @Nullable Path dataFolder;

    @Option(names = "--kafka-port", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int kafkaPort = StackPlan.USUAL_KAFKA_PORT;

    @Option(
            names = "--store-port",
            paramLabel = "N",
            description = "Of the object store. Default: ${DEFAULT-VALUE}.")
    private int storePort = StackPlan.USUAL_STORE_PORT;

    @Option(
            names = "--dashboard-port",
            paramLabel = "N",
            description = "Default: ${DEFAULT-VALUE}.")
    private int dashboardPort = LoopService.DASHBOARD.usualPort();

    @Option(names = "--trainer-port", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int trainerPort = LoopService.TRAINER.usualPort();

    @Option(names = "--pqi-port", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int pqiPort = LoopService.PQI.usualPort();

    @Option(
            names = "--controller-port",
            paramLabel = "N",
            description = "Default: ${DEFAULT-VALUE}.")
    private int controllerPort = LoopService.CONTROLLER.usualPort();

    public UpCommand(Context context) {
        this.context = context;
    }

    /** What {@code --output json} prints: where everything is, but no secret. */
    record Announcement(
            String dashboard,
            String kafka,
            String storeEndpoint,
            String bucket,
            String credentials,
            String dataFolder,
            String logs,
            long pid) {

        static Announcement of(StackFile file, StackPlan plan) {
            return new Announcement(
                    file.dashboardUrl(),
                    file.bootstrapServers(),
                    file.storeEndpoint(),
                    file.bucket(),
                    plan.dataFolder().resolve(StackFile.NAME).toString(),
                    plan.dataFolder().toString(),
                    plan.logFolder().toString(),
                    file.launcherPid());
        }
    }

    @Override
    public Integer call() throws Exception {
        Home home = context.home();
        StackPlan plan = plan(home);
        requireAlone(plan.dataFolder());
        Logs.toFile(plan.logFile("stack"));
        Terminal terminal = context.terminal();
        RunningStack stack =
                RunningStack.start(
                        home, plan, context.clock(), line -> terminal.notice("espalier: " + line));
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(stack::close));
        try (stack) {
            announce(Announcement.of(stack.file(), plan));
            throw CliException.failure(
                    "the broker cannot go on: %s\nIts log is %s"
                            .formatted(stack.failure().get().getMessage(), plan.logFile("stack")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.OK;
        }
    }

    private StackPlan plan(Home home) {
        Map<LoopService, Integer> ports = new EnumMap<>(LoopService.class);
        ports.put(LoopService.DASHBOARD, dashboardPort);
        ports.put(LoopService.TRAINER, trainerPort);
        ports.put(LoopService.PQI, pqiPort);
        ports.put(LoopService.CONTROLLER, controllerPort);
        return StackPlan.of(
                dataFolder == null ? home.defaultStackFolder() : context.resolve(dataFolder),
                kafkaPort,
                storePort,
                ports);
    }

    private void requireAlone(Path folder) {
        Optional<StackFile> other = StackFile.in(folder);
        if (other.isPresent() && !other.get().isStale()) {
            throw CliException.failure(
                    "a stack runs on %s already: process %d, dashboard %s\nMaybe use that one, stop it, or choose another folder with --data-dir"
                            .formatted(
                                    folder, other.get().launcherPid(), other.get().dashboardUrl()));
        }
        if (other.isPresent()) {
            context.terminal()
                    .notice(
                            "espalier: the last stack on %s was killed; going on with its data"
                                    .formatted(folder));
        }
    }

    private void announce(Announcement up) {
        Terminal terminal = context.terminal();
        if (output.isJson()) {
            terminal.printJson(up);
            return;
        }
        terminal.print("Espalier is up.");
        terminal.print("  dashboard     " + up.dashboard());
        terminal.print("  Kafka         " + up.kafka());
        terminal.print("  object store  %s, bucket %s".formatted(up.storeEndpoint(), up.bucket()));
        terminal.print("  its keys      " + up.credentials());
        terminal.print("  data          " + up.dataFolder());
        terminal.print("  logs          " + up.logs());
        terminal.print("Ctrl-C ends all. In another terminal, for example:");
        terminal.print("  ./espalier run --model mlp --dataset wave-source --follow");
    }
}

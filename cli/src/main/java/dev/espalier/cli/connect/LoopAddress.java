// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.connect;

import dev.espalier.cli.CliException;
import dev.espalier.cli.stack.StackFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the loop is.
 *
 * @param bootstrapServers of its broker
 * @param stack of a stack on this machine; null where only the broker is known
 */
public record LoopAddress(String bootstrapServers, @Nullable StackFile stack) {

    /**
     * @throws CliException where no stack runs on the folder
     */
    public static LoopAddress ofStackIn(Path folder) {
        Optional<StackFile> file = StackFile.in(folder);
        if (file.isEmpty()) {
            throw CliException.failure(
                    "no stack runs in %s: there is no %s\nMaybe start one in another terminal: ./espalier up; or name a broker with --kafka"
                            .formatted(folder, StackFile.NAME));
        }
        StackFile stack = file.get();
        if (stack.isStale()) {
            throw CliException.failure(
                    "the stack in %s has ended: its process %d is gone\nMaybe start it again, with all its data, in another terminal: ./espalier up"
                            .formatted(folder, stack.launcherPid()));
        }
        return new LoopAddress(stack.bootstrapServers(), stack);
    }

    public static LoopAddress ofBroker(String bootstrapServers) {
        return new LoopAddress(bootstrapServers, null);
    }

    /** Whether there is no point in waiting any longer. */
    public boolean isGone() {
        return stack != null && stack.isStale();
    }
}

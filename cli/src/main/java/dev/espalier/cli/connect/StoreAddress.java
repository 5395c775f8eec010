// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.connect;

import dev.espalier.cli.CliException;
import dev.espalier.cli.Context;
import dev.espalier.cli.stack.StackFile;
import dev.espalier.transport.objects.StoreSettings;
import org.jspecify.annotations.Nullable;

/** Where the objects of a loop are, for the commands that read them. */
public final class StoreAddress {

    private static final String REGION = "us-east-1";

    private StoreAddress() {}

    /** Of the stack where there is one, else of the variables that the services have, too. */
    public static StoreSettings of(LoopAddress address, Context context) {
        StackFile stack = address.stack();
        if (stack != null) {
            return new StoreSettings(
                    stack.storeEndpoint(),
                    REGION,
                    stack.bucket(),
                    stack.accessKey(),
                    stack.secretKey());
        }
        @Nullable String key = context.variable("ESPALIER_STORE_ACCESS_KEY");
        @Nullable String secret = context.variable("ESPALIER_STORE_SECRET_KEY");
        if (key == null || secret == null) {
            throw CliException.badInput(
                    "the store's keys are not known\nMaybe set ESPALIER_STORE_ACCESS_KEY and ESPALIER_STORE_SECRET_KEY, or name the folder of a stack on this machine with --stack");
        }
        return new StoreSettings(
                or(context.variable("ESPALIER_STORE_ENDPOINT"), "http://127.0.0.1:19000"),
                or(context.variable("ESPALIER_STORE_REGION"), REGION),
                or(context.variable("ESPALIER_STORE_BUCKET"), "espalier"),
                key,
                secret);
    }

    private static String or(@Nullable String value, String fallback) {
        return value == null ? fallback : value;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import dev.espalier.transport.objects.StoreSettings;

/** How to reach broker and store of a stack. */
record StackCredentials(String bootstrapServers, StoreSettings store) {}

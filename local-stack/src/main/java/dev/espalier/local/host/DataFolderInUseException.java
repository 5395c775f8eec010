// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.host;

import java.nio.file.Path;

/** Another stack runs on the data folder. */
public final class DataFolderInUseException extends LocalStackException {
    private static final long serialVersionUID = 1L;

    private final transient Path folder;
    private final String holder;

    DataFolderInUseException(Path folder, String holder) {
        super(
                "The data folder %s is in use by process %s.%nTry: stop that process, or choose another folder."
                        .formatted(folder, holder));
        this.folder = folder;
        this.holder = holder;
    }

    public Path folder() {
        return folder;
    }

    /** The pid of the holder, or {@code unknown} in the moment before it has been written. */
    public String holder() {
        return holder;
    }
}

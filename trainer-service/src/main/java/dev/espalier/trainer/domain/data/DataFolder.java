// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** What a user's folder must hold before its files are opened. */
final class DataFolder {

    private DataFolder() {}

    static void check(
            String dataset,
            Path folder,
            List<String> names,
            String remark,
            Predicate<Path> isPresent) {
        String wanted = "%s (%s)".formatted(String.join(", ", names), remark);
        if (!Files.exists(folder)) {
            throw new UnusableDataException(
                    "%s: data folder %s does not exist\nMaybe correct the path; the folder holds %s."
                            .formatted(dataset, folder, wanted));
        }
        if (!Files.isDirectory(folder)) {
            throw new UnusableDataException(
                    "%s: %s is a file, not a folder\nMaybe name the folder that holds %s."
                            .formatted(dataset, folder, wanted));
        }
        List<String> missing =
                names.stream().filter(name -> !isPresent.test(folder.resolve(name))).toList();
        if (missing.size() == names.size()) {
            throw new UnusableDataException(
                    "%s: data folder %s holds none of the files of this data set\nMaybe it is another folder; looked for %s."
                            .formatted(dataset, folder, wanted));
        }
        if (!missing.isEmpty()) {
            throw new UnusableDataException(
                    "%s: data folder %s lacks %s\nMaybe the download was not complete; looked for %s."
                            .formatted(dataset, folder, String.join(", ", missing), wanted));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.offline;

import dev.espalier.cli.CliException;
import dev.espalier.controller.domain.planning.PolicyNotApplicableException;
import dev.espalier.controller.domain.weights.UnusableSnapshotException;
import dev.espalier.pqi.domain.NonFiniteWeightException;
import dev.espalier.pqi.domain.PowerSumOverflowException;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.transport.documents.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files as the user named them. What is wrong with one is told with its name. */
public final class Inputs {

    private Inputs() {}

    /** Work on files that the domain of a service does. */
    interface Work<T> {
        T run() throws IOException;
    }

    static FileSource open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw CliException.badInput(file + " is a folder, a safetensors file is wanted");
        }
        return FileSource.open(file);
    }

    /**
     * @param file null where every weight is active
     */
    static Mask mask(@Nullable Path file, FileSource weights) throws IOException {
        if (file == null) {
            return Mask.DENSE;
        }
        try (FileSource source = open(file)) {
            Mask mask = MaskCodec.read(source);
            mask.requireFits(SafetensorsHeader.read(weights), file.toString());
            return mask;
        }
    }

    /**
     * A policy in YAML or JSON.
     *
     * @throws dev.espalier.transport.documents.InvalidDocumentException where it is none
     */
    public static Policy policy(Path file) {
        Policy policy = Document.POLICY.readText(file.toString(), text(file));
        Expressions.require(file.toString(), policy);
        return policy;
    }

    /** A small text file. */
    public static String text(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw CliException.badInput(file + " is a folder, a document is wanted");
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw CliException.badInput(file + " is no text in UTF-8", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names the file where the domain, which knows no files, refuses its content. */
    static <T> T about(Path file, Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (NonFiniteWeightException
                | PowerSumOverflowException
                | PolicyNotApplicableException
                | UnusableSnapshotException e) {
            throw CliException.badInput(file + ": " + e.getMessage(), e);
        }
    }
}
